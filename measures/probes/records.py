"""The file of probes: fixed-size records, appended as requests end."""

import asyncio
from io import FileIO
from pathlib import Path
from typing import NamedTuple

from blackstart.measures.layout import PROBE_STRUCT
from blackstart.measures.probes.classify import Seen, ending
from blackstart.measures.probes.http import Sent
from blackstart.model.outcome import Ending, Outcome


class Due(NamedTuple):
    """One request that is due: which one, of whom, where to, and when (monotonic ns)."""

    role: int
    seq: int
    instance: int
    at_ns: int
    user: int = 0
    writes: bool = False


_OUTCOME = {outcome: index for index, outcome in enumerate(Outcome)}
_ENDING = {end: index for index, end in enumerate(Ending, start=1)}
_FLUSH_S = 0.05


class RecordFile:
    """Appends probes to ``path``; what is older than 50 ms is on disk for the reader."""

    def __init__(self, path: Path) -> None:
        """Open ``path`` for appending."""
        self._file = FileIO(path, "ab")
        self._pending = bytearray()
        self._timer: asyncio.TimerHandle | None = None

    def add(self, due: Due, sent: Sent, seen: Seen) -> None:
        """Append one probe."""
        self._pending += PROBE_STRUCT.pack(
            due.role,
            due.instance,
            _OUTCOME[seen.outcome],
            _ENDING[ending(seen)] if due.writes else 0,
            seen.failure,
            due.user % 256,
            sent.answer.status if sent.answer else 0,
            due.seq,
            due.at_ns,
            sent.sent_ns,
            sent.ended_ns,
            seen.age_s,
            0,
        )
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_FLUSH_S, self.flush)

    def flush(self) -> None:
        """Write what is pending."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._file.write(bytes(self._pending))
        self._pending.clear()

    def close(self) -> None:
        """Write what is pending and close."""
        self.flush()
        self._file.close()
