"""Every fault against real services."""
