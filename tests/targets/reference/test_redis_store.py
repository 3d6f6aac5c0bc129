import asyncio

import pytest

from blackstart.targets.reference.cache.entry import Entry
from blackstart.targets.reference.cache.redis_store import REDIS_FAILURES, RedisStore, build_client
from blackstart.targets.reference.guardrails import redis_limit
from blackstart.targets.reference.guardrails.redis_limit import RedisLimit
from blackstart.targets.reference.metrics import Metrics

from .making import settings

pytestmark = pytest.mark.anyio


class Ear:
    """A watcher that remembers."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def lost(self, error: Exception) -> None:
        self.heard.append(f"lost: {type(error).__name__}")

    def back(self) -> None:
        self.heard.append("back")


class Client:
    """As much of a Redis client as the store uses."""

    def __init__(self) -> None:
        self.error: Exception | None = None

    async def get(self, key: str) -> bytes:
        if self.error:
            raise self.error
        return Entry(value=key, computed_at_s=0).dump()


async def test_the_loss_and_the_return_are_told_once_each(metrics: Metrics) -> None:
    client, ear = Client(), Ear()
    store = RedisStore(client, keep_s=1, limit=RedisLimit(1), watcher=ear, metrics=metrics)  # type: ignore[arg-type]
    client.error = ConnectionError()
    for _ in range(3):
        with pytest.raises(REDIS_FAILURES):
            await store.get("k")
    client.error = None
    for _ in range(3):
        await store.get("k")
    assert ear.heard == ["lost: ConnectionError", "back"]


async def test_a_redis_that_is_not_there_is_a_failure_at_once(metrics: Metrics) -> None:
    ear = Ear()
    store = RedisStore(
        build_client("redis://127.0.0.1:1/0"),
        keep_s=1,
        limit=RedisLimit(5),
        watcher=ear,
        metrics=metrics,
    )
    with pytest.raises(REDIS_FAILURES):
        await store.get("k")
    assert ear.heard == ["lost: ConnectionError"]
    assert not await store.is_reachable()
    await store.close()


async def test_a_call_is_given_up_at_the_limit() -> None:
    with pytest.raises(TimeoutError):
        await RedisLimit(0.01).run(asyncio.Event().wait())


async def test_off_a_call_is_not_given_up() -> None:
    limit = redis_limit.build(settings(GUARDRAILS_OFF="redis-limit", REDIS_LIMIT_S="0.01"))
    call = asyncio.create_task(limit.run(asyncio.Event().wait()))
    done, _ = await asyncio.wait({call}, timeout=0.1)
    assert not done
    call.cancel()
