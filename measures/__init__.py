"""Probes, ledger, history, checkers: what was seen from the client's side, and what it means."""
