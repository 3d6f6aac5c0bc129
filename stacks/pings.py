"""Asks a service whether it answers, in its own protocol, with nothing but sockets.

Cheap to import and to call, and with an exact limit: drivers round theirs up to seconds.
"""

import socket
import struct
import time
from collections.abc import Callable

_STARTUP = b"user\0postgres\0database\0postgres\0application_name\0blackstart\0\0"
_PROTOCOL_3 = 196_608


def timed(ask: Callable[[float], bool], *, limit_s: float) -> float | None:
    """Seconds that ``ask(limit_s)`` took to say yes; ``None`` if it said no or took too long."""
    started = time.monotonic()
    try:
        answered = ask(limit_s)
    except OSError:
        return None
    took_s = time.monotonic() - started
    return took_s if answered and took_s <= limit_s else None


def ask_postgres(port: int, limit_s: float) -> bool:
    """Whether ``SELECT 1`` is answered by a row. Raises ``OSError`` if nobody answers in time.

    In the database ``postgres``, so that it counts as no transaction of the target's.
    """
    with _Conversation(port, limit_s) as server:
        length = 8 + len(_STARTUP)
        server.send(struct.pack("!ii", length, _PROTOCOL_3) + _STARTUP)
        if not _until_idle(server):
            return False
        server.send(b"Q" + struct.pack("!i", 13) + b"SELECT 1\0")
        answered = _until_idle(server)
        server.send(b"X" + struct.pack("!i", 4))
        return answered


def ask_redis(port: int, limit_s: float) -> bool:
    """Whether ``PING`` is answered by ``PONG``. Raises ``OSError`` if nobody answers in time."""
    with _Conversation(port, limit_s) as server:
        server.send(b"PING\r\n")
        return server.receive(7) == b"+PONG\r\n"


def redis_pid(port: int, limit_s: float) -> int | None:
    """The process that serves Redis at ``port``; ``None`` while it loads its data."""
    with _Conversation(port, limit_s) as server:
        server.send(b"PING\r\n")
        if server.receive(7) != b"+PONG\r\n":
            return None
        server.send(b"INFO server\r\n")
        size = int(server.line()[1:])
        fields = dict(
            line.split(b":", 1) for line in server.receive(size).splitlines() if b":" in line
        )
        return int(fields[b"process_id"])


def _until_idle(server: "_Conversation") -> bool:
    """Read messages until ``ReadyForQuery``; false if one of them is an error."""
    while True:
        kind, length = struct.unpack("!ci", server.receive(5))
        server.receive(length - 4)
        if kind == b"E":
            return False
        if kind == b"Z":
            return True


class _Conversation:
    """One connection to 127.0.0.1, all of whose waits end at one deadline."""

    def __init__(self, port: int, limit_s: float) -> None:
        self._deadline = time.monotonic() + limit_s
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=limit_s)
        self._buffer = b""

    def __enter__(self) -> "_Conversation":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, data: bytes) -> None:
        self._limit()
        self._socket.sendall(data)

    def receive(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._fill()
        data, self._buffer = self._buffer[:size], self._buffer[size:]
        return data

    def line(self) -> bytes:
        while b"\r\n" not in self._buffer:
            self._fill()
        line, _, self._buffer = self._buffer.partition(b"\r\n")
        return line

    def _fill(self) -> None:
        self._limit()
        data = self._socket.recv(65_536)
        if not data:
            raise ConnectionError("the other end closed the connection")
        self._buffer += data

    def _limit(self) -> None:
        left_s = self._deadline - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("no answer in time")
        self._socket.settimeout(left_s)
