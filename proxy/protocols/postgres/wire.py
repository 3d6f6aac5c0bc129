"""Messages out of bytes, and bytes out of messages."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from blackstart.proxy.protocols.conversation import LARGEST_MESSAGE
from blackstart.proxy.protocols.held import Held

TLS_REQUEST: Final = 80877103
GSS_REQUEST: Final = 80877104
CANCEL_REQUEST: Final = 80877102
STARTUP: Final = "startup"

_KNOWN: Final = frozenset(b"123ABCDEFGHIKNPQRSTVWXZcdfnpstv")


class Piece(NamedTuple):
    """A whole message of a kind that was asked for, or (kind "") bytes of any others."""

    kind: str
    raw: bytes

    @property
    def body(self) -> bytes:
        """The message without its type and length."""
        return self.raw[5:]


class StrangeBytesError(Exception):
    """This is not the protocol, or not the beginning of a message."""


class Splitter:
    """Cuts one direction into messages; only those in ``wanted`` are waited for as a whole."""

    def __init__(self, held: Held, wanted: str, *, with_startup: bool) -> None:
        self._held = held
        self._wanted = frozenset(wanted.encode())
        self._skip = 0
        self.in_startup = with_startup

    def feed(self, data: bytes) -> Iterator[Piece]:
        """The pieces that ``data`` completes.

        Raises:
            StrangeBytesError: from the place on which is still held, nothing can be read.
        """
        self._held.add(data)
        while len(self._held):
            piece = self._next()
            if piece is None:
                return
            yield piece

    def _next(self) -> Piece | None:
        if self._skip:
            raw = self._held.take(self._skip)
            self._skip -= len(raw)
            return Piece("", raw)
        return self._startup() if self.in_startup else self._message()

    def _startup(self) -> Piece | None:
        buffer = self._held.buffer
        if len(buffer) < 8:
            return None
        length = int.from_bytes(buffer[:4])
        if not 8 <= length <= 10_000:
            raise StrangeBytesError("this is not a Postgres client")
        return Piece(STARTUP, self._held.take(length)) if len(buffer) >= length else None

    def _message(self) -> Piece | None:
        buffer = self._held.buffer
        if buffer[0] not in _KNOWN:
            raise StrangeBytesError(f"byte {buffer[0]:#04x} begins no Postgres message")
        if len(buffer) < 5:
            return None
        length = 1 + int.from_bytes(buffer[1:5])
        if length < 5:
            raise StrangeBytesError("a Postgres message of less than no length")
        if buffer[0] not in self._wanted or length > LARGEST_MESSAGE:
            self._skip = length
            return self._next()
        return Piece(chr(buffer[0]), self._held.take(length)) if len(buffer) >= length else None


def startup_code(raw: bytes) -> int:
    """What a startup packet asks for: a protocol version, or one of the requests above."""
    return int.from_bytes(raw[4:8])


def message(kind: str, body: bytes) -> bytes:
    """A typed message."""
    return kind.encode() + (len(body) + 4).to_bytes(4) + body


def query(sql: str) -> bytes:
    """A simple query."""
    return message("Q", sql.encode() + b"\0")


def fatal(sqlstate: str, text: str) -> bytes:
    """An ErrorResponse that ends the session."""
    fields = (("S", "FATAL"), ("V", "FATAL"), ("C", sqlstate), ("M", text))
    return message("E", b"".join(f"{key}{value}\0".encode() for key, value in fields) + b"\0")


def strings(body: bytes, count: int) -> list[str]:
    """The first ``count`` zero-terminated strings."""
    return [part.decode(errors="replace") for part in body.split(b"\0", count)[:count]]
