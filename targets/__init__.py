"""What is drilled: the reference service, or the user's own, known by its configuration."""
