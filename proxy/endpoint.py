"""One socket of a connection, and what the loop watches it for."""

import contextlib
import socket
import struct
from typing import TYPE_CHECKING

from blackstart.proxy.loop import Handler, Loop
from blackstart.proxy.poller import READ, WRITE
from blackstart.proxy.raw_sockets import RawSocket

if TYPE_CHECKING:
    from blackstart.proxy.link import Link

_LINGER_NOT = struct.pack("ii", 1, 0)
_NO_SOCKET = -1


class Endpoint:
    """A socket that one link reads from and the other one writes to."""

    __slots__ = ("_has_ended", "_interest", "_loop", "fd", "incoming", "outgoing", "sock")

    def __init__(self, loop: Loop) -> None:
        self.sock: RawSocket
        self.incoming: Link
        self.outgoing: Link
        self._loop = loop
        self.fd = _NO_SOCKET
        self._interest = 0
        self._has_ended = False

    def open(self, sock: RawSocket) -> None:
        """The socket is here; wishes made before count from now on."""
        self.sock = sock
        self.fd = sock.fileno()
        if self._interest:
            self._loop.watch(self.fd, self._interest, self._handler())

    def want(self, interest: int) -> None:
        """Watch for reading, writing, both or nothing.

        A socket watched for nothing leaves the poller: epoll would report a hang-up for ever.
        """
        before = self._interest
        if interest == before:
            return
        self._interest = interest
        if self.fd == _NO_SOCKET:
            return
        if not before:
            self._loop.watch(self.fd, interest, self._handler())
        elif interest:
            self._loop.change(self.fd, interest, self._handler())
        else:
            self._loop.forget(self.fd)

    def want_reading(self, *, wanted: bool) -> None:
        """Start or stop to read."""
        self.want(self._interest | READ if wanted else self._interest & ~READ)

    def want_writing(self, *, wanted: bool) -> None:
        """Start or stop to wait for room in the kernel's buffer."""
        self.want(self._interest | WRITE if wanted else self._interest & ~WRITE)

    def _handler(self) -> Handler:
        """While it only reads, events go straight to the link: one call less on the hot path."""
        return self.incoming.read if self._interest == READ else self.on_event

    def on_event(self, events: int) -> None:
        """Write first: it makes room. Errors and hang-ups show up as ready for both."""
        if events != READ and self._interest & WRITE:
            self.outgoing.outlet.flush()
        if events != WRITE and self._interest & READ:
            self.incoming.read(events)

    def end_writing(self) -> None:
        """Tell the peer that nothing more comes; it may still send.

        Raises:
            OSError: the peer is gone.
        """
        self._has_ended = True
        self.sock.shutdown(socket.SHUT_WR)

    def close(self, *, reset: bool) -> None:
        """Close at the end of this turn: with RST, or in good order."""
        if self.fd == _NO_SOCKET:
            return
        self.fd = _NO_SOCKET
        self._interest = 0
        self._loop.close_later(self.sock)
        with contextlib.suppress(OSError):  # the peer was faster: there is nothing left to say
            if reset:
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
            elif not self._has_ended:
                # Closing with bytes unread sends a reset. The peer is to see the end first.
                self.sock.shutdown(socket.SHUT_WR)
