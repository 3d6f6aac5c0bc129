"""What people look at: timeline, scorecard, page, Allure results, JUnit, the result file."""
