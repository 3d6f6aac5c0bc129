"""The fault proxy: a server that speaks Toxiproxy's HTTP API, and a small typed client for it.

The server is a process of its own on the standard library alone; it imports no other room.
"""

from blackstart.proxy.command import main

__all__ = ["main"]
