"""Runbook steps on real members."""
