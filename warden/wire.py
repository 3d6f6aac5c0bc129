"""One JSON object a line, over a byte stream: how the owner, the warden and its guard talk."""

import json
from typing import Any

Message = dict[str, Any]

CHUNK_BYTES = 1 << 16


def encode(message: Message) -> bytes:
    """``message`` as one line."""
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


class Lines:
    """Gathers bytes as they come and gives the messages that are complete."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[Message]:
        """The messages that ``data`` completes, in order."""
        *whole, self._rest = (self._rest + data).split(b"\n")
        return [json.loads(line) for line in whole]
