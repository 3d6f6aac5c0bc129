"""``reset_peer``: both sides get a TCP reset."""

from typing import TYPE_CHECKING

from blackstart.proxy.fields import DAY_MS, Whole
from blackstart.proxy.stage import Stage
from blackstart.proxy.timers import Timer
from blackstart.proxy.toxic import Kind

if TYPE_CHECKING:
    from blackstart.proxy.link import Link
    from blackstart.proxy.toxic import Toxic


class ResetPeerStage(Stage):
    """Reset ``timeout`` milliseconds after the toxic came to the connection, idle or busy.

    Until then everything passes. 0 resets at once: a new connection right after it was accepted.
    """

    def __init__(self, toxic: "Toxic", link: "Link") -> None:
        super().__init__(toxic, link)
        self._timer: Timer | None = None

    def start(self) -> None:
        """See ``Stage``."""
        timeout_ms = self.toxic.number("timeout")
        if timeout_ms:
            self._timer = self.link.loop.after_s(timeout_ms / 1000, self._expire)
        else:
            self._expire()

    def changed(self) -> None:
        """See ``Stage``: the new time runs from now."""
        self.stop()
        self.start()

    def lift(self) -> None:
        """See ``Stage``."""
        self.stop()

    def stop(self) -> None:
        """See ``Stage``."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _expire(self) -> None:
        self._timer = None
        self.bite("reset")
        self.link.connection.close_by_fault(self.toxic, "reset", reset=True)


KIND = Kind("reset_peer", {"timeout": Whole(high=DAY_MS)}, ResetPeerStage)
