"""HTTP/1.1: S3 and other upstream calls."""
