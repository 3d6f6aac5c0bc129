"""The reference service as a process, on a real stack."""
