"""What all Postgres faults need of a session: its start, and its messages one by one."""

from typing import TYPE_CHECKING

from blackstart.proxy.protocols.conversation import Conversation
from blackstart.proxy.protocols.held import Held
from blackstart.proxy.protocols.postgres import wire
from blackstart.proxy.protocols.postgres.wire import Piece, Splitter, StrangeBytesError

if TYPE_CHECKING:
    from blackstart.proxy.connection import Connection
    from blackstart.proxy.toxic import Toxic


class PostgresSession(Conversation):
    """Reads a session. Subclasses name the messages they want and override ``on_…``.

    A client that asks for TLS is told that there is none, in the server's stead: an encrypted
    session could not be read. Clients that merely prefer TLS go on; those that insist say so.
    """

    wanted_of_client = ""
    wanted_of_server = ""

    def __init__(self, toxic: "Toxic", connection: "Connection") -> None:
        super().__init__(toxic, connection)
        self._from_client = Held(self.up)
        self._from_server = Held(self.down)
        in_startup = not self.joined_late
        self._client_reader = Splitter(
            self._from_client, self.wanted_of_client, with_startup=in_startup
        )
        self._server_reader = Splitter(self._from_server, self.wanted_of_server, with_startup=False)

    def on_client_message(self, piece: Piece) -> None:
        """A message of the client, or bytes of others."""
        self.to_server(piece.raw)

    def on_server_message(self, piece: Piece) -> None:
        """A message of the server, or bytes of others."""
        self.to_client(piece.raw)

    def on_startup(self, raw: bytes) -> None:
        """The client begins a session."""
        self.to_server(raw)

    def from_client(self, data: bytes) -> None:
        """See ``Conversation``."""
        try:
            for piece in self._client_reader.feed(data):
                if not self.connection.is_open:
                    return
                if piece.kind == wire.STARTUP:
                    self._on_startup_packet(piece.raw)
                else:
                    self.on_client_message(piece)
        except StrangeBytesError as problem:
            self.go_blind(str(problem))

    def from_server(self, data: bytes) -> None:
        """See ``Conversation``."""
        try:
            for piece in self._server_reader.feed(data):
                if not self.connection.is_open:
                    return
                self.on_server_message(piece)
        except StrangeBytesError as problem:
            self.go_blind(str(problem))

    def release_up(self) -> None:
        """See ``Conversation``."""
        self.to_server(self._from_client.take_all())

    def release_down(self) -> None:
        """See ``Conversation``."""
        self.to_client(self._from_server.take_all())

    def _on_startup_packet(self, raw: bytes) -> None:
        code = wire.startup_code(raw)
        if code in {wire.TLS_REQUEST, wire.GSS_REQUEST}:
            self.connection.proxy.note_tls_declined(self.connection, self.toxic)
            self.to_client(b"N")
            return
        self._client_reader.in_startup = False
        if code == wire.CANCEL_REQUEST:
            self.to_server(raw)
            self.up.is_transparent = self.down.is_transparent = True
            return
        self.on_startup(raw)
