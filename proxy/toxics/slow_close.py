"""``slow_close``: the end of the stream arrives late."""

import time

from blackstart.proxy.fields import DAY_MS, Whole
from blackstart.proxy.stage import End, TimedStage
from blackstart.proxy.toxic import Kind


class SlowCloseStage(TimedStage):
    """Pass bytes at once and the end ``delay`` milliseconds after it came."""

    def end(self, how: End) -> None:
        """See ``Receiver``."""
        self.bite()
        self.put(how, time.monotonic_ns() + self.toxic.number("delay") * 1_000_000)


KIND = Kind("slow_close", {"delay": Whole(high=DAY_MS)}, SlowCloseStage)
