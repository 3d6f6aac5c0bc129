"""``slicer``: the stream arrives in small pieces."""

import time
from collections import deque
from typing import TYPE_CHECKING

from blackstart.proxy.fields import FieldError, Settings, Whole
from blackstart.proxy.stage import End, Stage
from blackstart.proxy.timers import Timer
from blackstart.proxy.toxic import Kind

if TYPE_CHECKING:
    from blackstart.proxy.link import Link
    from blackstart.proxy.toxic import Toxic

_SLICES_PER_TURN = 64  # everybody else on the loop gets a turn in between


class SlicerStage(Stage):
    """Cut into pieces of ``average_size`` ± ``size_variation`` bytes, ``delay`` us apart."""

    capacity_bytes = 256 * 1024

    def __init__(self, toxic: "Toxic", link: "Link") -> None:
        super().__init__(toxic, link)
        self._random = link.connection.random_for(toxic, "slices")
        self._queue: deque[memoryview] = deque()
        self._end: End | None = None
        self._timer: Timer | None = None
        self._due_ns = 0

    def push(self, data: bytes) -> None:
        """See ``Receiver``."""
        self.bite()
        self.hold(len(data))
        self._queue.append(memoryview(data))
        if self._timer is None:
            self._due_ns = time.monotonic_ns()
            self._work()

    def end(self, how: End) -> None:
        """See ``Receiver``."""
        if self.held_bytes:
            self._end = how
        else:
            self.next.end(how)

    def changed(self) -> None:
        """See ``Stage``: a new delay counts from the next piece."""
        if self._timer is not None:
            self._cancel()
            self._due_ns = time.monotonic_ns()
            self._work()

    def lift(self) -> None:
        """See ``Stage``."""
        self._cancel()
        while self._queue:
            self._deliver(self._queue.popleft())
        self._deliver_end()
        self.link.reconsider()

    def stop(self) -> None:
        """See ``Stage``."""
        self._cancel()
        self._queue.clear()
        self.release(self.held_bytes)

    def _work(self) -> None:
        """Deliver what is due, then wait for the next moment."""
        self._timer = None
        delay_ns = self.toxic.number("delay") * 1000
        for _ in range(_SLICES_PER_TURN):
            if not self._queue or self._due_ns > time.monotonic_ns():
                break
            self._deliver(self._next_slice())
            self._due_ns += delay_ns
        if self._queue:
            self._timer = self.link.loop.at(self._due_ns, self._work)
        else:
            self._deliver_end()
        self.link.reconsider()

    def _next_slice(self) -> memoryview:
        average, variation = self.toxic.number("average_size"), self.toxic.number("size_variation")
        size = average + self._random.randint(-variation, variation)
        first = self._queue[0]
        if len(first) > size:
            self._queue[0] = first[size:]
            return first[:size]
        return self._queue.popleft()

    def _deliver(self, piece: memoryview) -> None:
        self.release(len(piece))
        self.next.push(bytes(piece))

    def _deliver_end(self) -> None:
        if self._end is not None:
            end, self._end = self._end, None
            self.next.end(end)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class SlicerKind(Kind):
    """Sees to it that no piece can be empty."""

    def validate(self, settings: Settings) -> None:
        """See ``Kind``."""
        average, variation = settings["average_size"], settings["size_variation"]
        if int(variation) >= int(average):
            raise FieldError(
                f"size_variation must be smaller than average_size ({average}), not {variation}"
            )


KIND = SlicerKind(
    "slicer",
    {
        "average_size": Whole(64, low=1, high=1_000_000_000),
        "size_variation": Whole(high=1_000_000_000),
        "delay": Whole(high=60_000_000),
    },
    SlicerStage,
)
