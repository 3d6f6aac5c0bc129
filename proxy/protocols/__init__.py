"""Faults that understand what is said on the connection."""
