"""HTTP/1.1 requests out of bytes, and responses into bytes."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

MAX_HEAD_BYTES: Final = 64 * 1024
MAX_BODY_BYTES: Final = 8 * 1024 * 1024

JSON_TYPE: Final = "application/json"
TEXT_TYPE: Final = "text/plain; charset=utf-8"


class MalformedError(Exception):
    """Bytes that are no HTTP request; the connection cannot go on."""


class Request(NamedTuple):
    """One request; header names are in lower case, ``segments`` are the path's decoded parts."""

    method: str
    path: str
    segments: tuple[str, ...]
    query: str
    headers: Mapping[str, str]
    body: bytes
    keep_alive: bool


class Response(NamedTuple):
    """What is answered; Content-Length and Date are added when it is written."""

    status: int
    body: bytes = b""
    content_type: str = JSON_TYPE
    headers: Mapping[str, str] = {}


class RequestReader:
    """Takes bytes as they come and gives whole requests, one after another."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        """More bytes came."""
        self._buffer += data

    @property
    def is_empty(self) -> bool:
        """Whether no part of a request waits here."""
        return not self._buffer

    def next(self) -> Request | None:
        """The next whole request, or None while bytes are missing.

        Raises:
            MalformedError: it can never become a request.
        """
        head_end = self._buffer.find(b"\r\n\r\n")
        if head_end < 0:
            if len(self._buffer) > MAX_HEAD_BYTES:
                raise MalformedError("request head too large")
            return None
        method, target, version, headers = _parse_head(bytes(self._buffer[:head_end]))
        found = self._body(head_end + 4, headers)
        if found is None:
            return None
        body, used = found
        del self._buffer[:used]
        return _request(method, target, version, headers, body)

    def expects_continue(self) -> bool:
        """Whether the client waits for a "100 Continue" before it sends the body."""
        head_end = self._buffer.find(b"\r\n\r\n")
        head = bytes(self._buffer[:head_end]).lower() if head_end >= 0 else b""
        return head_end + 4 == len(self._buffer) and b"\r\nexpect: 100-continue" in head

    def _body(self, start: int, headers: Mapping[str, str]) -> tuple[bytes, int] | None:
        """The body and where it ends in the buffer."""
        if "chunked" in headers.get("transfer-encoding", "").lower():
            return _unchunk(self._buffer, start)
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()) or len(length) > 18:
            raise MalformedError("bad Content-Length")
        end = start + int(length)
        if end - start > MAX_BODY_BYTES:
            raise MalformedError("request body too large")
        return (bytes(self._buffer[start:end]), end) if len(self._buffer) >= end else None


def _parse_head(head: bytes) -> tuple[str, str, str, dict[str, str]]:
    first, *lines = head.decode("latin-1").lstrip("\r\n").split("\r\n")
    parts = first.split(" ")
    if len(parts) != 3 or not parts[0].isalpha() or not parts[2].startswith("HTTP/1."):
        raise MalformedError("not an HTTP/1 request")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise MalformedError("bad header line")
        headers[name.lower()] = value.strip()
    return parts[0], parts[1], parts[2], headers


def _request(
    method: str, target: str, version: str, headers: Mapping[str, str], body: bytes
) -> Request:
    try:
        split = urlsplit(target)
    except ValueError as error:
        raise MalformedError("bad request target") from error
    wish = headers.get("connection", "").lower()
    keep_alive = wish != "close" if version == "HTTP/1.1" else wish == "keep-alive"
    segments = tuple(unquote(part) for part in split.path.split("/")[1:])
    return Request(method, split.path, segments, split.query, headers, body, keep_alive)


def _unchunk(buffer: bytearray, start: int) -> tuple[bytes, int] | None:
    """A body in "Transfer-Encoding: chunked", and where it ends; None while it is incomplete."""
    body = bytearray()
    at = start
    while True:
        line_end = buffer.find(b"\r\n", at)
        if line_end < 0:
            return None
        size = _chunk_size(bytes(buffer[at:line_end]))
        at = line_end + 2
        if size == 0:
            return _after_trailers(buffer, at, bytes(body))
        if len(body) + size > MAX_BODY_BYTES:
            raise MalformedError("request body too large")
        if len(buffer) < at + size + 2:
            return None
        body += buffer[at : at + size]
        at += size + 2


def _chunk_size(line: bytes) -> int:
    digits = line.split(b";")[0].strip()
    if not digits or len(digits) > 8 or digits.strip(b"0123456789abcdefABCDEF"):
        raise MalformedError("bad chunk size")
    return int(digits, 16)


def _after_trailers(buffer: bytearray, at: int, body: bytes) -> tuple[bytes, int] | None:
    while True:
        line_end = buffer.find(b"\r\n", at)
        if line_end < 0:
            return None
        if line_end == at:
            return body, at + 2
        at = line_end + 2


def as_bytes(response: Response, *, date: str, keep_alive: bool, has_body: bool = True) -> bytes:
    """The response on the wire; ``has_body`` is false for the answer to a HEAD."""
    lines = [f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}"]
    if response.body:
        lines.append(f"Content-Type: {response.content_type}")
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    lines.append(f"Date: {date}")
    if response.status != HTTPStatus.NO_CONTENT:
        lines.append(f"Content-Length: {len(response.body)}")
    if not keep_alive:
        lines.append("Connection: close")
    head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
    return head + response.body if has_body else head
