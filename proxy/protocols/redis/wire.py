"""RESP values out of bytes; RESP2 and RESP3 (redis.io, "Redis serialization protocol")."""

from collections.abc import Iterator
from typing import Final

from blackstart.proxy.protocols.conversation import LARGEST_MESSAGE
from blackstart.proxy.protocols.held import Held

_LINES: Final = frozenset(b"+-:,#_(")
_BULKS: Final = frozenset(b"$=!")
_LISTS: Final = frozenset(b"*~>")
_PAIRS: Final = frozenset(b"%|")
_LONGEST_LINE: Final = 64 * 1024


class StrangeBytesError(Exception):
    """This is not RESP, or not the beginning of a value."""


class ValueReader:
    """Cuts one direction into whole values; remembers how far it has looked."""

    def __init__(self, held: Held, *, allows_inline: bool) -> None:
        self._held = held
        self._allows_inline = allows_inline
        self._at = 0
        self._missing = 1

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The values that ``data`` completes, as they came.

        Raises:
            StrangeBytesError: what is still held cannot be read.
        """
        self._held.add(data)
        while len(self._held) and self._is_complete():
            value = self._held.take(self._at)
            self._at, self._missing = 0, 1
            yield value

    def _is_complete(self) -> bool:
        buffer = self._held.buffer
        if len(buffer) > LARGEST_MESSAGE:
            raise StrangeBytesError("a value of more than 32 MiB")
        while self._missing:
            line_end = buffer.find(b"\n", self._at)
            if line_end < 0:
                if len(buffer) - self._at > _LONGEST_LINE:
                    raise StrangeBytesError("a line of more than 64 KiB")
                return False
            self._step(bytes(buffer[self._at : line_end]), line_end + 1)
        return len(buffer) >= self._at

    def _step(self, line: bytes, behind: int) -> None:
        """Go on behind one line, knowing what it announces."""
        self._at = behind
        self._missing -= 1
        kind = line[0] if line else 0
        if kind in _BULKS:
            self._at += max(_number(line) + 2, 0) if _number(line) >= 0 else 0
        elif kind in _LISTS:
            self._missing += max(_number(line), 0)
        elif kind in _PAIRS:
            self._missing += 2 * max(_number(line), 0) + (kind == ord("|"))
        elif kind not in _LINES and not (self._allows_inline and _is_inline(line)):
            raise StrangeBytesError(f"byte {kind:#04x} begins no RESP value")


def _is_inline(line: bytes) -> bool:
    """Whether this can be a command as a person types it; an empty line is one too."""
    name = line.split()[:1]
    return not name or (name[0].isalnum() and name[0].isascii())


def _number(line: bytes) -> int:
    digits = line[1:].strip()
    if not digits.removeprefix(b"-").isdigit() or len(digits) > 12:
        raise StrangeBytesError("a length that is no number")
    return int(digits)


def words(command: bytes) -> list[str]:
    """The name of a command in capitals, and its first arguments as they are."""
    if command[:1] == b"*":
        parts = [part.decode(errors="replace") for part in command.split(b"\r\n", 8)[2:8:2]]
    else:
        parts = command.decode(errors="replace").split()[:3]
    return [parts[0].upper(), *parts[1:]] if parts else [""]


def error(text: str) -> bytes:
    """An error reply."""
    return b"-" + " ".join(text.split()).encode() + b"\r\n"
