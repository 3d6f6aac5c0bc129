"""HTTP/1.1 messages cut into head, pieces of body, and end (RFC 9112)."""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from http import HTTPStatus
from typing import Final, NamedTuple

from blackstart.proxy.protocols.held import Held

_LARGEST_HEAD: Final = 64 * 1024


class StrangeBytesError(Exception):
    """This is not HTTP/1, or not the beginning of a message."""


class Part(Enum):
    """What a piece of a message is."""

    HEAD = "head"
    BODY = "body"
    END = "end"


class Head(NamedTuple):
    """A message's first line in words, and its headers (names in lower case)."""

    first: tuple[str, ...]
    headers: Mapping[str, str]


class Piece(NamedTuple):
    """A piece as it came; ``head`` is the message's."""

    part: Part
    raw: bytes
    head: Head


class MessageReader:
    """Cuts one direction into messages; bodies pass in pieces and are never kept.

    ``has_body`` says of a head whether a body follows at all; ``to_the_end`` whether a body
    without a length goes on until the connection ends (answers) or is none (requests).
    """

    def __init__(self, held: Held, has_body: Callable[[Head], bool], *, to_the_end: bool) -> None:
        self._held = held
        self._has_body = has_body
        self._to_the_end = to_the_end
        self._head = Head((), {})
        self._read: Callable[[], Iterator[Piece] | None] = self._read_head
        self._left = 0

    @property
    def is_between(self) -> bool:
        """Whether no message is under way."""
        return self._read == self._read_head and not len(self._held)

    def feed(self, data: bytes) -> Iterator[Piece]:
        """The pieces that ``data`` completes.

        Raises:
            StrangeBytesError: what is still held cannot be read.
        """
        self._held.add(data)
        while True:
            pieces = self._read()
            if pieces is None:
                return
            yield from pieces

    def _read_head(self) -> Iterator[Piece] | None:
        buffer = self._held.buffer
        end = buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(buffer) > _LARGEST_HEAD or not _may_begin_a_message(bytes(buffer[:16])):
                raise StrangeBytesError("this is not HTTP/1")
            return None
        # Judged before it is taken: what cannot be read must still be there to be passed on.
        self._head = parse_head(bytes(buffer[: end + 4]))
        self._read = self._body_reader()
        pieces = [self._piece(Part.HEAD, self._held.take(end + 4))]
        if self._read == self._read_head:
            pieces.append(self._piece(Part.END))
        return iter(pieces)

    def _body_reader(self) -> Callable[[], Iterator[Piece] | None]:
        headers = self._head.headers
        if not self._has_body(self._head):
            return self._read_head
        if "chunked" in headers.get("transfer-encoding", "").lower():
            return self._read_chunk_line
        length = headers.get("content-length")
        if length is None:
            return self._read_to_the_end if self._to_the_end else self._read_head
        if not length.isdigit() or len(length) > 18:
            raise StrangeBytesError("a Content-Length that is no number")
        self._left = int(length)
        return self._read_length if self._left else self._read_head

    def _read_length(self) -> Iterator[Piece] | None:
        raw = self._held.take(self._left)
        self._left -= len(raw)
        if not raw:
            return None
        pieces = [self._piece(Part.BODY, raw)]
        if not self._left:
            self._read = self._read_head
            pieces.append(self._piece(Part.END))
        return iter(pieces)

    def _read_chunk_line(self) -> Iterator[Piece] | None:
        end = self._held.buffer.find(b"\r\n")
        if end < 0:
            return None
        digits = bytes(self._held.buffer[:end]).split(b";")[0].strip()
        if not digits or len(digits) > 15 or digits.strip(b"0123456789abcdefABCDEF"):
            raise StrangeBytesError("a chunk without a size")
        size = int(digits, 16)
        self._left = size + 2
        self._read = self._read_chunk if size else self._read_trailer
        return iter([self._piece(Part.BODY, self._held.take(end + 2))])

    def _read_chunk(self) -> Iterator[Piece] | None:
        raw = self._held.take(self._left)
        self._left -= len(raw)
        if not raw:
            return None
        if not self._left:
            self._read = self._read_chunk_line
        return iter([self._piece(Part.BODY, raw)])

    def _read_trailer(self) -> Iterator[Piece] | None:
        end = self._held.buffer.find(b"\r\n")
        if end < 0:
            return None
        pieces = [self._piece(Part.BODY, self._held.take(end + 2))]
        if end == 0:
            self._read = self._read_head
            pieces.append(self._piece(Part.END))
        return iter(pieces)

    def _read_to_the_end(self) -> Iterator[Piece] | None:
        raw = self._held.take_all()
        return iter([self._piece(Part.BODY, raw)]) if raw else None

    def _piece(self, part: Part, raw: bytes = b"") -> Piece:
        return Piece(part, raw, self._head)


def parse_head(raw: bytes) -> Head:
    """Read a head, or ``StrangeBytesError``."""
    first, *lines = raw.decode("latin-1").strip("\r\n").split("\r\n")
    words = tuple(first.split(" ", 2))
    if len(words) < 2 or not (words[0].startswith("HTTP/1.") or words[-1].startswith("HTTP/1.")):
        raise StrangeBytesError("this is not HTTP/1")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return Head(words, headers)


def response(status: int, content_type: str, body: bytes, *headers: str, for_head: bool) -> bytes:
    """A whole answer; to a HEAD it has no body."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Status"
    lines = [f"HTTP/1.1 {status} {phrase}", *headers]
    if status >= 200 and status not in {204, 304}:
        lines += [f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    else:
        body = b""
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + (b"" if for_head else body)


def _may_begin_a_message(start: bytes) -> bool:
    word = start.lstrip(b"\r\n").split(b" ")[0]
    return word.replace(b"/", b"").replace(b".", b"").replace(b"-", b"").isalnum() or not word
