"""``limit_data``: the connection is closed after so many bytes."""

from typing import TYPE_CHECKING

from blackstart.proxy.fields import Whole
from blackstart.proxy.stage import End, Stage
from blackstart.proxy.toxic import Kind

if TYPE_CHECKING:
    from blackstart.proxy.link import Link
    from blackstart.proxy.toxic import Toxic


class LimitDataStage(Stage):
    """Deliver the first ``bytes`` bytes of a connection, then close it in good order.

    0 closes on the first byte, not before. What was counted survives a change of the limit.
    """

    def __init__(self, toxic: "Toxic", link: "Link") -> None:
        super().__init__(toxic, link)
        self._passed_bytes = 0
        self._is_over = False

    def push(self, data: bytes) -> None:
        """See ``Receiver``."""
        if self._is_over:
            return
        part = data[: max(0, self.toxic.number("bytes") - self._passed_bytes)]
        self._passed_bytes += len(part)
        if part:
            self.next.push(part)
        if self._passed_bytes >= self.toxic.number("bytes"):
            self._is_over = True
            self.bite(f"closed after {self._passed_bytes} bytes")
            self.link.connection.proxy.note_closed_by_fault(
                self.link.connection, self.toxic, f"closed after {self._passed_bytes} bytes"
            )
            self.next.end(End.CLOSE)

    def end(self, how: End) -> None:
        """See ``Receiver``."""
        if not self._is_over:
            self.next.end(how)


KIND = Kind("limit_data", {"bytes": Whole(high=2**62)}, LimitDataStage)
