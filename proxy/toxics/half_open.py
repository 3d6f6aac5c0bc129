"""``half_open``: the connection stays open and nothing is ever delivered again."""

from typing import TYPE_CHECKING

from blackstart.proxy.stage import End, Stage
from blackstart.proxy.toxic import Kind

if TYPE_CHECKING:
    from blackstart.proxy.connection import Connection
    from blackstart.proxy.toxic import Toxic


class HalfOpenStage(Stage):
    """Swallow bytes and ends of both directions, as when the peer's machine lost its power.

    Lifting it mends new connections only: one that it has been on stays dead, as in real life,
    until either side closes it.
    """

    outlives_toxic = True

    def push(self, data: bytes) -> None:
        """See ``Receiver``."""
        self.bite(f"swallowing data, {len(data)} bytes at first")

    def end(self, how: End) -> None:
        """See ``Receiver``."""
        self.bite(f"swallowing {how.value}")
        if self.is_lifted:
            self._close()

    def lift(self) -> None:
        """See ``Stage``."""
        if any(link.source_done for link in self.link.connection.links.values()):
            self._close()

    def _close(self) -> None:
        self.link.connection.close(reset=False, why="half-open connection closed by a peer")


class HalfOpenKind(Kind):
    """Works on both directions, whichever stream was named."""

    def attach(self, toxic: "Toxic", connection: "Connection") -> None:
        """See ``Kind``."""
        for link in connection.links.values():
            link.insert(HalfOpenStage(toxic, link))


KIND = HalfOpenKind("half_open", {})
