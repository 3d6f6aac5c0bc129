"""Postgres: tables, engine, and the one way to run something on it."""
