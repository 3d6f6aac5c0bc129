"""The control API: HTTP on the same loop as the data."""
