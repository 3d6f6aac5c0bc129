"""``latency``: every byte of one direction arrives later, in order."""

import time
from random import Random
from typing import TYPE_CHECKING

from blackstart.proxy.fields import DAY_MS, Whole
from blackstart.proxy.stage import End, TimedStage
from blackstart.proxy.toxic import Kind

if TYPE_CHECKING:
    from blackstart.proxy.link import Link
    from blackstart.proxy.toxic import Toxic


class LatencyStage(TimedStage):
    """Delay by ``latency`` ± ``jitter`` milliseconds, counted from the arrival at the proxy.

    The end of the stream is delayed like its bytes. A change counts at once, also for what
    waits already: it leaves when it would have left under the new setting.
    """

    capacity_bytes = 32 * 1024 * 1024  # as much as can be on its way: 100 ms at 320 MB/s

    def __init__(self, toxic: "Toxic", link: "Link") -> None:
        super().__init__(toxic, link)
        self._random: Random | None = None
        self._delay_ns = toxic.number("latency") * 1_000_000
        self._jitter_ns = toxic.number("jitter") * 1_000_000

    def push(self, data: bytes) -> None:
        """See ``Receiver``."""
        self.bite()
        self.put(data, time.monotonic_ns() + self._next_delay_ns())

    def end(self, how: End) -> None:
        """See ``Receiver``."""
        self.put(how, time.monotonic_ns() + self._next_delay_ns())

    def changed(self) -> None:
        """See ``Stage``."""
        shift_ns = self.toxic.number("latency") * 1_000_000 - self._delay_ns
        self._delay_ns += shift_ns
        self._jitter_ns = self.toxic.number("jitter") * 1_000_000
        self.put_again([(due_ns + shift_ns, item) for due_ns, item in self.waiting()])

    def _next_delay_ns(self) -> int:
        if not self._jitter_ns:
            return self._delay_ns
        if self._random is None:
            self._random = self.link.connection.random_for(self.toxic, "jitter")
        return self._delay_ns + int(self._random.uniform(-self._jitter_ns, self._jitter_ns))


KIND = Kind(
    "latency",
    {"latency": Whole(high=DAY_MS), "jitter": Whole(high=DAY_MS)},
    LatencyStage,
)
