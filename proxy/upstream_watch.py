"""When the upstream refuses, so does the proxy, until it is back."""

from typing import TYPE_CHECKING

from blackstart.proxy.dial import Dial
from blackstart.proxy.errors import RefusedError
from blackstart.proxy.raw_sockets import RawSocket
from blackstart.proxy.timers import Timer

if TYPE_CHECKING:
    from blackstart.proxy.proxy import Proxy

RETRY_S = 0.02
_CHANCES_UNSEEN = 2


class UpstreamWatch:
    """A dead service refuses connections; a proxy before it that still accepts them hides that.

    After an upstream has refused, the proxy stops listening (the port is kept) and looks every
    20 ms whether it is back. One that was never seen gets a second chance: it may be about to
    start, and clients that only look whether the proxy is up need no upstream.
    """

    def __init__(self, proxy: "Proxy") -> None:
        self.was_seen = False
        self._failures = 0
        self.is_lost = False
        self._proxy = proxy
        self._dial: Dial | None = None
        self._timer: Timer | None = None

    def start_afresh(self) -> None:
        """The proxy was enabled, disabled or moved: nothing is known of the upstream."""
        self.was_seen = self.is_lost = False
        self._failures = 0
        if self._dial is not None:
            self._dial.cancel()
            self._dial = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def on_failed(self, error: OSError) -> None:
        """A client's connection could not be made; only a refusal tells that nobody is there."""
        if self.is_lost or not isinstance(error, ConnectionRefusedError):
            return
        self._failures += 1
        if not self.was_seen and self._failures < _CHANCES_UNSEEN:
            return
        self.is_lost = True
        self._proxy.events.fault("upstream_lost", proxy=self._proxy.name, detail=str(error))
        self._proxy.reconsider_listening()
        self._look_later()

    def _look_later(self) -> None:
        self._timer = self._proxy.loop.after_s(RETRY_S, self._look)

    def _look(self) -> None:
        self._timer = None
        self._dial = Dial(self._proxy.loop, self._proxy.upstream_address, self._on_dialled)

    def _on_dialled(self, outcome: RawSocket | OSError) -> None:
        self._dial = None
        if isinstance(outcome, OSError):
            self._look_later()
            return
        self._proxy.loop.close_later(outcome)
        self.is_lost = False
        self._failures = 0
        self._proxy.events.fault("upstream_back", proxy=self._proxy.name)
        try:
            self._proxy.reconsider_listening()
        except RefusedError as problem:
            self._proxy.events.fault("listen_failed", proxy=self._proxy.name, detail=str(problem))
            self.is_lost = True
            self._look_later()
