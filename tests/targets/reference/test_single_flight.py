import asyncio

import pytest

from blackstart.targets.reference.cache.answer import Answer, How
from blackstart.targets.reference.cache.entry import Entry
from blackstart.targets.reference.errors import UnavailableError
from blackstart.targets.reference.guardrails import single_flight

from .fakes import Calls
from .making import settings

pytestmark = pytest.mark.anyio

READERS = 40


class Fetch(Calls):
    """A fetch that takes a few turns of the loop, as real ones do."""

    async def __call__(self) -> Answer:
        await super().__call__()
        for _ in range(5):
            await asyncio.sleep(0)
        entry = Entry(value=self.count, computed_at_s=0)
        return Answer(entry=entry, how=How.MISS, age_s=0, ttl_s=1)


@pytest.mark.parametrize(("off", "fetches"), [("", 1), ("single-flight", READERS)])
async def test_readers_of_one_key_share_a_fetch(off: str, fetches: int) -> None:
    flight, fetch = single_flight.build(settings(GUARDRAILS_OFF=off)), Fetch()
    await asyncio.gather(*(flight.run("key", fetch) for _ in range(READERS)))
    assert fetch.count == fetches


async def test_a_flight_that_has_landed_is_not_joined() -> None:
    flight, fetch = single_flight.build(settings()), Fetch()
    assert (await flight.run("key", fetch)).entry.value == 1
    assert (await flight.run("key", fetch)).entry.value == 2


async def test_keys_fly_apart() -> None:
    flight, fetch = single_flight.build(settings()), Fetch()
    await asyncio.gather(flight.run("one", fetch), flight.run("two", fetch))
    assert fetch.count == 2


async def test_all_readers_share_an_error() -> None:
    flight, fetch = single_flight.build(settings()), Fetch(errors=[UnavailableError("out")])
    ends = await asyncio.gather(
        *(flight.run("key", fetch) for _ in range(3)), return_exceptions=True
    )
    assert [type(end) for end in ends] == [UnavailableError] * 3


async def test_a_reader_who_leaves_does_not_take_the_answer_along() -> None:
    flight, fetch = single_flight.build(settings()), Fetch()
    first = asyncio.create_task(flight.run("key", fetch))
    await asyncio.sleep(0)
    second = asyncio.create_task(flight.run("key", fetch))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).entry.value == 1
