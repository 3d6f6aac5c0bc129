"""The proxy's own account: events, counters, connections, metrics."""

import time

import pytest

from .running import Running, nothing_comes, receive, wait_until
from .upstreams import Upstream


def test_events_tell_when_a_toxic_was_on_and_whom_it_bit(
    proxies: Running, echo_server: Upstream
) -> None:
    proxy = proxies.create(echo_server.address)
    since = proxies.client.events()[-1].id
    client = proxies.connect(proxy)
    before_ns = time.monotonic_ns()
    proxies.client.add_toxic(proxy.name, "stall")
    client.sendall(b"x")
    assert nothing_comes(client)
    proxies.client.remove_toxic(proxy.name, "stall_downstream")
    after_ns = time.monotonic_ns()
    events = [e for e in proxies.client.events(since) if e.kind.startswith("toxic")]
    assert [e.kind for e in events] == ["toxic_added", "toxic_bit", "toxic_removed"]
    assert {(e.proxy, e.toxic) for e in events} == {(proxy.name, "stall_downstream")}
    assert events[1].connection == 1
    assert before_ns < events[0].t_ns < events[1].t_ns < events[2].t_ns < after_ns


def test_event_ids_increase_without_gaps(proxies: Running, echo_server: Upstream) -> None:
    proxy = proxies.create(echo_server.address)
    for _ in range(5):
        proxies.connect(proxy).close()

    def is_quiet() -> bool:
        counters = proxies.client.connections(proxy.name).counters
        return (counters["accepted"], counters["open"]) == (5, 0)

    wait_until(is_quiet, "all closed")
    events = proxies.client.events()
    ids = [event.id for event in events]
    assert ids == list(range(ids[0], ids[0] + len(ids)))
    assert proxies.client.events(ids[-2]) == events[-1:]


def test_counters_count(proxies: Running, echo_server: Upstream) -> None:
    proxy = proxies.create(echo_server.address)
    client = proxies.connect(proxy)
    client.sendall(b"12345")
    assert receive(client, 5) == b"12345"
    seen = proxies.client.connections(proxy.name)
    assert seen.counters["accepted"] == seen.counters["open"] == 1
    assert seen.counters["bytes_upstream"] == seen.counters["bytes_downstream"] == 5
    assert seen.counters["sent_upstream"] == seen.counters["sent_downstream"] == 5
    (connection,) = seen.connections
    assert (connection.number, connection.connected) == (1, True)
    assert connection.peer == f"127.0.0.1:{client.getsockname()[1]}"
    proxies.client.disable(proxy.name)
    counters = proxies.client.connections(proxy.name).counters
    assert (counters["open"], counters["closed_by_fault"], counters["bytes_upstream"]) == (0, 1, 5)


def test_held_bytes_are_counted_while_and_after_they_are_held(
    proxies: Running, echo_server: Upstream
) -> None:
    proxy = proxies.create(echo_server.address)
    proxies.client.add_toxic(proxy.name, "stall")
    client = proxies.connect(proxy)
    client.sendall(b"12345")

    def held(key: str) -> int:
        return proxies.client.connections(proxy.name).counters[key]

    wait_until(lambda: held("held_now") == 5, "5 bytes held")
    proxies.client.reset()
    assert (held("held_now"), held("held_total")) == (0, 5)


@pytest.mark.parametrize(
    ("type_name", "seen"), [("refuse", "was refused"), ("hang", "had no answer")]
)
def test_a_port_that_refuses_or_hangs_is_seen_though_no_client_comes(
    proxies: Running, echo_server: Upstream, type_name: str, seen: str
) -> None:
    proxy = proxies.create(echo_server.address)
    proxies.client.add_toxic(proxy.name, type_name)
    event = proxies.wait_for_event("toxic_bit", proxy)
    assert event.connection is None
    assert event.detail.endswith(seen)
    proxies.client.reset()
    client = proxies.connect(proxy)
    client.sendall(b"x")
    assert receive(client, 1) == b"x"
    assert proxies.client.connections(proxy.name).counters["accepted"] == 1


def test_a_flood_of_connections_does_not_wash_faults_away() -> None:
    from blackstart.proxy.events import EventLog

    log = EventLog(limit=10)
    log.fault("toxic_added", proxy="p", toxic="t")
    for number in range(100):
        log.traffic("connection_accepted", "p", number, "")
    events = log.since(0)
    assert events[0].kind == "toxic_added"
    assert [event.id for event in events[1:]] == list(range(92, 102))
