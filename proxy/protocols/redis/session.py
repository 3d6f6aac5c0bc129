"""What all Redis faults need of a connection: commands and their replies, one by one."""

from typing import TYPE_CHECKING

from blackstart.proxy.protocols.conversation import Conversation
from blackstart.proxy.protocols.held import Held
from blackstart.proxy.protocols.redis.commands import ENDS_QUESTION_AND_ANSWER
from blackstart.proxy.protocols.redis.wire import StrangeBytesError, ValueReader, words
from blackstart.proxy.protocols.replies import Replies

if TYPE_CHECKING:
    from blackstart.proxy.connection import Connection
    from blackstart.proxy.toxic import Toxic


class RedisSession(Conversation):
    """Reads commands and replies; subclasses override ``on_command`` and ``on_reply``."""

    def __init__(self, toxic: "Toxic", connection: "Connection") -> None:
        super().__init__(toxic, connection)
        self._from_client = Held(self.up)
        self._from_server = Held(self.down)
        self._commands = ValueReader(self._from_client, allows_inline=not self.joined_late)
        self._values = ValueReader(self._from_server, allows_inline=False)
        self.replies: Replies[list[str]] = Replies(self.to_client)

    def on_command(self, command: list[str], raw: bytes) -> None:
        """The client asks for something."""
        self.pass_command(command, raw)

    def on_reply(self, command: list[str] | None, raw: bytes) -> None:  # noqa: ARG002
        """The server has answered ``command`` (None: one from before this toxic)."""
        self.to_client(raw)

    def pass_command(self, command: list[str], raw: bytes) -> None:
        """Let the server answer."""
        self.replies.asked(command)
        self.to_server(raw)

    def from_client(self, data: bytes) -> None:
        """See ``Conversation``."""
        try:
            for raw in self._commands.feed(data):
                if not self.connection.is_open:
                    return
                self._on_value(raw)
        except StrangeBytesError as problem:
            self.go_blind(f"this is not RESP: {problem}")

    def from_server(self, data: bytes) -> None:
        """See ``Conversation``."""
        try:
            for raw in self._values.feed(data):
                if not self.connection.is_open:
                    return
                if raw[:1] == b">":  # a push is nobody's answer
                    self.to_client(raw)
                    continue
                self.on_reply(self.replies.current(), raw)
                self.replies.done()
        except StrangeBytesError as problem:
            self.go_blind(f"this is not RESP: {problem}")

    def release_up(self) -> None:
        """See ``Conversation``."""
        self.to_server(self._from_client.take_all())

    def release_down(self) -> None:
        """See ``Conversation``."""
        self.to_client(self._from_server.take_all())

    def _on_value(self, raw: bytes) -> None:
        if self.up.is_transparent:
            self.to_server(raw)
            return
        command = words(raw)
        if command[0] in ENDS_QUESTION_AND_ANSWER:
            self.go_blind(f"{command[0]}: from here on replies do not belong to commands")
            self.to_server(raw)
        elif command[0]:
            self.on_command(command, raw)
        else:  # an empty line is a command that nobody answers
            self.to_server(raw)


def chosen(wanted: str, default: frozenset[str]) -> frozenset[str]:
    """The commands of a toxic's ``commands`` attribute: names with commas, or the default."""
    names = frozenset(name.strip().upper() for name in wanted.split(",") if name.strip())
    return names or default
