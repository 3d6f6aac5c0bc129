"""Pure functions: history in, findings out. Nothing else is evidence."""
