"""What a drill says in Allure, one part a file."""
