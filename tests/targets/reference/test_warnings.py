import logging

import pytest

from blackstart.targets.reference.guardrails import pool_limit, redis_warning
from blackstart.targets.reference.guardrails.pool_warning import NearCapacity

from .fakes import FakeClock
from .making import settings


def test_the_pool_warns_from_four_fifths_on(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    warning = NearCapacity(20, clock)
    warning.note(15)
    assert not caplog.records
    warning.note(16)
    assert caplog.messages == ["pool near capacity: 16 of 20 in use"]


def test_the_pool_warns_once_in_a_second(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    warning = NearCapacity(2, clock)
    for _ in range(10):
        warning.note(2)
    assert len(caplog.records) == 1
    clock.advance(1.1)
    warning.note(2)
    assert len(caplog.records) == 2


def test_a_pool_that_was_calm_meanwhile_warns_again_at_once(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    warning = NearCapacity(10, clock)
    for in_use in (8, 6, 8):
        warning.note(in_use)
    assert len(caplog.records) == 1
    for in_use in (5, 8):
        warning.note(in_use)
    assert len(caplog.records) == 2


def test_the_limit_that_is_warned_of_stays_when_it_is_not_kept() -> None:
    off = settings(GUARDRAILS_OFF="pool-limit")
    assert (pool_limit.overflow(off), pool_limit.limit(off)) == (-1, 20)
    assert (pool_limit.overflow(settings()), pool_limit.limit(settings())) == (10, 20)


@pytest.mark.parametrize(
    ("off", "lines"),
    [
        ("", ["redis unavailable (TimeoutError): serving from memory", "redis back"]),
        ("memory-fallback", ["redis unavailable (TimeoutError): no fallback", "redis back"]),
        ("redis-warning", []),
    ],
)
def test_redis_is_reported_lost_and_back(
    caplog: pytest.LogCaptureFixture, off: str, lines: list[str]
) -> None:
    watcher = redis_warning.build(settings(GUARDRAILS_OFF=off))
    with caplog.at_level(logging.WARNING):
        watcher.lost(TimeoutError())
        watcher.back()
    assert caplog.messages == lines
