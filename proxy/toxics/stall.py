"""``stall``: bytes are held while it is on, and all delivered, in order, when it is lifted."""

from collections import deque
from typing import TYPE_CHECKING

from blackstart.proxy.fields import Flag
from blackstart.proxy.stage import End, Stage
from blackstart.proxy.toxic import Kind

if TYPE_CHECKING:
    from blackstart.proxy.connection import Connection
    from blackstart.proxy.link import Link
    from blackstart.proxy.toxic import Toxic


class StallStage(Stage):
    """Hold everything, also the end of the stream.

    Up to ``capacity_bytes`` are read and held here; past that the source is left unread, and its
    sender stops when the kernel's buffers are full, as before a peer that hangs.
    """

    def __init__(self, toxic: "Toxic", link: "Link") -> None:
        super().__init__(toxic, link)
        self._held: deque[bytes | End] = deque()

    def push(self, data: bytes) -> None:
        """See ``Receiver``."""
        self.bite()
        self.hold(len(data))
        self._held.append(data)

    def end(self, how: End) -> None:
        """See ``Receiver``."""
        self.bite()
        self._held.append(how)

    def lift(self) -> None:
        """See ``Stage``."""
        self.release(self.held_bytes)
        while self._held:
            item = self._held.popleft()
            if isinstance(item, End):
                self.next.end(item)
            else:
                self.next.push(item)
        self.link.reconsider()

    def stop(self) -> None:
        """See ``Stage``."""
        self.release(self.held_bytes)
        self._held.clear()


class StallKind(Kind):
    """One direction, or with ``both`` the two of them."""

    def attach(self, toxic: "Toxic", connection: "Connection") -> None:
        """See ``Kind``."""
        for direction, link in connection.links.items():
            if direction == toxic.direction or toxic.attributes["both"]:
                link.insert(StallStage(toxic, link))


KIND = StallKind("stall", {"both": Flag()})
