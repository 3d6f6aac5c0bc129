"""Postgres, as the manual's chapter "Frontend/Backend Protocol" has it (version 3)."""
