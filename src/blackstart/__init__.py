"""Blackstart: disasters rehearsed on purpose, measured from the client's side."""
