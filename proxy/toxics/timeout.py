"""``timeout``: nothing gets through, and the connection is closed after a time."""

from typing import TYPE_CHECKING

from blackstart.proxy.fields import DAY_MS, Whole
from blackstart.proxy.stage import Stage
from blackstart.proxy.timers import Timer
from blackstart.proxy.toxic import Kind

if TYPE_CHECKING:
    from blackstart.proxy.link import Link
    from blackstart.proxy.toxic import Toxic


class TimeoutStage(Stage):
    """Drop all data, let the end through; close ``timeout`` milliseconds after the toxic came.

    0 means never. When the toxic is removed the connection is closed: its stream has a gap.
    Toxiproxy starts the time anew with every chunk, so that a busy connection never closes;
    here it runs once.
    """

    def __init__(self, toxic: "Toxic", link: "Link") -> None:
        super().__init__(toxic, link)
        self._timer: Timer | None = None

    def start(self) -> None:
        """See ``Stage``."""
        timeout_ms = self.toxic.number("timeout")
        if timeout_ms:
            self._timer = self.link.loop.after_s(timeout_ms / 1000, self._expire)

    def push(self, data: bytes) -> None:
        """See ``Receiver``."""
        self.bite(f"dropping data, {len(data)} bytes at first")

    def changed(self) -> None:
        """See ``Stage``: the new time runs from now."""
        self.stop()
        self.start()

    def lift(self) -> None:
        """See ``Stage``."""
        self.stop()
        self.link.connection.close_by_fault(self.toxic, "removed: its stream has a gap")

    def stop(self) -> None:
        """See ``Stage``."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _expire(self) -> None:
        self._timer = None
        self.bite()
        self.link.connection.close_by_fault(self.toxic, "time is up")


KIND = Kind("timeout", {"timeout": Whole(high=DAY_MS)}, TimeoutStage)
