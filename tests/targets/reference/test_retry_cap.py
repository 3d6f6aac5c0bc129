import pytest

from blackstart.targets.reference.errors import BreakerOpenError, DeadlineError, UnavailableError
from blackstart.targets.reference.guardrails import retry_cap
from blackstart.targets.reference.metrics import Metrics

from .fakes import Calls
from .making import settings

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("no_pauses")]


def failing(times: int, error: Exception | None = None) -> Calls:
    return Calls(errors=[error or DeadlineError("late") for _ in range(times)])


@pytest.mark.parametrize("error", [DeadlineError("late"), UnavailableError("database: out")])
async def test_an_attempt_is_made_three_times_and_no_more(
    metrics: Metrics, error: Exception
) -> None:
    calls = failing(10, error)
    with pytest.raises(type(error)):
        await retry_cap.build(settings(), metrics).run(calls)
    assert calls.count == 3
    assert "reference_db_retries_total 2.0" in metrics.render().decode()


async def test_a_success_ends_it(metrics: Metrics) -> None:
    calls = failing(1)
    assert await retry_cap.build(settings(), metrics).run(calls) == "done"
    assert calls.count == 2


@pytest.mark.parametrize("error", [BreakerOpenError("open"), LookupError("no such row")])
@pytest.mark.parametrize("off", ["", "retry-cap"])
async def test_an_open_breaker_and_errors_of_the_request_are_not_repeated(
    metrics: Metrics, error: Exception, off: str
) -> None:
    calls = failing(10, error)
    with pytest.raises(type(error)):
        await retry_cap.build(settings(GUARDRAILS_OFF=off), metrics).run(calls)
    assert calls.count == 1


async def test_off_it_is_repeated_until_it_works(metrics: Metrics) -> None:
    calls = failing(500)
    assert await retry_cap.build(settings(GUARDRAILS_OFF="retry-cap"), metrics).run(calls) == "done"
    assert calls.count == 501
