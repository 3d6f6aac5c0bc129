"""``postgres_lose_commit``: the transaction is committed and its client never hears of it."""

from typing import TYPE_CHECKING

from blackstart.proxy.fields import Flag, Text, Whole
from blackstart.proxy.protocols.conversation import ConversationKind
from blackstart.proxy.protocols.held import Held
from blackstart.proxy.protocols.postgres.session import PostgresSession
from blackstart.proxy.protocols.postgres.wire import Piece

if TYPE_CHECKING:
    from blackstart.proxy.connection import Connection
    from blackstart.proxy.toxic import Toxic

_COUNTED_WRITES = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE", "COPY"})
_OTHER_WRITES = frozenset({"CREATE", "ALTER", "DROP", "TRUNCATE"})


class LoseCommit(PostgresSession):
    """Drop the server's word that it has committed, then ``then``: reset, close or hang.

    Only the server's answers are read: when it says COMMIT, the rows are there. What it says is
    judged by its command tags; with ``only_writes`` a transaction that wrote nothing keeps its
    answer. A write outside a transaction is lost as well, when ``autocommit`` is on. ``times``
    limits how many are lost over all connections; 0 is no limit.
    """

    wanted_of_server = "CZ"

    def __init__(self, toxic: "Toxic", connection: "Connection") -> None:
        super().__init__(toxic, connection)
        self._answer = Held(self.down)
        self._in_transaction = False
        self._wrote = self.joined_late  # what went before is unknown: it may have written

    def on_server_message(self, piece: Piece) -> None:
        """See ``PostgresSession``."""
        if piece.kind == "C" and self._on_command_complete(piece):
            return
        if piece.kind == "Z" and self._on_ready(piece):
            return
        if len(self._answer):  # an answer that may have to be lost is waiting for its end
            self._answer.add(piece.raw)
        else:
            self.to_client(piece.raw)

    def release_down(self) -> None:
        """See ``Conversation``."""
        self.to_client(self._answer.take_all())
        super().release_down()

    def _on_command_complete(self, piece: Piece) -> bool:
        """True when the message is not to be passed on."""
        words = piece.body.rstrip(b"\0").decode(errors="replace").split() or [""]
        if words[0] in {"BEGIN", "START"}:
            self._in_transaction, self._wrote = True, False
        elif words[0] == "ROLLBACK" and len(words) == 1:
            self._wrote = False
        elif words[0] == "COMMIT":
            return self._lose("the answer to COMMIT") if self._is_due(wrote=self._wrote) else False
        elif words[0] in _OTHER_WRITES or (words[0] in _COUNTED_WRITES and words[-1] != "0"):
            return self._on_write(piece)
        return False

    def _on_write(self, piece: Piece) -> bool:
        self._wrote = True
        implicit = not self._in_transaction and self.toxic.attributes["autocommit"]
        if not implicit or not self._is_due(wrote=True):
            return False
        # It is committed when the server is ready again, and not before.
        self._answer.add(piece.raw)
        return True

    def _on_ready(self, piece: Piece) -> bool:
        """True when the message is not to be passed on."""
        status = piece.body[:1]
        held = len(self._answer) > 0
        self._in_transaction = status != b"I"
        if held and status == b"I" and self._is_due(wrote=True):
            return self._lose("the answer to a write outside a transaction")
        if status == b"I":
            self._wrote = False
        self.to_client(self._answer.take_all())
        return False

    def _is_due(self, *, wrote: bool) -> bool:
        times = self.toxic.number("times")
        spent = times and self.toxic.memory.get("lost", 0) >= times
        return (wrote or not self.toxic.attributes["only_writes"]) and not spent

    def _lose(self, what: str) -> bool:
        self.toxic.memory["lost"] = self.toxic.memory.get("lost", 0) + 1
        self._answer.take_all()
        self.break_off(str(self.toxic.attributes["then"]), f"lost {what}")
        return True


KIND = ConversationKind(
    "postgres_lose_commit",
    {
        "then": Text("reset", choices=("reset", "close", "hang")),
        "times": Whole(high=10**9),
        "autocommit": Flag(default=True),
        "only_writes": Flag(default=True),
    },
    LoseCommit,
)
