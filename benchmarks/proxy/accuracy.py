"""How true the timed faults are: 100 ms of latency, and bandwidth at 1, 10 and 100 MB/s."""

import contextlib
import socket
import tempfile
import time
from pathlib import Path

from benchmarks.proxy import upstreams
from benchmarks.proxy.targets import ours
from blackstart.proxy.client import ProxyClient

_TRIPS = 50
_MESSAGE = b"x" * 64


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        load = upstreams.build_load(Path(name))
        echo = stack.enter_context(upstreams.load_server(load, "echo"))
        source = stack.enter_context(upstreams.load_server(load, "source"))
        target = stack.enter_context(ours([echo, source]))
        client = ProxyClient(target.url)
        for latency_ms in (1, 20, 100):
            _latency(client, f"p{echo}", target.ports[echo], latency_ms)
        for rate, seconds in ((1_000, 3), (10_000, 3), (100_000, 3)):
            _bandwidth(client, f"p{source}", target.ports[source], rate, seconds)


def _latency(client: ProxyClient, proxy: str, port: int, latency_ms: int) -> None:
    client.add_toxic(proxy, "latency", attributes={"latency": latency_ms})
    with socket.create_connection(("127.0.0.1", port)) as sock:
        errors_ms = sorted(_round_trip_ms(sock) - latency_ms for _ in range(_TRIPS))
    client.remove_toxic(proxy, "latency_downstream")
    p50, p99 = errors_ms[_TRIPS // 2], errors_ms[-1 - _TRIPS // 100]
    print(f"latency {latency_ms:4} ms: error p50 {p50:+.3f} ms  p99 {p99:+.3f} ms")


def _round_trip_ms(sock: socket.socket) -> float:
    start_s = time.monotonic()
    sock.sendall(_MESSAGE)
    sock.recv(len(_MESSAGE), socket.MSG_WAITALL)
    return (time.monotonic() - start_s) * 1000


def _bandwidth(client: ProxyClient, proxy: str, port: int, rate: int, seconds: int) -> None:
    client.add_toxic(proxy, "bandwidth", attributes={"rate": rate})
    wanted = rate * 1000 * seconds
    got, buffer = 0, bytearray(256 * 1024)
    with socket.create_connection(("127.0.0.1", port)) as sock:
        start_s = time.monotonic()
        while got < wanted:
            got += sock.recv_into(buffer)
        took_s = time.monotonic() - start_s
    client.remove_toxic(proxy, "bandwidth_downstream")
    error = got / took_s / (rate * 1000) - 1
    print(f"bandwidth {rate / 1000:5.0f} MB/s: {got / took_s / 1e6:8.3f} MB/s  error {error:+.2%}")


if __name__ == "__main__":
    main()
