"""What makes the service hold: one guardrail, one file, each off by its name in GUARDRAILS_OFF."""
