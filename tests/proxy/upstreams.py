"""Small upstream servers for the proxy's tests."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

Serve = Callable[[socket.socket], None]


class Upstream:
    """A TCP server that gives each connection to ``serve`` in a thread of its own."""

    def __init__(self, serve: Serve, port: int = 0) -> None:
        self.serve = serve
        self.sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port: int = self._listener.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        self.accepted = threading.Semaphore(0)
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.sockets.append(sock)
            self.accepted.release()
            threading.Thread(target=self._one, args=(sock,), daemon=True).start()

    def _one(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError):
            self.serve(sock)

    def last(self) -> socket.socket:
        """The upstream's side of the next connection."""
        assert self.accepted.acquire(timeout=5), "the upstream was not reached in 5 s"
        return self.sockets[-1]

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)
        for sock in self.sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()


def echo(sock: socket.socket) -> None:
    """Send everything back; close when the client has ended its side."""
    while data := sock.recv(65536):
        sock.sendall(data)
    sock.shutdown(socket.SHUT_WR)


def silent(sock: socket.socket) -> None:
    """Leave the socket to the test."""


@contextlib.contextmanager
def upstream(serve: Serve = echo) -> Iterator[Upstream]:
    server = Upstream(serve)
    try:
        yield server
    finally:
        server.close()
