"""One monotonic clock for all processes of a run; an argument, so that tests need no real time."""

import time
from typing import Protocol

NS_PER_S = 1_000_000_000


class Clock(Protocol):
    """Nanoseconds that never step back, and a way to wait."""

    def now_ns(self) -> int:
        """The instant, in nanoseconds of a monotonic clock."""

    def sleep(self, duration_s: float) -> None:
        """Let ``duration_s`` seconds pass."""


class MonotonicClock:
    """``CLOCK_MONOTONIC``: on one machine every process reads the same instant."""

    def now_ns(self) -> int:
        """The instant, in nanoseconds since an arbitrary but machine-wide start."""
        return time.monotonic_ns()

    def sleep(self, duration_s: float) -> None:
        """Sleep in real time; nothing for what is already past."""
        time.sleep(max(0.0, duration_s))


class FakeClock:
    """A clock that moves only when told to: an hour of waiting costs a test nothing."""

    def __init__(self, start_ns: int = 0) -> None:
        """Begin at ``start_ns``."""
        self._now_ns = start_ns

    def now_ns(self) -> int:
        """The instant last moved to."""
        return self._now_ns

    def sleep(self, duration_s: float) -> None:
        """Move on by ``duration_s`` at once."""
        self._now_ns += int(max(0.0, duration_s) * NS_PER_S)


def seconds(from_ns: int, to_ns: int) -> float:
    """The time between two instants, in seconds."""
    return (to_ns - from_ns) / NS_PER_S
