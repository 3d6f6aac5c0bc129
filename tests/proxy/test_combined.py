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
_CHANGE = st.tuples(_TOXIC, st.sampled_from(["upstream", "downstream"]), st.booleans())


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    changes=st.lists(_CHANGE, max_size=8),
    size=st.integers(1, 400_000),
    seed=st.integers(0, 2**32),
)
def test_bytes_are_exact_under_all_toxics_combined(
    proxies: Running,
    echo_server: Upstream,
    changes: list[tuple[tuple[str, dict[str, int]], str, bool]],
    size: int,
    seed: int,
) -> None:
    # Binary noise: the protocol faults cannot read it, and must let it pass.
    content = b"\x01\x02" + random.Random(seed).randbytes(size)
    proxy = proxies.create(echo_server.address)
    client = proxies.connect(proxy, limit_s=20)

    def send() -> None:
        client.sendall(content)
        client.shutdown(socket.SHUT_WR)

    sender = threading.Thread(target=send)
    sender.start()
    for number, ((type_name, attributes), stream, is_removed) in enumerate(changes):
        name = f"t{number}"
        proxies.client.add_toxic(
            proxy.name, type_name, name=name, stream=stream, attributes=attributes
        )
        proxies.client.update_toxic(proxy.name, name, attributes=attributes)
        if is_removed:
            proxies.client.remove_toxic(proxy.name, name)
    for toxic in proxies.client.get(proxy.name).toxics:
        if toxic.type == "stall":
            proxies.client.remove_toxic(proxy.name, toxic.name)
    received = receive_all(client)
    sender.join(10)
    assert len(received) == len(content)
    assert hashlib.sha256(received).digest() == hashlib.sha256(content).digest()
    client.close()
    proxies.client.delete(proxy.name)
