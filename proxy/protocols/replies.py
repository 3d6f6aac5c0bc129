"""Answers of our own between those of the server, each in its place."""

from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

Asked = TypeVar("Asked")


class Replies(Generic[Asked]):
    """Remembers what was asked and in which order; answers leave in the same order.

    A client that sends several requests before the first answer still gets one answer for each.
    """

    def __init__(self, to_client: Callable[[bytes], None]) -> None:
        self._to_client = to_client
        self._waiting: deque[Asked | bytes] = deque()

    def asked(self, request: Asked) -> None:
        """The request was passed on; the server will answer it."""
        self._waiting.append(request)

    def answer(self, content: bytes) -> None:
        """A request was not passed on; this is its answer, when its turn comes."""
        self._waiting.append(content)
        self._send_own()

    def current(self) -> Asked | None:
        """The request that the server answers now, if one is known."""
        first = self._waiting[0] if self._waiting else None
        return None if isinstance(first, bytes) else first

    def done(self) -> None:
        """The server's answer to the current request is complete."""
        if self._waiting:
            self._waiting.popleft()
        self._send_own()

    def _send_own(self) -> None:
        while self._waiting and isinstance(self._waiting[0], bytes):
            self._to_client(self._waiting.popleft())  # type: ignore[arg-type]
