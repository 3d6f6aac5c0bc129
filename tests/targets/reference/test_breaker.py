import asyncio

import pytest

from blackstart.targets.reference.errors import BreakerOpenError, DeadlineError, UnavailableError
from blackstart.targets.reference.guardrails import breaker
from blackstart.targets.reference.guardrails.breaker import CLOSED, HALF_OPEN, OPEN, Breaking
from blackstart.targets.reference.metrics import Metrics

from .fakes import Calls, FakeClock
from .making import settings

pytestmark = pytest.mark.anyio

THRESHOLD, RESET_S = 5, 60.0


async def build(metrics: Metrics, off: str = "") -> Breaking:
    return await breaker.build(settings(GUARDRAILS_OFF=off), metrics)


async def fail(guard: Breaking, times: int) -> None:
    for _ in range(times):
        with pytest.raises(UnavailableError, match="DeadlineError"):
            await guard.run(Calls(errors=[DeadlineError("late")]))


async def test_it_opens_at_the_threshold_and_then_refuses_without_trying(
    wall_clock: FakeClock, metrics: Metrics
) -> None:
    guard = await build(metrics)
    await fail(guard, THRESHOLD - 1)
    assert guard.state == CLOSED
    await fail(guard, 1)
    assert guard.state == OPEN
    wall_clock.advance(20)
    calls = Calls()
    with pytest.raises(BreakerOpenError) as refused:
        await guard.run(calls)
    assert calls.count == 0
    assert refused.value.retry_after_s == pytest.approx(RESET_S - 20, abs=0.1)


async def test_a_success_between_starts_the_count_anew(
    wall_clock: FakeClock, metrics: Metrics
) -> None:
    guard = await build(metrics)
    await fail(guard, THRESHOLD - 1)
    assert await guard.run(Calls()) == "done"
    await fail(guard, THRESHOLD - 1)
    assert guard.state == CLOSED


async def test_errors_of_the_request_do_not_count(metrics: Metrics) -> None:
    guard = await build(metrics)
    for _ in range(THRESHOLD * 2):
        with pytest.raises(LookupError):
            await guard.run(Calls(errors=[LookupError("no such row")]))
    assert guard.state == CLOSED


async def test_after_its_reset_time_one_success_closes_it(
    wall_clock: FakeClock, metrics: Metrics, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    guard = await build(metrics)
    await fail(guard, THRESHOLD)
    wall_clock.advance(RESET_S + 0.1)
    assert await guard.run(Calls()) == "done"
    assert guard.state == CLOSED
    assert [record.getMessage() for record in caplog.records] == [
        "breaker: closed -> opened",
        "breaker: opened -> half-opened",
        "breaker: half-opened -> closed",
    ]
    text = metrics.render().decode()
    for state in (OPEN, HALF_OPEN, CLOSED):
        assert f'reference_breaker_transitions_total{{to="{state}"}} 1.0' in text


async def test_after_its_reset_time_one_failure_opens_it_again(
    wall_clock: FakeClock, metrics: Metrics
) -> None:
    guard = await build(metrics)
    await fail(guard, THRESHOLD)
    wall_clock.advance(RESET_S + 0.1)
    await fail(guard, 1)
    assert guard.state == OPEN
    with pytest.raises(BreakerOpenError):
        await guard.run(Calls())


async def test_half_open_it_lets_one_attempt_through_at_a_time(
    wall_clock: FakeClock, metrics: Metrics
) -> None:
    guard = await build(metrics)
    await fail(guard, THRESHOLD)
    wall_clock.advance(RESET_S + 0.1)
    answer = asyncio.Event()
    trial = asyncio.create_task(guard.run(answer.wait))
    await asyncio.sleep(0)  # one turn of the loop: the trial is under way
    assert guard.state == HALF_OPEN
    with pytest.raises(BreakerOpenError):
        await guard.run(Calls())
    answer.set()
    await trial
    assert await guard.run(Calls()) == "done"


async def test_off_every_error_is_let_out_as_it_is(metrics: Metrics) -> None:
    guard = await build(metrics, off="breaker")
    for _ in range(THRESHOLD * 2):
        with pytest.raises(DeadlineError):
            await guard.run(Calls(errors=[DeadlineError("late")]))
    assert await guard.run(Calls()) == "done"
