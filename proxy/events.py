"""What happened, in order, on the clock that a whole drill shares: the witness's memory."""

import heapq
import time
from collections import deque
from itertools import takewhile
from typing import NamedTuple


class Event(NamedTuple):
    """One thing that happened; ``t_ns`` is CLOCK_MONOTONIC."""

    id: int
    t_ns: int
    kind: str
    proxy: str | None
    connection: int | None
    toxic: str | None
    detail: str


_Entry = tuple[int, int, str, str | None, int | None, str | None, str]


class EventLog:
    """The newest events, ids from 1 without gaps.

    What connections do is kept apart from what faults do, each up to ``limit``: a flood of
    connections must not wash away the evidence that a toxic was on.
    """

    def __init__(self, limit: int = 20_000) -> None:
        # Plain tuples until somebody asks: two are made for each connection.
        self._faults: deque[_Entry] = deque(maxlen=limit)
        self._traffic: deque[_Entry] = deque(maxlen=limit)
        self.last_id = 0

    def fault(
        self,
        kind: str,
        *,
        proxy: str | None = None,
        connection: int | None = None,
        toxic: str | None = None,
        detail: str = "",
    ) -> None:
        """Note that something was done to a proxy or by a toxic, now."""
        self.last_id += 1
        now_ns = time.monotonic_ns()
        self._faults.append((self.last_id, now_ns, kind, proxy, connection, toxic, detail))

    def traffic(self, kind: str, proxy: str, connection: int, detail: str) -> None:
        """Note what a connection did by itself, now."""
        self.last_id += 1
        now_ns = time.monotonic_ns()
        self._traffic.append((self.last_id, now_ns, kind, proxy, connection, None, detail))

    def since(self, event_id: int) -> list[Event]:
        """Events with a greater id, oldest first."""
        merged = heapq.merge(_after(self._faults, event_id), _after(self._traffic, event_id))
        return [Event._make(entry) for entry in merged]


def _after(events: deque[_Entry], event_id: int) -> list[_Entry]:
    newest_first = takewhile(lambda event: event[0] > event_id, reversed(events))
    return list(newest_first)[::-1]
