"""Drills as pytest runs them: ``pytest drills --drill-target reference``."""
