"""``redis_lose_reply``: the write is done and its client never hears of it."""

from blackstart.proxy.fields import Text, Whole
from blackstart.proxy.protocols.conversation import ConversationKind
from blackstart.proxy.protocols.redis.commands import WRITES
from blackstart.proxy.protocols.redis.session import RedisSession, chosen


class LoseReply(RedisSession):
    """Drop the reply of a write, then ``then``: reset, close or hang.

    ``commands`` (names with commas) chooses others than all that write. Inside a transaction it
    is the reply of EXEC that is lost. An error is passed on: nothing was written. ``times``
    limits how many are lost over all connections; 0 is no limit.
    """

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self._in_transaction = False
        self._writes = False

    def on_command(self, command: list[str], raw: bytes) -> None:
        """See ``RedisSession``."""
        name = command[0]
        is_write = name in chosen(str(self.toxic.attributes["commands"]), WRITES)
        if name == "MULTI":
            self._in_transaction, self._writes = True, False
        elif name in {"EXEC", "DISCARD"}:
            self._in_transaction = False
            is_write = name == "EXEC" and self._writes
        elif self._in_transaction:
            self._writes, is_write = self._writes or is_write, False
        self.pass_command([name, "write" if is_write else ""], raw)

    def on_reply(self, command: list[str] | None, raw: bytes) -> None:
        """See ``RedisSession``."""
        if command is None or command[1] != "write" or raw[:1] == b"-" or self._is_spent():
            self.to_client(raw)
            return
        self.toxic.memory["lost"] = self.toxic.memory.get("lost", 0) + 1
        self.break_off(str(self.toxic.attributes["then"]), f"lost the reply of {command[0]}")

    def _is_spent(self) -> bool:
        times = self.toxic.number("times")
        return bool(times) and int(self.toxic.memory.get("lost", 0)) >= times


KIND = ConversationKind(
    "redis_lose_reply",
    {
        "then": Text("reset", choices=("reset", "close", "hang")),
        "times": Whole(high=10**9),
        "commands": Text(),
    },
    LoseReply,
)
