"""Watches the log files of the target for lines that mean something."""

import re
import threading
from collections.abc import Mapping
from pathlib import Path

from blackstart.measures.history import Mark, MarkKind
from blackstart.model.clock import Clock

_EVERY_S = 0.02


class LogWatch:
    """Reads files as they grow; a line that matches a signal's pattern becomes a mark.

    Marks carry the instant at which the line was read: up to 20 ms after it was written.
    """

    def __init__(self, paths: list[Path], patterns: Mapping[str, str], clock: Clock) -> None:
        """Watch ``paths`` (they need not exist yet) for ``patterns`` by signal."""
        self._offsets = dict.fromkeys(paths, 0)
        self._patterns = {name: re.compile(pattern) for name, pattern in patterns.items()}
        self._clock = clock
        self._marks: list[Mark] = []
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="log watch", daemon=True)

    def start(self) -> None:
        """Watch from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Read what is there, then watch no more."""
        self._stopped.set()
        self._thread.join(timeout=2)

    def marks(self) -> list[Mark]:
        """The signals seen so far."""
        return list(self._marks)

    def _watch(self) -> None:
        while not self._stopped.wait(_EVERY_S):
            self._read_all()
        self._read_all()

    def _read_all(self) -> None:
        for path in self._offsets:
            if path.exists():
                self._read(path)

    def _read(self, path: Path) -> None:
        with path.open("rb") as file:
            file.seek(self._offsets[path])
            new = file.read()
        # A line still being written is left for the next turn.
        whole = new[: new.rfind(b"\n") + 1]
        self._offsets[path] += len(whole)
        for line in whole.decode(errors="replace").splitlines():
            self._match(line)

    def _match(self, line: str) -> None:
        for name, pattern in self._patterns.items():
            if pattern.search(line):
                self._marks.append(
                    Mark(
                        at_ns=self._clock.now_ns(),
                        kind=MarkKind.SIGNAL,
                        text=name,
                        data={"signal": name, "line": line[:200]},
                    )
                )
