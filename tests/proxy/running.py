"""A proxy server in a process of its own, and clients' sockets through it."""

import contextlib
import itertools
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from blackstart.proxy.client import Event, Proxy, ProxyClient

_names = itertools.count(1)
T = TypeVar("T")


@dataclass
class Running:
    """A server that runs, and its client."""

    process: subprocess.Popen[str]
    url: str
    client: ProxyClient
    opened: list[socket.socket] = field(default_factory=list, repr=False)

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://").rpartition(":")[0]

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def create(self, upstream: str) -> Proxy:
        """A proxy with a name of its own."""
        return self.client.create(f"p{next(_names)}", upstream)

    def connect(self, proxy: Proxy, limit_s: float = 5.0) -> socket.socket:
        sock = socket.create_connection((proxy.host, proxy.port), timeout=limit_s)
        self.opened.append(sock)
        return sock

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def open_descriptors(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))  # noqa: PTH208

    def clear(self) -> None:
        """Close what the test opened, delete every proxy."""
        for sock in self.opened:
            sock.close()
        self.opened.clear()
        for name in self.client.proxies():
            self.client.delete(name)

    def wait_for_event(self, kind: str, proxy: Proxy, limit_s: float = 5.0) -> Event:
        """The first event of this kind about this proxy."""

        def look() -> Event | None:
            wanted = (kind, proxy.name)
            return next((e for e in self.client.events() if (e.kind, e.proxy) == wanted), None)

        return wait_until(look, f"event {kind}", limit_s)


def wait_until(look: Callable[[], T | None], what: str, limit_s: float = 5.0) -> T:
    """Poll until ``look`` gives something true."""
    end_s = time.monotonic() + limit_s
    while time.monotonic() < end_s:
        found = look()
        if found:
            return found
        time.sleep(0.005)
    raise AssertionError(f"{what}: not seen in {limit_s:g} s")


def start(*flags: str, token: str | None = None) -> Running:
    process = subprocess.Popen(
        [sys.executable, "-m", "blackstart.proxy", "-port", "0", *flags],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    url = next(word for word in line.split() if word.startswith("http://"))
    return Running(process, url, ProxyClient(url, token=token))


def stop(running: Running) -> int:
    for sock in running.opened:
        sock.close()
    running.process.terminate()
    try:
        return running.process.wait(10)
    finally:
        assert running.process.stdout is not None
        running.process.stdout.close()


@contextlib.contextmanager
def server(*flags: str, token: str | None = None) -> Iterator[Running]:
    running = start(*flags, token=token)
    try:
        yield running
    finally:
        stop(running)


def receive(sock: socket.socket, count: int) -> bytes:
    """Exactly ``count`` bytes, or what came before the end."""
    got = bytearray()
    while len(got) < count:
        data = sock.recv(min(65536, count - len(got)))
        if not data:
            break
        got += data
    return bytes(got)


def receive_all(sock: socket.socket) -> bytes:
    """Everything up to the end of the stream."""
    got = bytearray()
    while data := sock.recv(65536):
        got += data
    return bytes(got)


def nothing_comes(sock: socket.socket, for_s: float = 0.15) -> bool:
    """Whether the socket stays silent, without an end, for the given time."""
    before_s = sock.gettimeout()
    sock.settimeout(for_s)
    try:
        return sock.recv(1) is None
    except TimeoutError:
        return True
    finally:
        sock.settimeout(before_s)
