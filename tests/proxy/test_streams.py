"""What the wire does without a toxic: bytes, ends and resets arrive as they were sent."""

import contextlib
import os
import socket
import struct
import threading

import pytest

from .running import Running, nothing_comes, receive, receive_all, wait_until
from .upstreams import Upstream


def test_bytes_arrive_unchanged_both_ways(proxies: Running, echo_server: Upstream) -> None:
    client = proxies.connect(proxies.create(echo_server.address))
    content = os.urandom(8 * 1024 * 1024)
    sender = threading.Thread(target=client.sendall, args=(content,))
    sender.start()
    assert receive(client, len(content)) == content
    sender.join(5)


def test_half_close_keeps_the_other_direction(proxies: Running, echo_server: Upstream) -> None:
    client = proxies.connect(proxies.create(echo_server.address))
    client.sendall(b"0123456789")
    client.shutdown(socket.SHUT_WR)
    assert receive_all(client) == b"0123456789"


def test_upstream_half_close_keeps_the_clients_direction(
    proxies: Running, silent_server: Upstream
) -> None:
    client = proxies.connect(proxies.create(silent_server.address))
    upstream = silent_server.last()
    upstream.shutdown(socket.SHUT_WR)
    assert client.recv(1) == b""
    client.sendall(b"still here")
    upstream.settimeout(5)
    assert receive(upstream, 10) == b"still here"


def test_a_reset_arrives_as_a_reset(proxies: Running, silent_server: Upstream) -> None:
    client = proxies.connect(proxies.create(silent_server.address))
    upstream = silent_server.last()
    upstream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    upstream.close()
    with pytest.raises(ConnectionResetError):
        client.recv(1)


@pytest.mark.parametrize("type_name", [None, "latency"])
def test_a_reader_that_stops_stops_the_writer_and_loses_nothing(
    proxies: Running, silent_server: Upstream, type_name: str | None
) -> None:
    proxy = proxies.create(silent_server.address)
    if type_name is not None:
        attributes = {"latency": 1}
        proxies.client.add_toxic(proxy.name, type_name, stream="upstream", attributes=attributes)
    client = proxies.connect(proxy)
    upstream = silent_server.last()
    content = os.urandom(1024 * 1024 + 1) * 120  # more than the buffers on the way take
    sender = threading.Thread(target=client.sendall, args=(content,))
    sender.start()
    sender.join(0.3)
    assert sender.is_alive(), "120 MiB went into buffers"
    upstream.settimeout(10)
    assert receive(upstream, len(content)) == content
    sender.join(10)


def test_a_closed_connection_leaves_nothing_behind(proxies: Running, echo_server: Upstream) -> None:
    proxy = proxies.create(echo_server.address)
    client = proxies.connect(proxy)
    client.sendall(b"x")
    assert client.recv(1) == b"x"
    client.close()
    wait_until(
        lambda: proxies.client.connections(proxy.name).counters["open"] == 0, "connection gone"
    )


def test_disabling_closes_and_refuses_and_enabling_keeps_the_port(
    proxies: Running, echo_server: Upstream
) -> None:
    proxy = proxies.create(echo_server.address)
    client = proxies.connect(proxy)
    echo_server.last()
    proxies.client.disable(proxy.name)
    assert client.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        proxies.connect(proxy)
    assert proxies.client.enable(proxy.name).listen == proxy.listen
    again = proxies.connect(proxy)
    again.sendall(b"back")
    assert receive(again, 4) == b"back"


def test_a_disabled_proxys_port_is_given_to_nobody_else(
    proxies: Running, echo_server: Upstream
) -> None:
    proxy = proxies.create(echo_server.address)
    proxies.client.disable(proxy.name)
    with pytest.raises(OSError, match="in use"), socket.socket() as other:
        other.bind((proxy.host, proxy.port))


def test_an_upstream_that_was_never_there_resets_twice_before_it_is_refused(
    proxies: Running,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = f"127.0.0.1:{gone.getsockname()[1]}"
    proxy = proxies.create(address)
    for _ in range(2):
        client = proxies.connect(proxy)
        with pytest.raises(ConnectionResetError):
            client.recv(1)
    with pytest.raises(ConnectionRefusedError):
        proxies.connect(proxy)


def test_an_upstream_that_dies_is_refused_like_it_and_back_when_it_is(
    proxies: Running, echo_server: Upstream
) -> None:
    proxy = proxies.create(echo_server.address)
    proxies.connect(proxy).sendall(b"x")
    echo_server.last()
    echo_server.close()
    client = proxies.connect(proxy)
    with pytest.raises(ConnectionResetError):
        client.recv(1)
    with pytest.raises(ConnectionRefusedError):
        proxies.connect(proxy)
    returned = Upstream(echo_server.serve, echo_server.port)
    try:
        proxies.wait_for_event("upstream_back", proxy)
        client = proxies.connect(proxy)
        client.sendall(b"hello")
        assert receive(client, 5) == b"hello"
    finally:
        returned.close()


def test_a_dial_that_hangs_blocks_nobody(proxies: Running, echo_server: Upstream) -> None:
    # 192.0.2.0/24 is set aside for documents: no answer, or "unreachable" at once; both are fine.
    black_hole = proxies.create("192.0.2.1:9")
    stuck = proxies.connect(black_hole)
    client = proxies.connect(proxies.create(echo_server.address))
    client.sendall(b"x")
    assert client.recv(1) == b"x"
    proxies.client.disable(black_hole.name)
    with contextlib.suppress(ConnectionResetError):  # where it was unreachable at once
        assert stuck.recv(1) == b""


def test_a_name_is_looked_up_for_the_upstream(proxies: Running, echo_server: Upstream) -> None:
    client = proxies.connect(proxies.create(f"localhost:{echo_server.port}"))
    client.sendall(b"x")
    assert client.recv(1) == b"x"


def test_an_idle_connection_stays_open(proxies: Running, echo_server: Upstream) -> None:
    client = proxies.connect(proxies.create(echo_server.address))
    echo_server.last()
    assert nothing_comes(client)
