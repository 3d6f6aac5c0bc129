"""Keeps what is held on a proxy in force while this process lives, and no longer."""

import threading
import time
from collections.abc import Callable

from blackstart.proxy.client import ProxyError, ProxyUnreachableError

LEASE_S = 5.0
_RENEWALS_A_LEASE = 5


class Leases:
    """Renews the leases of toxics by name, in a thread that lives as long as one is held.

    When this process is killed nobody renews them any more, and the proxy lifts them within
    ``lease_s``. Thread-safe.
    """

    def __init__(self, renew: Callable[[str], object], *, lease_s: float = LEASE_S) -> None:
        """``renew(name)`` tells the proxy that the holder of ``name`` is there."""
        self.lease_s = lease_s
        self._renew = renew
        self._changed = threading.Condition()
        self._held: set[str] = set()
        self._lost: set[str] = set()
        self._renewer: threading.Thread | None = None

    def hold(self, name: str) -> None:
        """Renew ``name`` from now on."""
        with self._changed:
            self._held.add(name)
            if self._renewer is None:
                self._renewer = threading.Thread(target=self._keep, name="leases", daemon=True)
                self._renewer.start()

    def let_go(self, name: str) -> bool:
        """Renew ``name`` no more; whether it was held, as far as its holder knows."""
        with self._changed:
            held = name in self._held | self._lost
            self._held.discard(name)
            self._lost.discard(name)
            self._changed.notify_all()
            return held

    def _keep(self) -> None:
        heard_s = time.monotonic()
        while names := self._next_round():
            answered = [self._told(name) for name in names]
            if any(answered):
                heard_s = time.monotonic()
            elif time.monotonic() - heard_s > self.lease_s:
                self._give_up()  # the proxy is gone, and everything on it with it

    def _next_round(self) -> list[str]:
        """What is held when the next renewal is due; the thread ends when nothing is."""
        with self._changed:
            self._changed.wait_for(lambda: not self._held, self.lease_s / _RENEWALS_A_LEASE)
            if not self._held:
                self._renewer = None
            return sorted(self._held)

    def _told(self, name: str) -> bool:
        """Whether the proxy answered."""
        try:
            self._renew(name)
        except ProxyError as error:
            if error.status == 404:
                self._lose(name)
            return True
        except ProxyUnreachableError:
            return False
        return True

    def _lose(self, name: str) -> None:
        """It ended by itself: there is nothing to renew, and whoever lifts it is to know."""
        with self._changed:
            if name in self._held:
                self._held.discard(name)
                self._lost.add(name)

    def _give_up(self) -> None:
        with self._changed:
            self._held.clear()
