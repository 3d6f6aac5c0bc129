"""``postgres_delay_query``: matching queries reach the server late."""

import time

from blackstart.proxy.fields import DAY_MS, Text, Whole
from blackstart.proxy.protocols.conversation import Behind, ConversationKind
from blackstart.proxy.protocols.postgres.batches import BatchingSession, matches
from blackstart.proxy.stage import End, TimedStage


class DelayQuery(BatchingSession):
    """Hold a query that contains ``matching`` for ``delay_ms``; what follows stays behind it."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        self._line = TimedStage(self.toxic, self.up.link)
        self._line.next = Behind(self.up)
        self.up.on_stop = self._line.stop

    def on_batch(self, raw: bytes, texts: list[str]) -> None:
        """See ``BatchingSession``."""
        delay_ns = 0
        if matches(texts, str(self.toxic.attributes["matching"])):
            self.up.bite(f"delayed: {texts[0][:80]}")
            delay_ns = self.toxic.number("delay_ms") * 1_000_000
        self._put(raw, delay_ns)

    def to_server(self, data: bytes) -> None:
        """See ``Conversation``: never past a query that waits."""
        if data:
            self._put(data, 0)

    def client_ended(self, how: End) -> None:
        """See ``Conversation``."""
        self.release_held()
        self._line.put(how, 0)

    def release_up(self) -> None:
        """See ``Conversation``."""
        self.release_held()
        self._line.lift()

    def release_held(self) -> None:
        """What has not become a whole batch follows the queries that wait."""
        super().release_up()

    def _put(self, data: bytes, delay_ns: int) -> None:
        self._line.put(data, time.monotonic_ns() + delay_ns)


KIND = ConversationKind(
    "postgres_delay_query",
    {"matching": Text(), "delay_ms": Whole(1000, high=DAY_MS)},
    DelayQuery,
)
