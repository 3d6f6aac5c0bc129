"""Redis and Valkey: RESP2 and RESP3."""
