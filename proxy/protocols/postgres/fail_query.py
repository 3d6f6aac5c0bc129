"""``postgres_fail_query``: the n-th query fails with a given SQLSTATE."""

from blackstart.proxy.fields import FieldError, Settings, Text, Whole
from blackstart.proxy.protocols.conversation import ConversationKind
from blackstart.proxy.protocols.postgres.batches import BatchingSession, matches
from blackstart.proxy.protocols.postgres.wire import query


class FailQuery(BatchingSession):
    """Let the server fail it, so that the transaction's state is the true one.

    The query is replaced by one that raises the error. Queries that contain ``matching`` are
    counted over all connections; from the ``nth`` on, ``times`` of them fail (0: all).
    """

    def on_batch(self, raw: bytes, texts: list[str]) -> None:
        """See ``BatchingSession``."""
        if not self._is_chosen(texts):
            self.to_server(raw)
            return
        settings = self.toxic.attributes
        self.up.bite(f"failed with {settings['sqlstate']}: {texts[0][:80]}")
        self.to_server(query(raising(str(settings["sqlstate"]), str(settings["message"]))))
        self.discard_rest()

    def _is_chosen(self, texts: list[str]) -> bool:
        if not matches(texts, str(self.toxic.attributes["matching"])):
            return False
        seen = self.toxic.memory["queries"] = self.toxic.memory.get("queries", 0) + 1
        nth, times = self.toxic.number("nth"), self.toxic.number("times")
        return seen >= nth and (times == 0 or seen < nth + times)


def raising(sqlstate: str, text: str) -> str:
    """SQL that fails with this state and text, whatever characters they hold."""
    escaped = text.replace("'", "''").replace("$fault$", "fault")
    return (
        f"DO LANGUAGE plpgsql $fault$ BEGIN RAISE EXCEPTION "
        f"USING ERRCODE = '{sqlstate}', MESSAGE = '{escaped}'; END $fault$"
    )


class FailQueryKind(ConversationKind):
    """Knows what a SQLSTATE is."""

    def validate(self, settings: Settings) -> None:
        """See ``Kind``."""
        check_sqlstate(str(settings["sqlstate"]))


def check_sqlstate(sqlstate: str) -> None:
    """Five digits or capitals, or ``FieldError``."""
    is_code = len(sqlstate) == 5 and sqlstate.isascii() and sqlstate.isalnum()
    if not is_code or sqlstate.upper() != sqlstate or sqlstate.startswith("00"):
        raise FieldError(f"sqlstate must be five digits or capitals as 40001, not {sqlstate!r}")


KIND = FailQueryKind(
    "postgres_fail_query",
    {
        "matching": Text(),
        "nth": Whole(1, low=1, high=10**9),
        "times": Whole(1, high=10**9),
        "sqlstate": Text("40001"),
        "message": Text("failed by the fault proxy"),
    },
    FailQuery,
)
