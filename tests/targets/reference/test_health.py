import asyncio
import time

import pytest

from blackstart.targets.reference.guardrails import truthful_health
from blackstart.targets.reference.guardrails.truthful_health import Check, Health

from .making import settings

pytestmark = pytest.mark.anyio


def says(word: str) -> Check:
    async def check() -> str:
        return word

    return check


async def stalled() -> str:
    await asyncio.Event().wait()
    return "never said"


async def look(off: str = "", **checks: Check) -> Health:
    return await truthful_health.build(checks, settings(GUARDRAILS_OFF=off)).look()


async def test_all_well_is_ok() -> None:
    assert (await look(postgres=says("ok"), redis=says("ok"))).status == "ok"


@pytest.mark.parametrize("trouble", ["unreachable", "anything else"])
async def test_redis_in_trouble_is_degraded_and_says_which(trouble: str) -> None:
    found = await look(postgres=says("ok"), redis=says(trouble))
    assert (found.status, found.components["redis"]) == ("degraded", trouble)


async def test_a_breaker_that_is_open_is_degraded_not_down() -> None:
    assert (await look(postgres=says("breaker opened"), redis=says("ok"))).status == "degraded"


async def test_no_database_is_down() -> None:
    assert (await look(postgres=says("unreachable"), redis=says("ok"))).status == "down"


async def test_it_answers_in_half_a_second_whatever_stalls() -> None:
    began_s = time.monotonic()
    found = await look(postgres=stalled, redis=stalled, storage=stalled)
    assert time.monotonic() - began_s < 0.5
    assert found.status == "down"
    assert set(found.components.values()) == {"unreachable"}


async def test_many_askers_cost_one_look() -> None:
    looks = 0

    async def check() -> str:
        nonlocal looks
        looks += 1
        await asyncio.sleep(0)
        return "ok"

    health = truthful_health.build({"postgres": check}, settings())
    await asyncio.gather(*(health.look() for _ in range(10)))
    assert looks == 1
    await health.look()
    assert looks == 2


async def test_off_all_is_always_well() -> None:
    assert (await look(off="truthful-health", postgres=says("unreachable"))).status == "ok"
