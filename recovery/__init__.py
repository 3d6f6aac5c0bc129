"""Runbook steps: what mends damage, by name, executable and timed."""
