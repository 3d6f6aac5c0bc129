"""The step ``start``: it brings a killed member back, and says so."""

from collections.abc import Iterator

import pytest

from blackstart.model.capabilities import Members
from blackstart.model.errors import CapabilityError, StartError, UsageError
from blackstart.recovery.catalogue import STEPS, make
from blackstart.recovery.start import Start
from blackstart.stacks.processes import ProcessStack
from blackstart.stacks.redis import Redis
from blackstart.warden.client import Warden


@pytest.fixture(scope="module")
def stack() -> Iterator[ProcessStack]:
    with Warden() as warden, ProcessStack(warden, needs=("redis",)) as started:
        yield started


@pytest.fixture
def redis(stack: ProcessStack) -> Redis:
    """Redis, running."""
    found = stack.members["redis"]
    assert isinstance(found, Redis)
    found.start()
    return found


def test_a_killed_member_serves_again(redis: Redis, stack: ProcessStack) -> None:
    killed = redis.kill()
    assert redis.ping_s(direct=True, limit_s=0.5) is None
    assert make("start", "redis").carry_out(stack.members) == "redis started"
    assert redis.ping_s(direct=True, limit_s=2.0) is not None
    assert redis.pid != killed.pid


def test_a_member_that_runs_is_left_alone(redis: Redis, stack: ProcessStack) -> None:
    before = redis.pid
    Start(member="redis").carry_out(stack.members)
    assert (redis.pid, redis.alive()) == (before, True)


def test_a_member_that_does_not_come_up_shows_its_log(
    redis: Redis, stack: ProcessStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    redis.kill()
    monkeypatch.setattr(Redis, "_serves", lambda *_: False)
    monkeypatch.setattr(Redis, "ready_limit_s", 0.2)
    with pytest.raises(StartError, match=r"redis: not ready in 0\.2 s\nits log, .*, ends:\n"):
        Start(member="redis").carry_out(stack.members)
    assert not redis.alive()


def test_an_unknown_member_is_answered_with_those_there_are(stack: ProcessStack) -> None:
    with pytest.raises(UsageError, match=r"no member 'rediss'.*\nnearest: redis"):
        Start(member="rediss").carry_out(stack.members)


def test_a_member_that_cannot_be_started_is_named() -> None:
    class Attached:
        name = "staging"

    with pytest.raises(CapabilityError, match="staging is not Startable"):
        Start(member="staging").carry_out(Members({"staging": Attached()}))


def test_an_unknown_step_is_answered_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"no runbook step 'strat'\nnearest: start"):
        make("strat", "redis")


def test_every_step_is_known_by_its_own_name() -> None:
    assert all(make(name, "redis").step == name for name in STEPS)
