"""Callbacks due at a moment of the monotonic clock."""

import heapq
import time
from collections import deque
from collections.abc import Callable
from itertools import count

Callback = Callable[[], None]


class Timer:
    """One callback, due once; ``cancel`` may be called at any time, also after it fired."""

    __slots__ = ("callback", "due_ns")

    def __init__(self, due_ns: int, callback: Callback) -> None:
        self.due_ns = due_ns
        self.callback: Callback | None = callback

    def cancel(self) -> None:
        """Never fire."""
        self.callback = None


class Timers:
    """All timers of a loop, soonest first; equal moments fire in the order they were set."""

    def __init__(self) -> None:
        self.heap: list[tuple[int, int, Timer]] = []
        self._order = count()
        self.overdue: deque[Timer] = deque()

    def at(self, due_ns: int, callback: Callback) -> Timer:
        """Call ``callback`` once at ``due_ns`` (CLOCK_MONOTONIC)."""
        timer = Timer(due_ns, callback)
        heapq.heappush(self.heap, (due_ns, next(self._order), timer))
        return timer

    def until_next_ns(self) -> int | None:
        """Nanoseconds to the soonest live timer; 0 when overdue, None when there is none."""
        if self.overdue:
            return 0
        heap = self.heap
        while heap and heap[0][2].callback is None:
            heapq.heappop(heap)
        if not heap:
            return None
        return max(0, heap[0][0] - time.monotonic_ns())

    def fire(self) -> None:
        """Call everything that is due now; what a callback sets anew waits for the next turn."""
        now_ns = time.monotonic_ns()
        heap, due = self.heap, self.overdue
        while heap and heap[0][0] <= now_ns:
            due.append(heapq.heappop(heap)[2])
        while due:  # one that raises is gone; those behind it are still here next time
            timer = due.popleft()
            callback, timer.callback = timer.callback, None
            if callback is not None:
                callback()
