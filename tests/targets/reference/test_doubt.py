import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from blackstart.targets.reference.database.doubt import Doubt


async def _works() -> str:
    return "done"


async def _fails(orig: Exception) -> str:
    raise OperationalError("insert", {}, orig)


async def _never_answered() -> str:
    raise TimeoutError


def _run(*attempts: object) -> int:
    import asyncio

    async def each() -> int:
        doubt = Doubt()
        for attempt in attempts:
            try:
                await doubt.noted(attempt)  # type: ignore[arg-type]
            except (OperationalError, TimeoutError):
                continue
        return doubt.unanswered

    return asyncio.run(each())


def test_success_leaves_no_doubt() -> None:
    assert _run(_works()) == 0


def test_a_no_of_the_server_leaves_no_doubt() -> None:
    assert _run(_fails(psycopg.errors.QueryCanceled())) == 0


@pytest.mark.parametrize("attempt", [_never_answered, lambda: _fails(psycopg.OperationalError())])
def test_without_an_answer_there_is_doubt(attempt: object) -> None:
    assert _run(attempt()) == 1  # type: ignore[operator]


def test_one_attempt_in_doubt_outlives_a_later_no() -> None:
    assert _run(_never_answered(), _fails(psycopg.errors.QueryCanceled())) == 1
