"""The loop's timers, its defects, and its portable path."""

import socket
import threading
import time
from collections.abc import Callable

import pytest

from blackstart.proxy.address import Address
from blackstart.proxy.client import ProxyClient
from blackstart.proxy.loop import Loop
from blackstart.proxy.poller import READ, EpollPoller, Poller, SelectorPoller
from blackstart.proxy.server import Server
from blackstart.proxy.timers import Timers

from .running import receive
from .upstreams import Upstream

POLLERS: list[Callable[[], Poller]] = [EpollPoller, SelectorPoller]


@pytest.mark.parametrize("poller", POLLERS)
def test_timers_fire_in_order_and_on_time(poller: Callable[[], Poller]) -> None:
    loop = Loop(poller())
    fired: list[tuple[int, float]] = []
    start_s = time.monotonic()

    def note(delay_ms: int) -> None:
        fired.append((delay_ms, (time.monotonic() - start_s) * 1000))
        if delay_ms == 30:
            loop.stop()

    for delay_ms in (30, 5, 1, 12):
        loop.after_s(delay_ms / 1000, lambda delay_ms=delay_ms: note(delay_ms))
    loop.after_s(0.008, lambda: note(8)).cancel()
    loop.run()
    loop.close()
    assert [delay_ms for delay_ms, _ in fired] == [1, 5, 12, 30]
    assert all(late_ms >= delay_ms for delay_ms, late_ms in fired)
    assert min(late_ms - delay_ms for delay_ms, late_ms in fired) < 1.5


def test_a_timer_set_by_a_timer_waits_for_the_next_turn() -> None:
    timers = Timers()
    fired: list[str] = []
    due_ns = time.monotonic_ns()

    def first() -> None:
        fired.append("first")
        timers.at(due_ns, lambda: fired.append("second"))

    timers.at(due_ns, first)
    timers.fire()
    assert fired == ["first"]
    assert timers.until_next_ns() == 0
    timers.fire()
    assert fired == ["first", "second"]


def test_a_timer_that_raises_takes_no_other_with_it() -> None:
    timers = Timers()
    fired: list[str] = []
    due_ns = time.monotonic_ns()
    timers.at(due_ns, lambda: fired.append(str(1 / 0)))
    timers.at(due_ns, lambda: fired.append("second"))
    with pytest.raises(ZeroDivisionError):
        timers.fire()
    assert timers.until_next_ns() == 0
    timers.fire()
    assert fired == ["second"]


@pytest.mark.parametrize("poller", POLLERS)
def test_a_handler_that_raises_is_reported_and_heard_no_more(
    poller: Callable[[], Poller],
) -> None:
    loop = Loop(poller())
    ours, theirs = socket.socketpair()
    defects: list[Exception] = []

    def on_defect(_handler: object, defect: Exception) -> None:
        defects.append(defect)
        loop.after_s(0.01, loop.stop)

    def broken(_events: int) -> None:
        raise ZeroDivisionError

    loop.on_defect = on_defect
    loop.watch(ours.fileno(), READ, broken)
    theirs.send(b"x")
    loop.run()
    loop.close()
    ours.close()
    theirs.close()
    assert [type(defect) for defect in defects] == [ZeroDivisionError]


def test_a_whole_server_runs_on_the_portable_path(echo_server: Upstream) -> None:
    server = Server(seed=1, poller=SelectorPoller())
    bound = server.bind(Address("127.0.0.1", 0))
    thread = threading.Thread(target=server.loop.run)
    thread.start()
    try:
        client = ProxyClient(f"http://{bound}")
        proxy = client.create("one", echo_server.address)
        with socket.create_connection((proxy.host, proxy.port), timeout=5) as sock:
            content = b"x" * 3_000_000
            threading.Thread(target=sock.sendall, args=(content,), daemon=True).start()
            assert receive(sock, len(content)) == content
            client.add_toxic("one", "latency", attributes={"latency": 30})
            start_s = time.monotonic()
            sock.sendall(b"y")
            assert receive(sock, 1) == b"y"
            assert time.monotonic() - start_s >= 0.03
            client.add_toxic("one", "refuse")
            with pytest.raises(ConnectionResetError):
                sock.recv(1)
    finally:
        server.loop.call_soon(server.loop.stop)
        thread.join(5)
        server.close()
