"""Who is asking: signing keys, tokens, passwords."""
