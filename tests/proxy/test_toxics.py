"""Each toxic bites as it says, lifts, and changes nothing at toxicity 0."""

import os
import socket
import threading
import time

import pytest

from blackstart.proxy.client import Proxy

from .running import Running, nothing_comes, receive, receive_all, wait_until
from .upstreams import Upstream


@pytest.fixture
def proxy(proxies: Running, echo_server: Upstream) -> Proxy:
    return proxies.create(echo_server.address)


def round_trip_ms(sock: socket.socket, content: bytes = b"ping") -> float:
    start_s = time.monotonic()
    sock.sendall(content)
    assert receive(sock, len(content)) == content
    return (time.monotonic() - start_s) * 1000


def seconds_until_end(sock: socket.socket) -> float:
    start_s = time.monotonic()
    receive_all(sock)
    return time.monotonic() - start_s


@pytest.mark.parametrize("stream", ["upstream", "downstream"])
def test_latency_delays_one_direction(proxies: Running, proxy: Proxy, stream: str) -> None:
    client = proxies.connect(proxy)
    assert round_trip_ms(client) < 50
    proxies.client.add_toxic(proxy.name, "latency", stream=stream, attributes={"latency": 80})
    assert 80 <= round_trip_ms(client) < 120


def test_latency_is_accurate(proxies: Running, proxy: Proxy) -> None:
    proxies.client.add_toxic(proxy.name, "latency", attributes={"latency": 20})
    client = proxies.connect(proxy)
    trips = sorted(round_trip_ms(client) for _ in range(25))
    assert trips[0] >= 20
    assert trips[12] < 21, trips


def test_jitter_stays_in_its_range_and_keeps_order(proxies: Running, proxy: Proxy) -> None:
    attributes = {"latency": 30, "jitter": 20}
    proxies.client.add_toxic(proxy.name, "latency", attributes=attributes)
    client = proxies.connect(proxy)
    trips = [round_trip_ms(client, bytes([n])) for n in range(12)]
    assert all(10 <= trip < 70 for trip in trips)
    assert max(trips) - min(trips) > 3
    content = os.urandom(1_000_000)
    threading.Thread(target=client.sendall, args=(content,), daemon=True).start()
    assert receive(client, len(content)) == content


def test_the_same_seed_gives_the_same_chances(echo_server: Upstream) -> None:
    from .running import server

    def survivors(seed: str) -> list[bool]:
        with server("-seed", seed) as running:
            proxy = running.client.create("one", echo_server.address)
            running.client.add_toxic("one", "reset_peer", toxicity=0.5)
            return [lives(running, proxy) for _ in range(24)]

    def lives(running: Running, proxy: Proxy) -> bool:
        try:
            return round_trip_ms(running.connect(proxy)) >= 0
        except (ConnectionResetError, BrokenPipeError):
            return False

    first = survivors("42")
    assert survivors("42") == first
    assert survivors("43") != first
    assert 4 < sum(first) < 20


def test_removing_latency_delivers_what_it_held(proxies: Running, proxy: Proxy) -> None:
    client = proxies.connect(proxy)
    proxies.client.add_toxic(proxy.name, "latency", attributes={"latency": 60_000})
    client.sendall(b"held")
    assert nothing_comes(client)
    proxies.client.remove_toxic(proxy.name, "latency_downstream")
    assert receive(client, 4) == b"held"


def test_a_toxic_between_others_leaves_no_trace(proxies: Running, proxy: Proxy) -> None:
    client = proxies.connect(proxy)
    for name, latency_ms in (("first", 0), ("second", 100), ("third", 0)):
        attributes = {"latency": latency_ms}
        proxies.client.add_toxic(proxy.name, "latency", name=name, attributes=attributes)
    assert round_trip_ms(client) >= 100
    proxies.client.remove_toxic(proxy.name, "second")
    assert round_trip_ms(client) < 50


def test_changing_latency_counts_for_what_waits(proxies: Running, proxy: Proxy) -> None:
    client = proxies.connect(proxy)
    proxies.client.add_toxic(proxy.name, "latency", attributes={"latency": 60_000})
    client.sendall(b"held")
    assert nothing_comes(client)
    proxies.client.update_toxic(proxy.name, "latency_downstream", attributes={"latency": 1})
    assert receive(client, 4) == b"held"


@pytest.mark.parametrize("rate", [200, 2_000])
def test_bandwidth_is_kept(proxies: Running, proxy: Proxy, rate: int) -> None:
    proxies.client.add_toxic(proxy.name, "bandwidth", attributes={"rate": rate})
    client = proxies.connect(proxy)
    content = os.urandom(rate * 400)  # 0.4 s
    threading.Thread(target=client.sendall, args=(content,), daemon=True).start()
    start_s = time.monotonic()
    assert receive(client, len(content)) == content
    assert time.monotonic() - start_s == pytest.approx(0.4, rel=0.05)


def test_shared_bandwidth_is_shared(proxies: Running, proxy: Proxy) -> None:
    attributes = {"rate": 1_000, "shared": True}
    proxies.client.add_toxic(proxy.name, "bandwidth", attributes=attributes)
    clients = [proxies.connect(proxy) for _ in range(3)]
    content = os.urandom(100_000)
    threads = [threading.Thread(target=receive, args=(c, len(content))) for c in clients]
    start_s = time.monotonic()
    for client, thread in zip(clients, threads, strict=True):
        client.sendall(content)
        thread.start()
    for thread in threads:
        thread.join(5)
    assert time.monotonic() - start_s == pytest.approx(0.3, rel=0.1)


def test_no_bandwidth_delivers_nothing_until_lifted(proxies: Running, proxy: Proxy) -> None:
    client = proxies.connect(proxy)
    proxies.client.add_toxic(proxy.name, "bandwidth")
    client.sendall(b"held")
    assert nothing_comes(client)
    proxies.client.remove_toxic(proxy.name, "bandwidth_downstream")
    assert receive(client, 4) == b"held"


def test_slow_close_delays_the_end_only(proxies: Running, proxy: Proxy) -> None:
    proxies.client.add_toxic(proxy.name, "slow_close", attributes={"delay": 200})
    client = proxies.connect(proxy)
    assert round_trip_ms(client) < 50
    client.shutdown(socket.SHUT_WR)
    assert seconds_until_end(client) == pytest.approx(0.2, abs=0.05)


def test_timeout_closes_on_time_though_data_flows(proxies: Running, proxy: Proxy) -> None:
    client = proxies.connect(proxy)
    proxies.client.add_toxic(proxy.name, "timeout", attributes={"timeout": 300})
    start_s = time.monotonic()
    client.settimeout(0.05)
    ended = b"not yet"
    while ended:
        client.sendall(b"x")
        try:
            ended = client.recv(1)
        except TimeoutError:
            assert time.monotonic() - start_s < 2
    assert time.monotonic() - start_s == pytest.approx(0.3, abs=0.06)


def test_timeout_zero_closes_when_removed(proxies: Running, proxy: Proxy) -> None:
    client = proxies.connect(proxy)
    proxies.client.add_toxic(proxy.name, "timeout")
    client.sendall(b"lost")
    assert nothing_comes(client)
    proxies.client.remove_toxic(proxy.name, "timeout_downstream")
    assert client.recv(1) == b""


@pytest.mark.parametrize("timeout_ms", [0, 100])
def test_reset_peer_resets_an_idle_open_connection(
    proxies: Running, proxy: Proxy, timeout_ms: int
) -> None:
    client = proxies.connect(proxy)
    round_trip_ms(client)
    proxies.client.add_toxic(proxy.name, "reset_peer", attributes={"timeout": timeout_ms})
    start_s = time.monotonic()
    with pytest.raises(ConnectionResetError):
        client.recv(1)
    assert time.monotonic() - start_s == pytest.approx(timeout_ms / 1000, abs=0.05)


def test_reset_peer_resets_the_upstream_too(proxies: Running, silent_server: Upstream) -> None:
    proxy = proxies.create(silent_server.address)
    proxies.connect(proxy)
    upstream = silent_server.last()
    upstream.settimeout(5)
    proxies.client.add_toxic(proxy.name, "reset_peer")
    with pytest.raises(ConnectionResetError):
        upstream.recv(1)


@pytest.mark.parametrize("type_name", ["reset_peer", "timeout", "refuse", "stall", "half_open"])
def test_toxicity_zero_changes_nothing(proxies: Running, proxy: Proxy, type_name: str) -> None:
    proxies.client.add_toxic(proxy.name, type_name, toxicity=0)
    client = proxies.connect(proxy)
    assert round_trip_ms(client) < 50
    client.shutdown(socket.SHUT_WR)
    assert client.recv(1) == b"", "a normal end became something else"


def test_slicer_cuts_and_paces(proxies: Running, silent_server: Upstream) -> None:
    proxy = proxies.create(silent_server.address)
    attributes = {"average_size": 10, "size_variation": 5, "delay": 5_000}
    proxies.client.add_toxic(proxy.name, "slicer", stream="upstream", attributes=attributes)
    client = proxies.connect(proxy)
    content = os.urandom(200)
    start_s = time.monotonic()
    client.sendall(content)
    upstream = silent_server.last()
    upstream.settimeout(5)
    pieces: list[bytes] = []
    while sum(map(len, pieces)) < len(content):
        pieces.append(upstream.recv(65536))
    assert b"".join(pieces) == content
    assert len(pieces) >= 200 / 15
    assert all(len(piece) <= 15 for piece in pieces[:5])
    assert time.monotonic() - start_s >= 0.005 * (200 / 15 - 1)


def test_slicer_with_its_defaults_passes_everything(proxies: Running, proxy: Proxy) -> None:
    proxies.client.add_toxic(proxy.name, "slicer")
    client = proxies.connect(proxy)
    content = os.urandom(300_000)
    threading.Thread(target=client.sendall, args=(content,), daemon=True).start()
    assert receive(client, len(content)) == content


def test_limit_data_delivers_exactly_so_much_then_ends(proxies: Running, proxy: Proxy) -> None:
    proxies.client.add_toxic(proxy.name, "limit_data", attributes={"bytes": 100})
    client = proxies.connect(proxy)
    client.sendall(b"a" * 60)
    assert receive(client, 60) == b"a" * 60
    client.sendall(b"b" * 60)
    assert receive_all(client) == b"b" * 40


def test_limit_data_counts_on_over_a_change(proxies: Running, proxy: Proxy) -> None:
    proxies.client.add_toxic(proxy.name, "limit_data", attributes={"bytes": 100})
    client = proxies.connect(proxy)
    client.sendall(b"a" * 60)
    assert receive(client, 60) == b"a" * 60
    proxies.client.update_toxic(proxy.name, "limit_data_downstream", attributes={"bytes": 70})
    client.sendall(b"b" * 60)
    assert receive_all(client) == b"b" * 10


def test_limit_data_zero_ends_on_the_first_byte(proxies: Running, proxy: Proxy) -> None:
    proxies.client.add_toxic(proxy.name, "limit_data")
    client = proxies.connect(proxy)
    assert nothing_comes(client)
    client.sendall(b"x")
    assert client.recv(1) == b""


def test_stall_holds_and_delivers_in_order(proxies: Running, proxy: Proxy) -> None:
    client = proxies.connect(proxy)
    proxies.client.add_toxic(proxy.name, "stall")
    late_client = proxies.connect(proxy)
    content = os.urandom(100_000)
    client.sendall(content)
    client.shutdown(socket.SHUT_WR)
    late_client.sendall(b"new connections stall too")
    assert nothing_comes(client)
    assert nothing_comes(late_client)
    assert proxies.client.connections(proxy.name).counters["held_now"] == 100_025
    proxies.client.remove_toxic(proxy.name, "stall_downstream")
    assert receive_all(client) == content
    assert receive(late_client, 25) == b"new connections stall too"


def test_stall_of_both_directions_reaches_nobody(proxies: Running, silent_server: Upstream) -> None:
    proxy = proxies.create(silent_server.address)
    client = proxies.connect(proxy)
    upstream = silent_server.last()
    proxies.client.add_toxic(proxy.name, "stall", attributes={"both": True})
    client.sendall(b"up")
    upstream.sendall(b"down")
    assert nothing_comes(client)
    assert nothing_comes(upstream)
    proxies.client.reset()
    upstream.settimeout(5)
    assert (receive(client, 4), receive(upstream, 2)) == (b"down", b"up")


def test_half_open_never_delivers_and_stays_dead_when_lifted(
    proxies: Running, proxy: Proxy
) -> None:
    client = proxies.connect(proxy)
    round_trip_ms(client)
    proxies.client.add_toxic(proxy.name, "half_open")
    client.sendall(b"lost")
    assert nothing_comes(client)
    proxies.client.remove_toxic(proxy.name, "half_open_downstream")
    client.sendall(b"lost too")
    assert nothing_comes(client)
    assert round_trip_ms(proxies.connect(proxy)) < 50
    client.close()
    wait_until(
        lambda: proxies.client.connections(proxy.name).counters["open"] == 1, "dead one gone"
    )


def test_refuse_resets_open_connections_and_refuses_new_ones(
    proxies: Running, proxy: Proxy
) -> None:
    client = proxies.connect(proxy)
    round_trip_ms(client)
    proxies.client.add_toxic(proxy.name, "refuse")
    with pytest.raises(ConnectionResetError):
        client.recv(1)
    with pytest.raises(ConnectionRefusedError):
        proxies.connect(proxy)
    proxies.client.remove_toxic(proxy.name, "refuse_downstream")
    assert round_trip_ms(proxies.connect(proxy)) < 50


def test_refuse_can_leave_open_connections_alone(proxies: Running, proxy: Proxy) -> None:
    client = proxies.connect(proxy)
    round_trip_ms(client)
    proxies.client.add_toxic(proxy.name, "refuse", attributes={"keep_open": True})
    with pytest.raises(ConnectionRefusedError):
        proxies.connect(proxy)
    assert round_trip_ms(client) < 50


def test_hang_lets_connecting_time_out_and_open_connections_go_on(
    proxies: Running, proxy: Proxy
) -> None:
    client = proxies.connect(proxy)
    round_trip_ms(client)
    proxies.client.add_toxic(proxy.name, "hang")
    with pytest.raises(TimeoutError):
        proxies.connect(proxy, limit_s=0.3)
    assert round_trip_ms(client) < 50
    proxies.client.remove_toxic(proxy.name, "hang_downstream")
    assert round_trip_ms(proxies.connect(proxy)) < 50
    assert proxies.client.connections(proxy.name).counters["open"] == 2


def test_a_share_of_the_clients_is_left_alone_and_served_after_all(
    proxies: Running, proxy: Proxy
) -> None:
    proxies.client.add_toxic(proxy.name, "hang", toxicity=0.5)
    clients = [proxies.connect(proxy) for _ in range(12)]
    for client in clients:
        client.sendall(b"x")
    alone = [client for client in clients if nothing_comes(client, for_s=0.03)]
    assert 1 <= len(alone) <= 11
    proxies.client.remove_toxic(proxy.name, "hang_downstream")
    assert [receive(client, 1) for client in alone] == [b"x"] * len(alone)


def test_a_leased_toxic_ends_when_its_holder_goes_silent(proxies: Running, proxy: Proxy) -> None:
    proxies.client.add_toxic(proxy.name, "stall", lease_s=0.3)
    client = proxies.connect(proxy)
    client.sendall(b"held")
    for _ in range(3):
        assert nothing_comes(client, for_s=0.15)
        proxies.client.renew(proxy.name, "stall_downstream")
    assert receive(client, 4) == b"held"
    assert proxies.client.get(proxy.name).toxics == ()
    assert proxies.wait_for_event("lease_expired", proxy).toxic == "stall_downstream"


def test_toxics_of_a_new_proxy_are_there_for_its_first_client(
    proxies: Running, echo_server: Upstream
) -> None:
    from blackstart.proxy.client import Toxic

    toxic = Toxic(type="latency", attributes={"latency": 80})
    created = proxies.client.create("atomic", echo_server.address, toxics=[toxic])
    assert [toxic.name for toxic in created.toxics] == ["latency_downstream"]
    assert round_trip_ms(proxies.connect(created)) >= 80
