"""What all HTTP faults need of a connection: requests and their answers, one by one."""

from typing import TYPE_CHECKING, Final, NamedTuple

from blackstart.proxy.fields import Field, Share, Text
from blackstart.proxy.protocols.conversation import Conversation
from blackstart.proxy.protocols.held import Held
from blackstart.proxy.protocols.http.wire import (
    Head,
    MessageReader,
    Part,
    Piece,
    StrangeBytesError,
)
from blackstart.proxy.protocols.replies import Replies
from blackstart.proxy.stage import End

if TYPE_CHECKING:
    from blackstart.proxy.connection import Connection
    from blackstart.proxy.toxic import Toxic

CHOICE: Final[dict[str, Field]] = {"method": Text(), "path": Text(), "share": Share()}
"""The attributes by which every HTTP fault chooses its requests."""

_CAPACITY_BYTES: Final = 256 * 1024


class Asked(NamedTuple):
    """A request that the server answers, and whether the fault is for it."""

    method: str
    is_chosen: bool


class HttpSession(Conversation):
    """Reads requests and answers; subclasses override ``instead`` or ``on_answer``.

    A request is chosen by its ``method`` (empty: any), by text that its ``path`` contains, and of
    those a ``share``, drawn from the seed.
    """

    def __init__(self, toxic: "Toxic", connection: "Connection") -> None:
        super().__init__(toxic, connection)
        self.up.capacity_bytes = self.down.capacity_bytes = _CAPACITY_BYTES
        self._from_client = Held(self.up)
        self._from_server = Held(self.down)
        self._requests = MessageReader(self._from_client, lambda _head: True, to_the_end=False)
        self._answers = MessageReader(self._from_server, self._answer_has_body, to_the_end=True)
        self._replies: Replies[Asked] = Replies(self.to_client)
        self._own: bytes | None = None
        self._random = connection.random_for(toxic, "requests")

    def instead(self, request: Head) -> bytes | None:  # noqa: ARG002
        """The answer to a chosen request that is not passed on; None passes it on."""
        return None

    def on_answer(self, piece: Piece) -> None:
        """A piece of the server's answer to a chosen request."""
        self.to_client(piece.raw)

    def from_client(self, data: bytes) -> None:
        """See ``Conversation``."""
        try:
            for piece in self._requests.feed(data):
                if not self.connection.is_open:
                    return
                self._on_request(piece)
        except StrangeBytesError as problem:
            self.go_blind(str(problem))

    def from_server(self, data: bytes) -> None:
        """See ``Conversation``."""
        if self._answers.is_between and self._replies.current() is None:
            self.to_client(data)  # the answer to a request from before this toxic
            return
        try:
            for piece in self._answers.feed(data):
                if not self.connection.is_open:
                    return
                self._on_answer(piece)
        except StrangeBytesError as problem:
            self.go_blind(str(problem))

    def release_up(self) -> None:
        """See ``Conversation``."""
        self.to_server(self._from_client.take_all())

    def release_down(self) -> None:
        """See ``Conversation``."""
        self.to_client(self._from_server.take_all())

    def _on_request(self, piece: Piece) -> None:
        if self.up.is_transparent:
            self.to_server(piece.raw)
            return
        if piece.part is Part.HEAD:
            self._on_request_head(piece)
        if self._own is None:
            self.to_server(piece.raw)
        elif piece.part is Part.END:
            own, self._own = self._own, None
            self._replies.answer(own)
        elif "expect" in piece.head.headers:
            # The client waits for leave to send the body; it will not come, nor be awaited.
            self.to_client(self._own)
            self.down.next.end(End.CLOSE)

    def _on_request_head(self, piece: Piece) -> None:
        method = piece.head.first[0]
        is_chosen = self._is_chosen(piece.head)
        self._own = self.instead(piece.head) if is_chosen else None
        if self._own is None:
            self._replies.asked(Asked(method, is_chosen))
        else:
            self.up.bite(f"answered {method} {piece.head.first[1][:80]}")
        if method == "CONNECT":
            self.go_blind("CONNECT: what follows is not HTTP")

    def _is_chosen(self, head: Head) -> bool:
        settings = self.toxic.attributes
        if settings["method"] and str(settings["method"]).upper() != head.first[0]:
            return False
        if str(settings["path"]) not in head.first[1]:
            return False
        return self._random.random() < float(settings["share"])

    def _on_answer(self, piece: Piece) -> None:
        asked = self._replies.current()
        if self.down.is_transparent or asked is None or piece.head.first[1].startswith("1"):
            self.to_client(piece.raw)
            if piece.head.first[1] == "101":
                self.go_blind("101: what follows is not HTTP")
            return
        if asked.is_chosen:
            self.on_answer(piece)
        else:
            self.to_client(piece.raw)
        if piece.part is Part.END:
            self._replies.done()

    def _answer_has_body(self, head: Head) -> bool:
        asked = self._replies.current()
        status = head.first[1]
        bodiless = status.startswith("1") or status in {"204", "304"}
        return not bodiless and (asked is None or asked.method != "HEAD")
