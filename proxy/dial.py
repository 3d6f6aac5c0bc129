"""Connecting to an upstream without ever making anybody else wait."""

import errno
import os
import socket
import threading
from collections.abc import Callable

from blackstart.proxy.address import Address, literal
from blackstart.proxy.loop import Loop
from blackstart.proxy.poller import WRITE

DIAL_LIMIT_S = 30.0

Done = Callable[[socket.socket | OSError], None]
Target = tuple[socket.AddressFamily, tuple[object, ...]]


class Dial:
    """One attempt to connect; ``done`` is called once with the socket or the error.

    ``done`` may be called before the constructor returns. All numbers of a name are tried in
    order. ``cancel`` makes it silent.
    """

    def __init__(self, loop: Loop, address: Address, done: Done) -> None:
        self._loop = loop
        self._address = address
        self._done: Done | None = done
        self._sock: socket.socket | None = None
        self._targets: list[Target] = []
        self._error = OSError(errno.EHOSTUNREACH, os.strerror(errno.EHOSTUNREACH))
        self._limit = loop.after_s(DIAL_LIMIT_S, self._out_of_time)
        number = literal(address.host)
        if number is None:
            threading.Thread(target=self._resolve, daemon=True).start()
        else:
            self._resolved([_target(number, address.port)])

    def cancel(self) -> None:
        """Give up; ``done`` is not called."""
        self._done = None
        self._limit.cancel()
        self._drop_socket()

    def _resolve(self) -> None:
        """In a thread of its own: the system's look-up may take its time."""
        host, port = self._address
        try:
            found = socket.getaddrinfo(host or "127.0.0.1", port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            problem = OSError(errno.EHOSTUNREACH, f"cannot look up {host!r}: {error}")
            self._loop.call_soon(lambda: self._finish(problem))
            return
        targets: list[Target] = [(family, address) for family, _, _, _, address in found]
        self._loop.call_soon(lambda: self._resolved(targets))

    def _resolved(self, targets: list[Target]) -> None:
        self._targets = targets
        self._try_next()

    def _try_next(self) -> None:
        while self._targets and self._done is not None:
            family, address = self._targets.pop(0)
            try:
                if self._start(family, address):
                    return
            except OSError as error:
                self._error = error
                self._drop_socket()
        self._finish(self._error)

    def _start(self, family: socket.AddressFamily, address: tuple[object, ...]) -> bool:
        sock = socket.socket(family, socket.SOCK_STREAM)
        self._sock = sock
        sock.settimeout(0)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        problem = sock.connect_ex(address)
        if problem == errno.EINPROGRESS:
            problem = sock.connect_ex(address)  # on the same machine it is there by now
        if problem in {0, errno.EISCONN}:
            self._sock = None
            self._finish(sock)
        elif problem in {errno.EINPROGRESS, errno.EALREADY}:
            self._loop.watch(sock.fileno(), WRITE, self._on_writable)
        else:
            raise OSError(problem, os.strerror(problem))
        return True

    def _on_writable(self, _events: int) -> None:
        sock = self._sock
        if sock is None:
            return
        problem = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if problem:
            self._error = OSError(problem, os.strerror(problem))
            self._drop_socket()
            self._try_next()
            return
        self._loop.forget(sock.fileno())
        self._sock = None
        self._finish(sock)

    def _finish(self, outcome: socket.socket | OSError) -> None:
        self._limit.cancel()
        done, self._done = self._done, None
        if done is not None:
            done(outcome)
        elif isinstance(outcome, socket.socket):
            self._loop.close_later(outcome)

    def _out_of_time(self) -> None:
        self._drop_socket()
        self._targets = []
        self._finish(OSError(errno.ETIMEDOUT, f"no answer in {DIAL_LIMIT_S:g} s"))

    def _drop_socket(self) -> None:
        if self._sock is not None:
            self._loop.forget(self._sock.fileno())
            self._loop.close_later(self._sock)
            self._sock = None


def _target(number: str, port: int) -> Target:
    if ":" in number:
        return socket.AF_INET6, (number, port, 0, 0)
    return socket.AF_INET, (number, port)
