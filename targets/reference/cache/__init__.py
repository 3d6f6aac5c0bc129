"""Answers kept for a while: in Redis, or in this instance's memory."""
