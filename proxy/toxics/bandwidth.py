"""``bandwidth``: so many kilobytes a second and no more."""

import time
from collections import deque
from typing import TYPE_CHECKING

from blackstart.proxy.fields import Flag, Whole
from blackstart.proxy.stage import End, Stage
from blackstart.proxy.timers import Timer
from blackstart.proxy.toxic import Kind

if TYPE_CHECKING:
    from blackstart.proxy.connection import Connection
    from blackstart.proxy.link import Link
    from blackstart.proxy.toxic import Toxic

_SLICE_NS = 2_000_000
_CATCH_UP_NS = 50_000_000
_BUFFER_MS = 20
_SMALLEST_BUFFER = 64 * 1024
_LARGEST_SLICE = 256 * 1024


class Pipe:
    """A pipe of a given width: whoever sends reserves the next free stretch of it.

    Connections that share one pipe take turns, since each reserves one slice at a time.
    """

    def __init__(self) -> None:
        self._free_ns = 0

    def reserve(self, count: int, *, bytes_per_s: int, goes_on: bool) -> int:
        """When the last of ``count`` bytes is through.

        ``goes_on`` says that more was waiting all along: then a late wake-up is caught up with.
        """
        now_ns = time.monotonic_ns()
        earliest_ns = now_ns - _CATCH_UP_NS if goes_on else now_ns
        self._free_ns = max(self._free_ns, earliest_ns) + count * 1_000_000_000 // bytes_per_s
        return self._free_ns


class BandwidthStage(Stage):
    """Deliver ``rate`` thousand bytes a second; 0 lets nothing through.

    Each connection has its own pipe, or with ``shared`` all of the proxy's have one together.
    What the pipe cannot take is left unread, so the sender feels it as on a narrow line.
    """

    def __init__(self, toxic: "Toxic", link: "Link", pipe: Pipe | None = None) -> None:
        super().__init__(toxic, link)
        self._pipe = pipe or Pipe()
        self._queue: deque[bytes] = deque()
        self._slice = b""
        self._end: End | None = None
        self._timer: Timer | None = None
        self._set_rate()

    def push(self, data: bytes) -> None:
        """See ``Receiver``."""
        self.bite()
        self.hold(len(data))
        self._queue.append(data)
        if self._timer is None:
            self._reserve(goes_on=False)

    def end(self, how: End) -> None:
        """See ``Receiver``."""
        if self.held_bytes:
            self._end = how
        else:
            self.next.end(how)

    def changed(self) -> None:
        """See ``Stage``."""
        self._cancel()
        self._set_rate()
        self.link.weigh()
        if self.held_bytes:
            self._put_back()
            self._reserve(goes_on=False)

    def lift(self) -> None:
        """See ``Stage``."""
        self._cancel()
        self._put_back()
        while self._queue:
            self._deliver(self._queue.popleft())
        self._deliver_end()
        self.link.reconsider()

    def stop(self) -> None:
        """See ``Stage``."""
        self._cancel()
        self._queue.clear()
        self._slice = b""
        self.release(self.held_bytes)

    def _set_rate(self) -> None:
        self._bytes_per_s = self.toxic.number("rate") * 1000
        self.capacity_bytes = max(_SMALLEST_BUFFER, self._bytes_per_s * _BUFFER_MS // 1000)
        wanted = self._bytes_per_s * _SLICE_NS // 1_000_000_000
        self._slice_bytes = min(max(1, wanted), _LARGEST_SLICE)

    def _reserve(self, *, goes_on: bool) -> None:
        """Take the next slice and a moment for it; with rate 0 that moment never comes."""
        if not self._bytes_per_s:
            return
        data = self._queue.popleft()
        self._slice, rest = data[: self._slice_bytes], data[self._slice_bytes :]
        if rest:
            self._queue.appendleft(rest)
        due_ns = self._pipe.reserve(
            len(self._slice), bytes_per_s=self._bytes_per_s, goes_on=goes_on
        )
        self._timer = self.link.loop.at(due_ns, self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        data, self._slice = self._slice, b""
        self._deliver(data)
        if self._queue:
            self._reserve(goes_on=True)
        else:
            self._deliver_end()
        self.link.reconsider()

    def _deliver(self, data: bytes) -> None:
        self.release(len(data))
        self.next.push(data)

    def _deliver_end(self) -> None:
        if self._end is not None:
            end, self._end = self._end, None
            self.next.end(end)

    def _put_back(self) -> None:
        if self._slice:
            self._queue.appendleft(self._slice)
            self._slice = b""

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class BandwidthKind(Kind):
    """Knows the pipe that all connections share."""

    def attach(self, toxic: "Toxic", connection: "Connection") -> None:
        """See ``Kind``."""
        link = connection.links[toxic.direction]
        shared = toxic.memory.setdefault("pipe", Pipe()) if toxic.attributes["shared"] else None
        link.insert(BandwidthStage(toxic, link, shared))


KIND = BandwidthKind("bandwidth", {"rate": Whole(high=100_000_000), "shared": Flag()})
