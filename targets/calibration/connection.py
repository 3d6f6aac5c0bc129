"""One client's connection: requests in, answers out, or a sudden end."""

import asyncio
import socket
import struct
import time
from collections.abc import Callable

from blackstart.targets.calibration import wire

Serve = Callable[["Connection", wire.Request, int], None]
"""Called with each request and the instant (ns) at which the last of it arrived."""

_LINGER = struct.pack("ii", 1, 0)  # a close becomes a reset


class Connection(asyncio.Protocol):
    """Hands whole requests to ``serve``; ``open_ones`` holds it as long as it lives."""

    def __init__(self, serve: Serve, open_ones: set["Connection"]) -> None:
        self._serve, self._open_ones = serve, open_ones
        self._received = bytearray()
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has come."""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a connection both reads and writes")
        self._transport = transport
        self._open_ones.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """The client has gone."""
        self._open_ones.discard(self)

    def data_received(self, data: bytes) -> None:
        """Serve what is whole."""
        arrived_ns = time.monotonic_ns()
        self._received += data
        while request := wire.take(self._received):
            self._serve(self, request, arrived_ns)

    def send(self, answer: bytes) -> int:
        """Answer; the instant (ns) at which it left, taken before, so that no client is earlier."""
        answered_ns = time.monotonic_ns()
        if not self._transport.is_closing():
            self._transport.write(answer)
        return answered_ns

    def reset(self) -> None:
        """End it as a crashed machine would: with a reset, and whatever was on its way."""
        held = self._transport.get_extra_info("socket")
        if not self._transport.is_closing():
            held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
            self._transport.abort()
