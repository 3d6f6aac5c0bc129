"""A toxic that ends by itself when its holder goes silent."""

from collections.abc import Callable

from blackstart.proxy.fields import FieldError
from blackstart.proxy.loop import Loop
from blackstart.proxy.timers import Timer

SHORTEST_S = 0.05
LONGEST_S = 86_400.0


class Lease:
    """Calls ``on_expired`` once when ``renew`` was not called for ``lease_s``."""

    def __init__(self, loop: Loop, lease_s: float, on_expired: Callable[[], None]) -> None:
        self.lease_s = lease_s
        self._loop = loop
        self._on_expired = on_expired
        self._timer: Timer | None = None

    def renew(self) -> None:
        """The holder is alive: the time runs anew."""
        self.end()
        self._timer = self._loop.after_s(self.lease_s, self._on_expired)

    def end(self) -> None:
        """The toxic is gone."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def check_lease(lease_s: float | None) -> float | None:
    """The length of a lease, or ``FieldError``."""
    if lease_s is not None and not SHORTEST_S <= lease_s <= LONGEST_S:
        raise FieldError(
            f"lease_s must be a number from {SHORTEST_S:g} to {LONGEST_S:g}, not {lease_s:g}"
        )
    return lease_s
