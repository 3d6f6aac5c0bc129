"""Just enough HTTP/1.1: requests out of bytes, answers into bytes."""

from typing import NamedTuple

_END = b"\r\n\r\n"


class Request(NamedTuple):
    """A request's method and path; its body is of no interest."""

    method: str
    path: str


def take(received: bytearray) -> Request | None:
    """Take the first whole request out of ``received``, if there is one."""
    end = received.find(_END)
    if end < 0:
        return None
    first, *headers = bytes(received[:end]).decode("latin-1").split("\r\n")
    size = end + len(_END) + _body_bytes(headers)
    if len(received) < size:
        return None
    del received[:size]
    method, path, _ = first.split(" ", 2)
    return Request(method, path)


def _body_bytes(headers: list[str]) -> int:
    pairs = (header.partition(":") for header in headers)
    named = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return int(named.get("content-length", "0"))


def answer(status: int, body: bytes = b"{}", **headers: str) -> bytes:
    """An answer; the underscores of header names become hyphens."""
    lines = [f"HTTP/1.1 {status} -", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + _END + body
