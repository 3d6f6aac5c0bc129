"""Many connections, little room, changes under load: nothing hangs, leaks or dies."""

import contextlib
import json
import os
import random
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from blackstart.proxy.client import ProxyClient

from . import running as running_module
from .running import Running, receive, wait_until
from .upstreams import Upstream, echo


@contextlib.contextmanager
def pumping(proxies: Running, name: str, *, reads: bool) -> Iterator[None]:
    """Six clients that send without end, and read or not."""
    proxy = proxies.client.get(name)
    stop = threading.Event()

    def pump() -> None:
        with contextlib.suppress(OSError), proxies.connect(proxy, limit_s=0.2) as sock:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    sock.send(b"x" * 30_000)
                    if reads:
                        sock.recv(30_000)

    threads = [threading.Thread(target=pump) for _ in range(6)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(5)


@pytest.mark.parametrize("reads", [True, False])
def test_no_change_hangs_under_load(
    proxies: Running,
    echo_server: Upstream,
    reads: bool,  # noqa: FBT001
) -> None:
    proxy = proxies.create(echo_server.address)
    slowest_s = 0.0
    toxics: list[tuple[str, dict[str, int]]] = [
        ("latency", {"latency": 50, "jitter": 20}),
        ("bandwidth", {"rate": 100}),
        ("slicer", {"average_size": 100, "delay": 100}),
        ("stall", {}),
    ]
    with pumping(proxies, proxy.name, reads=reads):
        for stream in ("upstream", "downstream"):
            for type_name, attributes in toxics:
                start_s = time.monotonic()
                added = proxies.client.add_toxic(
                    proxy.name, type_name, stream=stream, attributes=attributes
                )
                proxies.client.update_toxic(proxy.name, added.name, toxicity=0.5)
                proxies.client.remove_toxic(proxy.name, added.name)
                slowest_s = max(slowest_s, time.monotonic() - start_s)
        start_s = time.monotonic()
        proxies.client.disable(proxy.name)
        slowest_s = max(slowest_s, time.monotonic() - start_s)
    assert slowest_s < 1


def churn(proxies: Running, name: str, count: int) -> None:
    """Connections that end in every way there is."""
    proxy = proxies.client.get(name)
    for number in range(count):
        with socket.create_connection((proxy.host, proxy.port), timeout=5) as sock:
            if number % 4:
                sock.sendall(b"hello")
            if number % 4 > 1:
                assert receive(sock, 5) == b"hello"
            if number % 4 > 2:
                linger = b"\1\0\0\0\0\0\0\0"
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def resident_kib(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])


@pytest.mark.parametrize(
    "count", [600, pytest.param(10_000, marks=pytest.mark.slow)], ids=["600", "10000"]
)
def test_nothing_is_left_of_connections_that_are_over(count: int) -> None:
    # A server and an upstream of their own: what is counted is nobody else's.
    with running_module.server() as server, upstream_process() as address:
        for toxics in ((), ("latency", "slicer", "bandwidth")):
            proxy = server.create(address)
            for type_name in toxics:
                attributes = {"rate": 100_000} if type_name == "bandwidth" else {}
                server.client.add_toxic(proxy.name, type_name, attributes=attributes)
            churn(server, proxy.name, 300)
            before = (server.open_descriptors(), resident_kib(server.process.pid))
            churn(server, proxy.name, count // 2)

            def is_over(name: str = proxy.name) -> bool:
                return server.client.connections(name).counters["open"] == 0

            wait_until(is_over, "every connection over")
            assert server.open_descriptors() <= before[0] + 4
            assert resident_kib(server.process.pid) < before[1] + 16_000


@contextlib.contextmanager
def upstream_process() -> Iterator[str]:
    """An echo server outside of the test's process, where threads would be in the way."""
    code = (
        "import socket, selectors, sys\n"
        "sel = selectors.DefaultSelector()\n"
        "srv = socket.create_server(('127.0.0.1', 0), backlog=1024)\n"
        "print(srv.getsockname()[1], flush=True)\n"
        "sel.register(srv, 1)\n"
        "while True:\n"
        "    for key, _ in sel.select():\n"
        "        if key.fileobj is srv:\n"
        "            sel.register(srv.accept()[0], 1)\n"
        "            continue\n"
        "        try:\n"
        "            data = key.fileobj.recv(65536)\n"
        "            key.fileobj.sendall(data)\n"
        "        except OSError:\n"
        "            data = b''\n"
        "        if not data:\n"
        "            sel.unregister(key.fileobj)\n"
        "            key.fileobj.close()\n"
    )
    command = [sys.executable, "-c", code]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield f"127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.terminate()
        process.wait(5)
        process.stdout.close()


def test_past_its_descriptor_limit_the_api_still_answers(echo_server: Upstream) -> None:
    limit = 120
    command = [sys.executable, "-m", "blackstart.proxy", "-port", "0"]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (60, limit)),  # noqa: PLW1509
    )
    assert process.stdout is not None
    url = next(word for word in process.stdout.readline().split() if word.startswith("http"))
    running = Running(process, url, ProxyClient(url))
    try:
        proxy = running.create(echo_server.address)
        with contextlib.ExitStack() as opened:
            for _ in range(limit):
                with contextlib.suppress(OSError):
                    opened.enter_context(running.connect(proxy))
            running.wait_for_event("out_of_descriptors", proxy)
            assert 30 <= running.client.connections(proxy.name).counters["open"] <= limit / 2
        wait_until(
            lambda: running.client.connections(proxy.name).counters["open"] == 0, "room again"
        )
        client = running.connect(proxy)
        client.sendall(b"back")
        assert receive(client, 4) == b"back"
    finally:
        running_module.stop(running)


TYPES = [
    "bandwidth half_open hang latency limit_data noop refuse reset_peer slicer slow_close stall",
    "timeout postgres_delay_query postgres_end_session postgres_fail_query postgres_lose_commit",
    "redis_error redis_lose_reply http_slow_body http_slow_down http_status http_truncated_body",
]
ATTRIBUTES = [
    "latency jitter rate shared delay timeout average_size size_variation bytes both keep_open",
    "matching nth times sqlstate message when then error commands status body share path delay_ms",
]


def words(lines: list[str]) -> list[str]:
    return " ".join(lines).split()


def random_value(chance: random.Random) -> object:
    return chance.choice(
        [
            chance.randint(-5, 5),
            chance.randint(-(10**12), 10**12),
            chance.random() * 3,
            chance.choice(["", "x", "reset", "close", "hang", "GET", "LOADING", "\0", "ü" * 50]),
            None,
            True,
            False,
            [],
            {},
        ]
    )


def random_toxic(chance: random.Random) -> bytes:
    names = chance.sample(words(ATTRIBUTES), chance.randint(0, 3))
    body = {
        "name": f"t{chance.randint(0, 9)}",
        "type": chance.choice(words(TYPES)),
        "stream": chance.choice(["upstream", "downstream", "UpStream", "", "x"]),
        "toxicity": chance.choice([1, 1, 1, 0.5, 0, 2, None, "x"]),
        "attributes": {name: random_value(chance) for name in names},
    }
    return json.dumps(body).encode()


def random_request(chance: random.Random) -> bytes:
    """Sometimes sound, sometimes damaged, sometimes noise."""
    kind = chance.random()
    if kind < 0.1:
        return chance.randbytes(chance.randint(1, 300)) + b"\r\n\r\n"
    paths = ["/proxies", "/proxies/fuzz", "/proxies/fuzz/toxics", "/populate", "/events", "/reset"]
    paths += [f"/proxies/fuzz/toxics/t{n}" for n in range(10)] + ["/proxies/fuzz/connections", "/%"]
    method = chance.choice(["GET", "POST", "POST", "POST", "PATCH", "DELETE", "PUT"])
    path = chance.choice(paths) if kind > 0.3 else "/proxies/fuzz/toxics"
    if method == "DELETE" and path == "/proxies/fuzz":
        path = "/proxies/none"
    body = random_toxic(chance) if chance.random() < 0.8 else chance.randbytes(40)
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}"
    )
    request = bytearray(head.encode() + b"\r\n\r\n" + body)
    if chance.random() < 0.2:
        request[chance.randrange(len(request))] = chance.randrange(256)
    return bytes(request)


def random_data(chance: random.Random) -> bytes:
    """The beginnings of what the protocol faults read, and noise."""
    start = chance.choice(
        [
            b"",
            b"\0\0\0\x08\x04\xd2\x16\x2f",
            b"\0\0\0\x09\0\3\0\0\0",
            b"Q\0\0\0\x0dselect 1\0",
            b"Q\xff\xff\xff\xff",
            b"*2\r\n$3\r\nGET\r\n$1\r\nx\r\n",
            b"*-1\r\n*1000000000\r\n$-5\r\n",
            b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe",
            b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n",
            b"\x16\x03\x01",
        ]
    )
    return start + chance.randbytes(chance.randint(0, 200))


@pytest.mark.parametrize(
    "inputs", [400, pytest.param(6_000, marks=pytest.mark.slow)], ids=["400", "6000"]
)
def test_no_input_kills_it(inputs: int) -> None:
    """So many requests to the API, and as many connections that carry noise both ways."""
    seed = int(os.environ.get("FUZZ_SEED", "1"))
    chance = random.Random(seed)

    def noise(sock: socket.socket) -> None:
        sock.sendall(chance.randbytes(chance.randint(0, 50)))
        echo(sock)

    upstream = Upstream(noise)
    try:
        with running_module.server("-seed", "1") as running:
            for number in range(inputs):
                ensure_proxy(running, upstream)
                poke(("127.0.0.1", running.port), random_request(chance))
                poke_data(running, chance)
                assert running.is_alive(), f"died at input {number} of FUZZ_SEED={seed}"
            kinds = {event.kind for event in running.client.events()}
            assert "defect" not in kinds, f"a defect was caught, FUZZ_SEED={seed}"
            assert "toxic_added" in kinds
            running.client.wait_ready(2)
    finally:
        upstream.close()


def ensure_proxy(running: Running, upstream: Upstream) -> None:
    names = running.client.proxies()
    for name in names:
        if name != "fuzz":
            running.client.delete(name)
    if "fuzz" not in names:
        running.client.create("fuzz", upstream.address)


def poke(address: tuple[str, int], content: bytes) -> None:
    with contextlib.suppress(OSError), socket.create_connection(address, timeout=0.5) as sock:
        sock.sendall(content)
        sock.settimeout(0.02)
        sock.recv(65536)


def poke_data(running: Running, chance: random.Random) -> None:
    proxy = running.client.proxies().get("fuzz")
    if proxy is not None:
        poke((proxy.host, proxy.port), random_data(chance))
