"""The HTTP face: one file for each group of endpoints."""
