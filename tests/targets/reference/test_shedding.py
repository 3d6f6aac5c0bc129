import asyncio
import time

import pytest

from blackstart.targets.reference.errors import DeadlineError
from blackstart.targets.reference.guardrails import shedding
from blackstart.targets.reference.guardrails.shedding import Deadline

from .fakes import Calls
from .making import settings

pytestmark = pytest.mark.anyio


async def test_an_attempt_in_time_gives_its_value_or_its_error() -> None:
    deadline = Deadline(5.0)
    assert await deadline.run(Calls(value=7)) == 7
    with pytest.raises(LookupError):
        await deadline.run(Calls(errors=[LookupError()]))


async def test_the_deadline_holds_though_the_cleaning_up_takes_longer() -> None:
    cleaned = asyncio.Event()
    may_clean = asyncio.Event()

    async def stalled() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await may_clean.wait()  # as the driver waits for the server's word on a cancellation
            cleaned.set()

    began_s = time.monotonic()
    with pytest.raises(DeadlineError):
        await Deadline(0.02).run(stalled)
    assert time.monotonic() - began_s < 1.0
    assert not cleaned.is_set()
    may_clean.set()
    await asyncio.wait_for(cleaned.wait(), 5)


async def test_a_caller_who_leaves_takes_the_attempt_along() -> None:
    ended = asyncio.Event()

    async def slow() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    caller = asyncio.create_task(Deadline(60.0).run(slow))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await asyncio.wait_for(ended.wait(), 5)


async def test_closing_interrupts_the_cleaning_up() -> None:
    interrupted = asyncio.Event()

    async def stubborn() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            try:
                await asyncio.Event().wait()
            finally:
                interrupted.set()

    deadline = Deadline(0.01)
    with pytest.raises(DeadlineError):
        await deadline.run(stubborn)
    await deadline.close()
    assert interrupted.is_set()


@pytest.mark.parametrize(
    ("deadline_s", "checkout_limit_s", "statement_ms"), [("1.5", "0.5", 800), ("1.0", "1.0", 400)]
)
def test_the_server_ends_a_statement_before_our_own_deadline(
    deadline_s: str, checkout_limit_s: str, statement_ms: int
) -> None:
    limits = settings(DB_DEADLINE_S=deadline_s, DB_CHECKOUT_LIMIT_S=checkout_limit_s)
    options = shedding.server_limits(limits)["options"]
    assert f"statement_timeout={statement_ms} " in options + " "
    assert f"idle_in_transaction_session_timeout={float(deadline_s) * 1000:.0f}" in options


def test_off_nothing_is_limited_but_by_the_library() -> None:
    off = settings(GUARDRAILS_OFF="shedding", DB_CHECKOUT_LIMIT_S="0.1")
    assert shedding.checkout_limit_s(off) == 30.0
    assert shedding.server_limits(off) == {}
    assert not isinstance(shedding.build(off), Deadline)
