"""What was really done, one JSON object a line; instants in nanoseconds of CLOCK_MONOTONIC.

``begun`` (``at_ns``), ``outage`` (``number``, ``kind``, ``from_ns``, ``to_ns``) when it is over,
and ``answer`` for each request: ``of`` (read, write), ``seq``, ``did`` (``good``, the outage's
kind, or the write's deed), ``arrived_ns``, ``answered_ns`` (null without an answer), ``times``
(how often the write is stored) and ``age_s`` (of a stale answer).
"""

import json
from pathlib import Path


class Truth:
    """Appends to a file; ``GET /truth`` and the end of the service bring it up to date."""

    def __init__(self, path: Path) -> None:
        """Begin a new file at ``path``."""
        self._file = path.open("w", encoding="utf-8")

    def tell(self, told: str, **details: object) -> None:
        """Append one line."""
        self._file.write(json.dumps({"told": told, **details}) + "\n")

    def flush(self) -> None:
        """Make what was told readable for others."""
        self._file.flush()

    def close(self) -> None:
        """Bring it up to date and close it."""
        self._file.close()
