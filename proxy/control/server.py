"""Accepts clients of the control API and answers their requests, one after another."""

import contextlib
import socket
import time
from collections.abc import Callable

from blackstart.proxy.address import Address
from blackstart.proxy.control.messages import (
    TEXT_TYPE,
    MalformedError,
    Request,
    RequestReader,
    Response,
    as_bytes,
)
from blackstart.proxy.listener import Listener
from blackstart.proxy.loop import Loop
from blackstart.proxy.poller import READ, WRITE
from blackstart.proxy.raw_sockets import RawSocket

_IDLE_S = 60.0
_SWEEP_S = 5.0
_READ_BYTES = 64 * 1024

Answer = Callable[[Request], Response]


class ControlServer:
    """The API's port; ``answer`` is called for every request and never raises."""

    def __init__(self, loop: Loop, answer: Answer) -> None:
        self.loop = loop
        self.answer = answer
        self._listener = Listener(loop, self._on_accept, lambda _error: None, obeys_limit=False)
        self._clients: set[Client] = set()

    def bind(self, address: Address) -> Address:
        """Listen; return the address with the port that the kernel chose.

        Raises:
            OSError: the address cannot be had.
        """
        bound = self._listener.bind(address)
        self.loop.after_s(_SWEEP_S, self._sweep)
        return bound

    def close(self) -> None:
        """Close the port and every client's connection."""
        self._listener.release()
        for client in tuple(self._clients):
            client.close()

    def forget(self, client: "Client") -> None:
        """A client's connection is closed."""
        self._clients.discard(client)

    def _on_accept(self, sock: RawSocket, _peer: str) -> None:
        self._clients.add(Client(self, sock))

    def _sweep(self) -> None:
        """Close what has been silent too long."""
        limit_s = time.monotonic() - _IDLE_S
        for client in [client for client in self._clients if client.last_heard_s < limit_s]:
            client.close()
        self.loop.after_s(_SWEEP_S, self._sweep)


class Client:
    """One connection to the API. It reads nothing more while an answer waits to be taken."""

    def __init__(self, server: ControlServer, sock: RawSocket) -> None:
        self.last_heard_s = time.monotonic()
        self._server = server
        self._loop = server.loop
        self._sock = sock
        self._reader = RequestReader()
        self._unsent = b""
        self._closes = False
        self._is_open = True
        self._loop.watch(sock.fileno(), READ, self._on_event)

    def close(self) -> None:
        """End the connection; a second time changes nothing."""
        if not self._is_open:
            return
        self._is_open = False
        self._loop.forget(self._sock.fileno())
        with contextlib.suppress(OSError):  # the client was faster
            self._sock.shutdown(socket.SHUT_WR)
        self._loop.close_later(self._sock)
        self._server.forget(self)

    def _on_event(self, events: int) -> None:
        self.last_heard_s = time.monotonic()
        try:
            if self._unsent:
                self._write()
            elif events:
                self._read()
        except BlockingIOError:
            return
        except OSError:
            self.close()

    def _read(self) -> None:
        data = self._sock.recv(_READ_BYTES)
        if not data:
            self.close()
            return
        self._reader.feed(data)
        self._serve()

    def _serve(self) -> None:
        """Answer what is here until an answer is not taken at once."""
        while self._is_open and not self._unsent and not self._closes:
            try:
                request = self._reader.next()
            except MalformedError as problem:
                self._closes = True
                body = f"400 Bad Request: {problem}".encode()
                self._send(as_bytes(Response(400, body, TEXT_TYPE), date=_date(), keep_alive=False))
                return
            if request is None:
                if self._reader.expects_continue():
                    self._send(b"HTTP/1.1 100 Continue\r\n\r\n")
                return
            self._closes = not request.keep_alive
            self._send(
                as_bytes(
                    self._server.answer(request),
                    date=_date(),
                    keep_alive=request.keep_alive,
                    has_body=request.method != "HEAD",
                )
            )

    def _send(self, data: bytes) -> None:
        self._unsent += data
        self._loop.change(self._sock.fileno(), WRITE, self._on_event)
        self._write()

    def _write(self) -> None:
        self._unsent = self._unsent[self._sock.send(self._unsent) :]
        if self._unsent:
            return
        if self._closes:
            self.close()
            return
        self._loop.change(self._sock.fileno(), READ, self._on_event)
        self._serve()


def _date() -> str:
    """Now, as HTTP writes it (RFC 9110, IMF-fixdate), whatever the locale."""
    now = time.gmtime()
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[now.tm_wday]
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    clock = f"{now.tm_hour:02}:{now.tm_min:02}:{now.tm_sec:02}"
    return f"{day}, {now.tm_mday:02} {names[now.tm_mon - 1]} {now.tm_year} {clock} GMT"
