"""What a client asks in one go: a simple query, or extended messages up to their Sync."""

from blackstart.proxy.protocols.conversation import LARGEST_MESSAGE
from blackstart.proxy.protocols.held import Held
from blackstart.proxy.protocols.postgres.session import PostgresSession
from blackstart.proxy.protocols.postgres.wire import Piece, strings


class BatchingSession(PostgresSession):
    """Gathers batches; ``on_batch`` decides what becomes of each.

    The text of a prepared statement is known when it was prepared while the toxic was on; before
    that its text is empty here, and only counts, never ``matching``, can choose it.
    """

    wanted_of_client = "QPBDECHSF"

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self._batch = Held(self.up)
        self._executed: list[str] = []
        self._statements: dict[str, str] = {}
        self._portals: dict[str, str] = {}
        self._discards_until_sync = False
        self._last_kind = ""

    def on_batch(self, raw: bytes, texts: list[str]) -> None:  # noqa: ARG002
        """``raw`` executes the statements ``texts``, in this order."""
        self.to_server(raw)

    def on_client_message(self, piece: Piece) -> None:
        """See ``PostgresSession``."""
        if self._discards_until_sync and piece.kind:
            self._discards_until_sync = piece.kind != "S"
            return
        if not piece.kind:
            self._pass_batch()
            self.to_server(piece.raw)
            return
        self._note(piece)
        self._batch.add(piece.raw)
        if piece.kind in "QSHF" or len(self._batch) > LARGEST_MESSAGE:
            self._finish_batch(piece.kind)

    def discard_rest(self) -> None:
        """Of a batch that goes on behind this, nothing may reach the server."""
        self._discards_until_sync = self._last_kind not in {"Q", "S", "F"}

    def release_up(self) -> None:
        """See ``Conversation``."""
        self._pass_batch()
        super().release_up()

    def _note(self, piece: Piece) -> None:
        if piece.kind == "Q":
            self._executed.append(strings(piece.body, 1)[0])
        elif piece.kind == "P":
            name, text = strings(piece.body, 2)
            self._statements[name] = text
        elif piece.kind == "B":
            portal, statement = strings(piece.body, 2)
            self._portals[portal] = self._statements.get(statement, "")
        elif piece.kind == "E":
            portal = strings(piece.body, 1)[0]
            self._executed.append(self._portals.get(portal, ""))

    def _finish_batch(self, last_kind: str) -> None:
        texts, self._executed = self._executed, []
        self._last_kind = last_kind
        raw = self._batch.take_all()
        if texts:
            self.on_batch(raw, texts)
        else:
            self.to_server(raw)

    def _pass_batch(self) -> None:
        self._executed = []
        self.to_server(self._batch.take_all())


def matches(texts: list[str], wanted: str) -> bool:
    """Whether one of the statements contains ``wanted``, in whatever case."""
    return any(wanted.lower() in text.lower() for text in texts)
