"""A listening port that stays ours while nobody listens on it."""

import contextlib
import errno
import socket
from collections.abc import Callable

from blackstart.proxy.address import Address, literal
from blackstart.proxy.loop import Loop
from blackstart.proxy.poller import READ
from blackstart.proxy.raw_sockets import RawSocket, accept

_BACKLOG = 1024
_ACCEPTS_PER_TURN = 64
_REST_S = 0.05
_PLUGS = 4

OnAccept = Callable[[RawSocket, str], None]
OnExhausted = Callable[[OSError], None]


class Listener:
    """Opens and shuts one port; between ``bind`` and ``release`` it cannot be lost.

    The port is held by a socket that is bound and never listens: connecting to it is refused,
    and the kernel hands the number to nobody else. The socket that listens comes and goes.
    """

    def __init__(
        self,
        loop: Loop,
        on_accept: OnAccept,
        on_exhausted: OnExhausted,
        *,
        obeys_limit: bool = True,
    ) -> None:
        self._loop = loop
        self._on_accept = on_accept
        self._on_exhausted = on_exhausted
        self._obeys_limit = obeys_limit
        self._keeper: socket.socket | None = None
        self._sock: socket.socket | None = None
        self._family = int(socket.AF_INET)
        self._plugs: dict[str, socket.socket] = {}

    @property
    def is_listening(self) -> bool:
        """Whether a client would be accepted."""
        return self._sock is not None and not self._plugs

    def bind(self, address: Address) -> Address:
        """Take the port and listen; return the address with the port that the kernel chose.

        Raises:
            OSError: the address cannot be had.
        """
        family, sockaddr = _sockaddr(address)
        keeper = _bound(family, sockaddr)
        try:
            host, port = keeper.getsockname()[:2]
            self._keeper = keeper
            self.open()
        except OSError:
            self.release()
            raise
        return Address(host, port)

    def open(self) -> None:
        """Listen (again).

        Raises:
            OSError: somebody else listens there.
        """
        self._unplug()
        if self._sock is not None or self._keeper is None:
            return
        sock = _bound(self._keeper.family, self._keeper.getsockname())
        try:
            sock.listen(_BACKLOG)
        except OSError:
            sock.close()
            raise
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # accepted sockets inherit it
        self._sock = sock
        self._family = int(sock.family)
        self._loop.watch(sock.fileno(), READ, self._on_readable)

    def shut(self) -> None:
        """Refuse connections from now on, at once; the port is kept."""
        if self._sock is None:
            return
        for plug in self._plugs.values():
            plug.close()
        self._plugs.clear()
        self._loop.forget(self._sock.fileno())
        with contextlib.suppress(OSError):  # systems that cannot shut a listener close it below
            self._sock.shutdown(socket.SHUT_RD)
        self._loop.close_later(self._sock)
        self._sock = None

    def hang(self) -> None:
        """Answer no connection attempt at all, until ``open`` or ``shut``.

        The kernel drops attempts while the queue of those not yet accepted is full. So the queue
        is made as short as can be and filled with connections of our own. Works on Linux.

        Raises:
            OSError: somebody else listens there.
        """
        if self._plugs:
            return
        self.open()
        if self._sock is None:
            return
        self._loop.forget(self._sock.fileno())
        self._on_readable(0)  # those who were here first get in
        self._sock.listen(0)
        for _ in range(_PLUGS):
            plug = socket.socket(self._sock.family, socket.SOCK_STREAM)
            plug.settimeout(0)
            plug.connect_ex(self._sock.getsockname())
            self._plugs[_peer_name(plug.getsockname())] = plug

    def release(self) -> None:
        """Give the port back."""
        self.shut()
        if self._keeper is not None:
            self._keeper.close()
            self._keeper = None

    def _on_readable(self, _events: int) -> None:
        for _ in range(_ACCEPTS_PER_TURN):
            if self._sock is None:  # what was accepted had it shut
                return
            try:
                client, peer = accept(self._sock, self._family)
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError as error:
                self._rest(error)
                return
            plug = self._plugs.pop(_peer_name(peer), None) if self._plugs else None
            if plug is not None:
                plug.close()
                client.close()
                continue
            if self._is_full(client):
                client.close()
                self._rest(OSError(errno.EMFILE, "no descriptors are left for clients"))
                return
            self._on_accept(client, _peer_name(peer))

    def _is_full(self, client: RawSocket) -> bool:
        """Whether this client would take what is kept for the control API."""
        return self._obeys_limit and client.fileno() >= self._loop.data_fd_limit - 2

    def _unplug(self) -> None:
        """Let the queue run again; our own connections in it are thrown away as they come."""
        if self._sock is None or not self._plugs:
            return
        self._sock.listen(_BACKLOG)
        self._loop.watch(self._sock.fileno(), READ, self._on_readable)

    def _rest(self, error: OSError) -> None:
        """No descriptor or memory is left: new clients wait in the kernel's queue for a while."""
        if self._sock is None or error.errno not in {errno.EMFILE, errno.ENFILE, errno.ENOMEM}:
            return
        sock = self._sock
        self._on_exhausted(error)
        self._loop.forget(sock.fileno())
        self._loop.after_s(_REST_S, lambda: self._resume(sock))

    def _resume(self, sock: socket.socket) -> None:
        if self._sock is sock:
            self._loop.watch(sock.fileno(), READ, self._on_readable)


def _bound(family: int, sockaddr: tuple[object, ...]) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(0)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(sockaddr)
    except OSError:
        sock.close()
        raise
    return sock


def _peer_name(sockaddr: tuple[object, ...]) -> str:
    return f"{sockaddr[0]}:{sockaddr[1]}"


def _sockaddr(address: Address) -> tuple[int, tuple[object, ...]]:
    host = literal(address.host or "127.0.0.1")
    if host is None:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
        found.sort(key=lambda entry: entry[0] != socket.AF_INET)
        return found[0][0], found[0][4]
    if ":" in host:
        return socket.AF_INET6, (host, address.port, 0, 0)
    return socket.AF_INET, (host, address.port)
