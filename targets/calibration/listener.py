"""The listening socket, that can be gone and come back on the same port."""

import asyncio
import socket

from blackstart.targets.calibration.connection import Connection, Serve


class Listener:
    """Listens on 127.0.0.1; ``refuse`` and ``listen`` take effect before they return."""

    def __init__(self, port: int, serve: Serve) -> None:
        self._port, self._serve = port, serve
        self._open_ones: set[Connection] = set()
        self._server: asyncio.Task[asyncio.Server] | None = None

    def listen(self) -> None:
        """Accept connections from now on: the kernel does, before the loop takes them over."""
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self._port))
        listening.listen(1024)
        loop = asyncio.get_running_loop()
        self._server = loop.create_task(loop.create_server(self._connection, sock=listening))

    def refuse(self) -> None:
        """Refuse connections from now on, and reset those that are open."""
        if self._server is not None:
            self._server.result().close()
            self._server = None
        for connection in list(self._open_ones):
            connection.reset()

    def _connection(self) -> Connection:
        return Connection(self._serve, self._open_ones)
