"""``postgres_end_session``: the server ends the session with a SQLSTATE."""

from blackstart.proxy.fields import Settings, Text
from blackstart.proxy.protocols.conversation import ConversationKind
from blackstart.proxy.protocols.postgres.batches import BatchingSession, matches
from blackstart.proxy.protocols.postgres.fail_query import check_sqlstate
from blackstart.proxy.protocols.postgres.wire import fatal


class EndSession(BatchingSession):
    """Say FATAL with ``sqlstate`` and close.

    ``when`` is ``query`` (instead of the answer to the next one that contains ``matching``),
    ``connect`` (instead of letting a new session in: 53300, 57P03) or ``now`` (also on sessions
    that are idle, as a server does that is shut down).
    """

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        if self.joined_late and self.toxic.attributes["when"] == "now":
            self.connection.loop.call_soon(self._end_now)

    def on_startup(self, raw: bytes) -> None:
        """See ``PostgresSession``."""
        if self.toxic.attributes["when"] == "query":
            self.to_server(raw)
        else:
            self._end("session not let in")

    def on_batch(self, raw: bytes, texts: list[str]) -> None:
        """See ``BatchingSession``."""
        asked = self.toxic.attributes["when"] == "query"
        if asked and matches(texts, str(self.toxic.attributes["matching"])):
            self._end(f"ended at: {texts[0][:80]}")
        else:
            self.to_server(raw)

    def _end_now(self) -> None:
        if self.connection.is_open and not self.up.is_lifted:
            self._end("session ended")

    def _end(self, detail: str) -> None:
        settings = self.toxic.attributes
        self.answer_and_close(fatal(str(settings["sqlstate"]), str(settings["message"])), detail)


class EndSessionKind(ConversationKind):
    """Knows what a SQLSTATE is."""

    def validate(self, settings: Settings) -> None:
        """See ``Kind``."""
        check_sqlstate(str(settings["sqlstate"]))


KIND = EndSessionKind(
    "postgres_end_session",
    {
        "matching": Text(),
        "when": Text("query", choices=("query", "connect", "now")),
        "sqlstate": Text("57P01"),
        "message": Text("terminating connection due to administrator command"),
    },
    EndSession,
)
