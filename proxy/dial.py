"""Connecting to an upstream without ever making anybody else wait."""

import errno
import os
import socket
import threading
from collections.abc import Callable
from typing import NamedTuple

from blackstart.proxy.address import Address, literal
from blackstart.proxy.loop import Loop
from blackstart.proxy.poller import WRITE
from blackstart.proxy.raw_sockets import RawSocket, new_socket

DIAL_LIMIT_S = 30.0

Done = Callable[[RawSocket | OSError], None]
Target = tuple[int, tuple[object, ...]]

_NOT_YET = frozenset({errno.EINPROGRESS, errno.EALREADY})
_THERE = frozenset({0, errno.EISCONN})


class Attempt(NamedTuple):
    """One connection attempt: its socket, and the error number of ``connect`` (0: connected)."""

    sock: RawSocket
    problem: int

    @property
    def is_connected(self) -> bool:
        """Whether bytes can be sent."""
        return self.problem in _THERE


def attempt(target: Target) -> Attempt:
    """Begin to connect. On the same machine that is mostly done when this returns.

    Raises:
        OSError: no socket is left.
    """
    family, address = target
    sock = new_socket(family)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    problem = sock.connect_ex(address)
    if problem == errno.EINPROGRESS:
        problem = sock.connect_ex(address)
    return Attempt(sock, problem)


def literal_target(address: Address) -> Target | None:
    """Where to connect when nothing has to be looked up."""
    number = literal(address.host)
    if number is None:
        return None
    if ":" in number:
        return socket.AF_INET6, (number, address.port, 0, 0)
    return socket.AF_INET, (number, address.port)


class Dial:
    """One attempt to connect; ``done`` is called once with the socket or the error.

    ``done`` may be called before the constructor returns. All numbers of a name are tried in
    order. ``cancel`` makes it silent.
    """

    def __init__(
        self, loop: Loop, address: Address, done: Done, *, begun: Attempt | None = None
    ) -> None:
        self._loop = loop
        self._address = address
        self._done: Done | None = done
        self._sock: RawSocket | None = None
        self._targets: list[Target] = []
        self._error = OSError(errno.EHOSTUNREACH, os.strerror(errno.EHOSTUNREACH))
        self._limit = loop.after_s(DIAL_LIMIT_S, self._out_of_time)
        target = literal_target(address)
        if begun is not None:
            self._go_on(begun)
        elif target is None:
            threading.Thread(target=self._resolve, daemon=True).start()
        else:
            self._resolved([target])

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
            try:
                made = attempt(self._targets.pop(0))
            except OSError as error:
                self._error = error
                continue
            if self._is_settled(made):
                return
        self._finish(self._error)

    def _go_on(self, begun: Attempt) -> None:
        if not self._is_settled(begun):
            self._finish(self._error)

    def _is_settled(self, made: Attempt) -> bool:
        """Whether this attempt has succeeded or may yet; otherwise its error is kept."""
        if made.is_connected:
            self._finish(made.sock)
            return True
        self._sock = made.sock
        if made.problem in _NOT_YET:
            self._loop.watch(made.sock.fileno(), WRITE, self._on_writable)
            return True
        self._error = OSError(made.problem, os.strerror(made.problem))
        self._drop_socket()
        return False

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

    def _finish(self, outcome: RawSocket | OSError) -> None:
        self._limit.cancel()
        done, self._done = self._done, None
        if done is not None:
            done(outcome)
        elif isinstance(outcome, RawSocket):
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
