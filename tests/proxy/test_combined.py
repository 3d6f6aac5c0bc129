"""Whatever toxics are combined and changed on the way, every byte arrives, once, in order."""

import hashlib
import random
import socket
import threading

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .running import Running, receive_all
from .upstreams import Upstream

_TOXIC = st.one_of(
    st.tuples(st.just("latency"), st.fixed_dictionaries({"latency": st.integers(0, 30)})),
    st.tuples(
        st.just("latency"),
        st.fixed_dictionaries({"latency": st.just(10), "jitter": st.integers(0, 20)}),
    ),
    st.tuples(
        st.just("bandwidth"),
        st.fixed_dictionaries({"rate": st.integers(3_000, 50_000), "shared": st.booleans()}),
    ),
    st.tuples(
        st.just("slicer"),
        st.fixed_dictionaries(
            {
                "average_size": st.integers(500, 9_000),
                "size_variation": st.integers(0, 499),
                "delay": st.integers(0, 300),
            }
        ),
    ),
    st.tuples(st.just("stall"), st.fixed_dictionaries({"both": st.booleans()})),
    st.tuples(st.just("slow_close"), st.fixed_dictionaries({"delay": st.integers(0, 30)})),
    st.tuples(st.just("noop"), st.just({})),
    st.tuples(st.just("limit_data"), st.just({"bytes": 10**9})),
    st.tuples(st.just("redis_error"), st.just({})),
    st.tuples(st.just("http_slow_body"), st.just({})),
    st.tuples(st.just("postgres_delay_query"), st.just({})),
)
_TOXIC_ON_STREAM = st.tuples(_TOXIC, st.sampled_from(["upstream", "downstream"]))
_CHANGE = st.tuples(_TOXIC_ON_STREAM, st.integers(0, 6))
OnStream = tuple[tuple[str, dict[str, int]], str]


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    before=st.lists(_TOXIC_ON_STREAM, max_size=4),
    changes=st.lists(_CHANGE, max_size=6),
    size=st.integers(20_000, 400_000),
    seed=st.integers(0, 2**32),
)
def test_bytes_are_exact_under_all_toxics_combined(
    proxies: Running,
    echo_server: Upstream,
    before: list[OnStream],
    changes: list[tuple[OnStream, int]],
    size: int,
    seed: int,
) -> None:
    """Some toxics are there from the start; others come, change and go between the pieces."""
    # Binary noise: the protocol faults cannot read it, and must let it pass.
    content = b"\x01\x02" + random.Random(seed).randbytes(size)
    proxy = proxies.create(echo_server.address)
    for number, toxic in enumerate(before):
        add(proxies, proxy.name, f"before{number}", toxic)
    client = proxies.connect(proxy, limit_s=20)
    received: list[bytes] = []
    reader = threading.Thread(target=lambda: received.append(receive_all(client)))
    pieces = Pieces(client, content, count=len(changes) + 1)
    reader.start()
    for number, (toxic, removed) in enumerate(changes):
        pieces.send_next()
        add(proxies, proxy.name, f"t{number}", toxic)
        on = proxies.client.get(proxy.name).toxics
        if removed < len(on):
            proxies.client.remove_toxic(proxy.name, on[removed].name)
    pieces.send_next()
    for toxic_on in proxies.client.get(proxy.name).toxics:
        if toxic_on.type == "stall":
            proxies.client.remove_toxic(proxy.name, toxic_on.name)
    reader.join(20)
    pieces.join()
    assert [len(content)] == [len(one) for one in received]
    assert hashlib.sha256(received[0]).digest() == hashlib.sha256(content).digest()
    client.close()
    proxies.client.delete(proxy.name)


class Pieces:
    """Sends content piece by piece in a thread, since a full line may stop it."""

    def __init__(self, sock: socket.socket, content: bytes, count: int) -> None:
        self._sock, self._content = sock, content
        self._size = len(content) // count + 1
        self._allowed = threading.Semaphore(0)
        self._thread = threading.Thread(target=self._send)
        self._thread.start()

    def _send(self) -> None:
        for at in range(0, len(self._content), self._size):
            self._allowed.acquire()
            self._sock.sendall(self._content[at : at + self._size])
        self._sock.shutdown(socket.SHUT_WR)

    def send_next(self) -> None:
        self._allowed.release()

    def join(self) -> None:
        self._thread.join(20)


def add(proxies: Running, proxy: str, name: str, toxic: OnStream) -> None:
    (type_name, attributes), stream = toxic
    proxies.client.add_toxic(proxy, type_name, name=name, stream=stream, attributes=attributes)
    proxies.client.update_toxic(proxy, name, attributes=attributes)
