"""What is put on a link stays while its holder lives, and is missed when it ended by itself."""

import threading
import time
from collections.abc import Callable

import pytest

from blackstart.model.errors import InconclusiveError
from blackstart.proxy.client import ProxyClient, ProxyError, ProxyUnreachableError
from blackstart.stacks.leases import Leases
from blackstart.stacks.link import ProxyLink
from blackstart.stacks.member import ProcessMember
from blackstart.stacks.processes import ProcessStack

from .waiting import eventually

LEASE_S = 0.3


def link_to_redis(stack: ProcessStack, *, renewing: bool = True) -> ProxyLink:
    """A link of our own to the stack's Redis, with a short lease."""
    client = ProxyClient(stack._proxies.client().base_url)
    if not renewing:
        client.renew = lambda *_: None  # type: ignore[method-assign, assign]
    return ProxyLink(lambda: client, "redis", lease_s=LEASE_S)


def served(stack: ProcessStack) -> Callable[[], bool]:
    redis = stack.members.able("redis", ProcessMember)
    return lambda: redis.ping_s(direct=False, limit_s=0.1) is not None


def test_what_is_held_outlives_its_lease_many_times(stack: ProcessStack) -> None:
    link = link_to_redis(stack)
    names = [link.add("refuse", stream="downstream", attributes={}) for _ in range(2)]
    assert not eventually(served(stack), limit_s=4 * LEASE_S)
    for name in (*names, *names):
        link.remove(name)
    assert served(stack)()


def test_what_ended_by_itself_is_missed_once(stack: ProcessStack) -> None:
    link = link_to_redis(stack, renewing=False)
    name = link.add("refuse", stream="downstream", attributes={})
    assert eventually(served(stack), limit_s=4 * LEASE_S)
    with pytest.raises(InconclusiveError, match=r"redis: refuse-.* ended before it was lifted"):
        link.remove(name)
    link.remove(name)


def renewers() -> int:
    return sum(thread.name == "leases" for thread in threading.enumerate())


def test_nobody_renews_when_nothing_is_held() -> None:
    before, renewed = renewers(), threading.Event()
    leases = Leases(lambda _: renewed.set(), lease_s=0.05)
    for name in ("one", "two"):
        leases.hold(name)
    assert renewed.wait(2.0)
    assert leases.let_go("one")
    assert not leases.let_go("one")
    assert renewers() == before + 1
    leases.let_go("two")
    assert eventually(lambda: renewers() == before, limit_s=2.0)


def test_a_proxy_that_is_gone_is_given_up_after_one_lease() -> None:
    def gone(_: str) -> None:
        raise ProxyUnreachableError("gone")

    before, began_s = renewers(), time.monotonic()
    Leases(gone, lease_s=0.2).hold("one")
    assert eventually(lambda: renewers() == before, limit_s=2.0)
    assert time.monotonic() - began_s > 0.2


def test_what_the_proxy_no_longer_has_is_not_renewed_and_still_missed() -> None:
    def unknown(_: str) -> None:
        raise ProxyError("no such toxic", status=404, reason="toxic not found")

    before, leases = renewers(), Leases(unknown, lease_s=0.05)
    leases.hold("one")
    assert eventually(lambda: renewers() == before, limit_s=2.0)
    assert leases.let_go("one")
    assert not leases.let_go("one")
