"""``http_truncated_body``: the answer breaks off in the middle of its body."""

from blackstart.proxy.fields import Text, Whole
from blackstart.proxy.protocols.conversation import ConversationKind
from blackstart.proxy.protocols.http.session import CHOICE, HttpSession
from blackstart.proxy.protocols.http.wire import Part, Piece
from blackstart.proxy.stage import End


class TruncatedBody(HttpSession):
    """Deliver the head and the first ``bytes`` bytes of the body, then ``then``: close or reset."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self._left_bytes = 0

    def on_answer(self, piece: Piece) -> None:
        """See ``HttpSession``."""
        if piece.part is Part.HEAD:
            self._left_bytes = self.toxic.number("bytes")
            self.to_client(piece.raw)
            return
        part = piece.raw[: self._left_bytes]
        self._left_bytes -= len(part)
        self.to_client(part)
        if len(part) < len(piece.raw):
            self._break_off()

    def _break_off(self) -> None:
        detail = f"broke off after {self.toxic.number('bytes')} bytes of the body"
        self.down.bite(detail)
        if self.toxic.attributes["then"] == "reset":
            self.connection.close_by_fault(self.toxic, detail, reset=True)
            return
        self.connection.proxy.note_closed_by_fault(self.connection, self.toxic, detail)
        self.down.next.end(End.CLOSE)


KIND = ConversationKind(
    "http_truncated_body",
    {
        "bytes": Whole(high=2**62),
        "then": Text("close", choices=("close", "reset")),
        **CHOICE,
    },
    TruncatedBody,
)
