"""Both directions of one connection, as a fault sees them that understands the protocol."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from blackstart.proxy.stage import End, Stage
from blackstart.proxy.toxic import DOWNSTREAM, UPSTREAM, Kind

if TYPE_CHECKING:
    from blackstart.proxy.connection import Connection
    from blackstart.proxy.fields import Fields
    from blackstart.proxy.link import Link
    from blackstart.proxy.toxic import Toxic

LARGEST_MESSAGE = 32 * 1024 * 1024
"""A message that must be seen as a whole and is larger is let through unseen."""

_TLS_RECORD_TYPES = frozenset({0x14, 0x15, 0x16, 0x17})


class Side(Stage):
    """One direction of a conversation: hands every byte over to it."""

    capacity_bytes = 2 * LARGEST_MESSAGE

    def __init__(
        self,
        toxic: "Toxic",
        link: "Link",
        on_data: Callable[[bytes], None],
        on_end: Callable[[End], None],
    ) -> None:
        super().__init__(toxic, link)
        self._on_data = on_data
        self._on_end = on_end
        self.is_transparent = False
        self.on_lift: Callable[[], None] = _nothing
        self.on_stop: Callable[[], None] = _nothing
        self.on_end: Callable[[], None] = _nothing
        self.is_mute = False

    def push(self, data: bytes) -> None:
        """See ``Receiver``."""
        if self.is_transparent:
            self.next.push(data)
        elif not self.is_mute:
            self._on_data(data)

    def end(self, how: End) -> None:
        """See ``Receiver``. With a mute side, the connection ends when both peers have left."""
        if not self.is_mute:
            self._on_end(how)
        self.on_end()

    def lift(self) -> None:
        """See ``Stage``."""
        self.on_lift()
        self.link.reconsider()

    def stop(self) -> None:
        """See ``Stage``."""
        self.on_stop()
        self.release(self.held_bytes)


class Conversation:
    """Passes everything on, until a subclass has other plans.

    A subclass reads messages in ``from_client`` and ``from_server`` and passes on with
    ``to_server`` and ``to_client``. When it cannot read what it sees it calls ``go_blind``: from
    then on everything passes, and the event log says that this connection is out of reach.
    """

    def __init__(self, toxic: "Toxic", connection: "Connection") -> None:
        self.toxic = toxic
        self.connection = connection
        links = connection.links
        self.up = Side(toxic, links[UPSTREAM], self._first_from_client, self.client_ended)
        self.down = Side(toxic, links[DOWNSTREAM], self._first_from_server, self.server_ended)
        self.up.on_lift = self.release_up
        self.down.on_lift = self.release_down
        self.joined_late = not connection.is_new and links[UPSTREAM].arrived_bytes > 0
        self._seen = set[str]()

    def from_client(self, data: bytes) -> None:
        """Bytes from the client, in order."""
        self.to_server(data)

    def from_server(self, data: bytes) -> None:
        """Bytes from the upstream, in order."""
        self.to_client(data)

    def client_ended(self, how: End) -> None:
        """The client ends its direction."""
        self.release_up()
        self.up.next.end(how)

    def server_ended(self, how: End) -> None:
        """The upstream ends its direction."""
        self.release_down()
        self.down.next.end(how)

    def release_up(self) -> None:
        """Pass on what waits here for the upstream."""

    def release_down(self) -> None:
        """Pass on what waits here for the client."""

    def to_server(self, data: bytes) -> None:
        """Pass on towards the upstream."""
        if data:
            self.up.next.push(data)

    def to_client(self, data: bytes) -> None:
        """Pass on towards the client."""
        if data and not self.down.is_mute:
            self.down.next.push(data)

    def swallow_from_now_on(self) -> None:
        """Deliver nothing more to the client, and leave the connection open.

        Lifting the toxic cannot mend it: the stream has a gap.
        """
        self.down.is_mute = self.down.outlives_toxic = self.up.outlives_toxic = True
        self.up.is_transparent = True
        self.up.on_end = self.down.on_end = self._close_when_both_left
        self.release_up()

    def _close_when_both_left(self) -> None:
        if all(link.source_done for link in self.connection.links.values()):
            self.connection.close(reset=False)

    def break_off(self, then: str, detail: str) -> None:
        """End the conversation as ``then`` says: reset, close or hang."""
        self.down.bite(detail)
        if then == "hang":
            self.swallow_from_now_on()
            return
        self.connection.close_by_fault(self.toxic, detail, reset=then == "reset")

    def answer_and_close(self, answer: bytes, detail: str) -> None:
        """A last message to the client, then the end of the connection in good order."""
        self.down.bite(detail)
        self.connection.proxy.note_closed_by_fault(self.connection, self.toxic, detail)
        self.to_client(answer)
        self.down.next.end(End.CLOSE)

    def go_blind(self, reason: str) -> None:
        """This connection cannot be followed: say so, and change nothing on it."""
        self.connection.proxy.note_blind(self.connection, self.toxic, reason)
        self.up.is_transparent = self.down.is_transparent = True
        self.release_up()
        self.release_down()

    def _first_from_client(self, data: bytes) -> None:
        self._guard(data, UPSTREAM, self.from_client, self.up)

    def _first_from_server(self, data: bytes) -> None:
        self._guard(data, DOWNSTREAM, self.from_server, self.down)

    def _guard(
        self, data: bytes, direction: str, read: Callable[[bytes], None], side: Side
    ) -> None:
        """The first bytes of a direction tell whether it is encrypted."""
        if direction not in self._seen:
            self._seen.add(direction)
            if looks_like_tls(data):
                self.go_blind(
                    "TLS: what is encrypted cannot be read, so this toxic does nothing here; "
                    "let the client speak plain text to the proxy"
                )
                side.next.push(data)
                return
        read(data)


class ConversationKind(Kind):
    """Puts one conversation on a connection, on both directions, whichever stream was named."""

    def __init__(self, name: str, fields: "Fields", conversation: type[Conversation]) -> None:
        super().__init__(name, fields)
        self._conversation = conversation

    def attach(self, toxic: "Toxic", connection: "Connection") -> None:
        """See ``Kind``."""
        conversation = self._conversation(toxic, connection)
        connection.links[UPSTREAM].insert(conversation.up)
        connection.links[DOWNSTREAM].insert(conversation.down)


def looks_like_tls(data: bytes) -> bool:
    """Whether these bytes begin with a TLS record (RFC 8446, 5.1)."""
    return len(data) >= 2 and data[0] in _TLS_RECORD_TYPES and data[1] == 3


class Behind:
    """Whatever stands behind a stage at the moment, for those who keep things for later."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def push(self, data: bytes) -> None:
        """See ``Receiver``."""
        self._stage.next.push(data)

    def end(self, how: End) -> None:
        """See ``Receiver``."""
        self._stage.next.end(how)


def _nothing() -> None:
    """Nobody asked to be told."""
