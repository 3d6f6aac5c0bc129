"""A process that the warden spawned, as its owner sees it."""

from __future__ import annotations

from dataclasses import dataclass
from signal import SIGTERM
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from blackstart.warden.client import Warden


@dataclass(frozen=True, kw_only=True)
class Exit:
    """How a process ended: exit code, or minus the signal's number; when the warden reaped it."""

    pid: int
    code: int
    at_ns: int


@dataclass(frozen=True, kw_only=True)
class Process:
    """One process, in a session of its own. Safe to use from several threads.

    ``called_ns`` and ``started_ns`` are ``CLOCK_MONOTONIC``: before fork, and once exec succeeded.
    """

    warden: Warden
    key: int
    pid: int
    name: str
    log: Path | None
    called_ns: int
    started_ns: int

    @property
    def exit(self) -> Exit | None:
        """How it ended; ``None`` while it runs."""
        return self.warden.exit_of(self)

    def alive(self) -> bool:
        """Whether it runs. Raises ``WardenLostError`` if there is nobody to know."""
        return self.exit is None

    def signal(self, number: int, *, tree: bool = False, limit_s: float = 5.0) -> int:
        """Send a signal to it, or to it and all below it; returns how many processes got it.

        A tree is told SIGSTOP until no process turns up in it that was not told.
        """
        answer = self.warden.call(
            "signal", {"pid": self.pid, "signal": int(number), "tree": tree}, limit_s=limit_s
        )
        return int(answer["sent"])

    def kill(self, *, limit_s: float = 5.0) -> Exit:
        """SIGKILL it and all below it, and wait until none of them is there."""
        self.warden.call("kill", {"pid": self.pid}, limit_s=limit_s)
        return self.wait(limit_s)

    def wait(self, limit_s: float) -> Exit:
        """Wait for its end. Raises ``TimeoutError`` if it still runs after ``limit_s``."""
        return self.warden.wait_for(self, limit_s)

    def stop(self, number: int = SIGTERM, *, grace_s: float = 5.0) -> Exit:
        """Ask it to end by a signal, wait for ``grace_s``, then kill; returns how it ended."""
        self.signal(number)
        try:
            ended = self.wait(grace_s)
        except TimeoutError:
            return self.kill()
        return ended
