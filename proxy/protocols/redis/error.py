"""``redis_error``: the server says LOADING, READONLY or OOM."""

from collections.abc import Mapping
from typing import Final

from blackstart.proxy.fields import Text
from blackstart.proxy.protocols.conversation import ConversationKind
from blackstart.proxy.protocols.redis.commands import ANSWERED_WHILE_LOADING, NEEDS_MEMORY, WRITES
from blackstart.proxy.protocols.redis.session import RedisSession, chosen
from blackstart.proxy.protocols.redis.wire import error

_TEXTS: Final[Mapping[str, str]] = {
    "LOADING": "LOADING Redis is loading the dataset in memory",
    "READONLY": "READONLY You can't write against a read only replica.",
    "OOM": "OOM command not allowed when used memory > 'maxmemory'.",
}
_DISCARD: Final = b"*1\r\n$7\r\nDISCARD\r\n"
_ABORTED: Final = b"-EXECABORT Transaction discarded because of previous errors.\r\n"


class RedisError(RedisSession):
    """Answer with ``error`` in the server's stead; the command never reaches it.

    LOADING meets every command that a loading server would refuse, READONLY those that write,
    OOM those that need memory; ``commands`` (names with commas) chooses others. A transaction of
    which one command was refused is discarded at EXEC, as a server does.
    """

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self._has_refused = False
        self._in_transaction = False

    def on_command(self, command: list[str], raw: bytes) -> None:
        """See ``RedisSession``."""
        name = command[0]
        if name == "EXEC" and self._in_transaction and self._has_refused:
            self._in_transaction = False
            self.pass_command(["(discarded)"], _DISCARD)
        elif self._is_met(name):
            self._has_refused = True
            self.up.bite(f"{self.toxic.attributes['error']} to {name}")
            self.replies.answer(error(_TEXTS[str(self.toxic.attributes["error"])]))
        else:
            self._note(name)
            self.pass_command(command, raw)

    def on_reply(self, command: list[str] | None, raw: bytes) -> None:
        """See ``RedisSession``."""
        self.to_client(_ABORTED if command == ["(discarded)"] else raw)

    def _note(self, name: str) -> None:
        if name == "MULTI":
            self._in_transaction, self._has_refused = True, False
        elif name in {"EXEC", "DISCARD", "RESET"}:
            self._in_transaction = False

    def _is_met(self, name: str) -> bool:
        wanted = str(self.toxic.attributes["commands"])
        if wanted:
            return name in chosen(wanted, frozenset())
        kind = self.toxic.attributes["error"]
        if kind == "LOADING":
            return name not in ANSWERED_WHILE_LOADING
        return name in (WRITES if kind == "READONLY" else NEEDS_MEMORY)


KIND = ConversationKind(
    "redis_error",
    {"error": Text("LOADING", choices=tuple(_TEXTS)), "commands": Text()},
    RedisError,
)
