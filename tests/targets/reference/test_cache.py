from collections.abc import Callable

import pytest

from blackstart.targets.reference.cache.answer import Answer
from blackstart.targets.reference.cache.entry import Entry, Found
from blackstart.targets.reference.cache.reader import CachedReader
from blackstart.targets.reference.errors import UnavailableError
from blackstart.targets.reference.guardrails import single_flight, stale_cache
from blackstart.targets.reference.guardrails.memory_fallback import MemoryFallback
from blackstart.targets.reference.metrics import Metrics

from .fakes import Calls, FakeClock
from .making import settings

pytestmark = pytest.mark.anyio


class FakeRedis:
    """A store that can be lost."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.error: Exception | None = None
        self.calls = 0

    async def get(self, key: str) -> Found:
        self._answer()
        return Found(entry=self.entries.get(key))

    async def put(self, key: str, entry: Entry) -> None:
        self._answer()
        self.entries[key] = entry

    def _answer(self) -> None:
        self.calls += 1
        if self.error:
            raise self.error


ReaderOf = Callable[[str], CachedReader]


@pytest.fixture
def redis() -> FakeRedis:
    return FakeRedis()


@pytest.fixture
def reader(redis: FakeRedis, clock: FakeClock, metrics: Metrics) -> ReaderOf:
    """A reader with some guardrails off; fresh for 10 s, and stale for 100 s more."""

    def make(off: str = "") -> CachedReader:
        found = settings(GUARDRAILS_OFF=off, CACHE_FRESH_S="10", CACHE_STALE_S="100")
        return CachedReader(
            store=MemoryFallback(redis, retry_s=1.0, clock=clock),
            fresh_s=found.cache_fresh_s,
            flight=single_flight.build(found),
            stale=stale_cache.build(found),
            metrics=metrics,
            clock=clock,
        )

    return make


def marks(answer: Answer) -> dict[str, str]:
    return answer.headers()


async def test_a_miss_is_computed_and_stored_then_hit(reader: ReaderOf, clock: FakeClock) -> None:
    cache, compute = reader(""), Calls(value={"n": 1})
    assert marks(await cache.read("k", compute)) == {
        "Cache-Status": "reference; fwd=uri-miss; stored"
    }
    clock.advance(3)
    answer = await cache.read("k", compute)
    assert marks(answer) == {"Cache-Status": "reference; hit; ttl=7"}
    assert answer.entry.value == {"n": 1}
    assert compute.count == 1


async def test_what_is_no_longer_fresh_is_computed_again(
    reader: ReaderOf, clock: FakeClock
) -> None:
    cache, compute = reader(""), Calls()
    await cache.read("k", compute)
    clock.advance(10)
    await cache.read("k", compute)
    assert compute.count == 2


async def test_the_last_good_copy_is_served_marked_stale(
    reader: ReaderOf, clock: FakeClock
) -> None:
    cache = reader("")
    await cache.read("k", Calls())
    clock.advance(12.5)
    answer = await cache.read("k", Calls(errors=[UnavailableError("out")]))
    assert marks(answer) == {
        "Age": "12",
        "Cache-Status": "reference; hit; ttl=-3; detail=stale-if-error",
    }


async def test_a_copy_just_stale_still_has_a_negative_ttl(
    reader: ReaderOf, clock: FakeClock
) -> None:
    cache = reader("")
    await cache.read("k", Calls())
    clock.advance(10)
    answer = await cache.read("k", Calls(errors=[UnavailableError("out")]))
    assert "ttl=-1;" in marks(answer)["Cache-Status"]


@pytest.mark.parametrize(
    ("off", "age_s"), [("stale-cache", 11), ("", 111)], ids=["guardrail off", "too old"]
)
async def test_without_a_copy_that_serves_the_read_is_refused(
    reader: ReaderOf, clock: FakeClock, off: str, age_s: float
) -> None:
    cache = reader(off)
    await cache.read("k", Calls())
    clock.advance(age_s)
    with pytest.raises(UnavailableError):
        await cache.read("k", Calls(errors=[UnavailableError("out")]))


async def test_an_error_of_the_computing_itself_is_not_hidden(
    reader: ReaderOf, clock: FakeClock
) -> None:
    cache = reader("")
    await cache.read("k", Calls())
    clock.advance(11)
    with pytest.raises(ZeroDivisionError):
        await cache.read("k", Calls(errors=[ZeroDivisionError()]))


async def test_without_redis_memory_serves_and_says_so(reader: ReaderOf, redis: FakeRedis) -> None:
    cache, compute = reader(""), Calls()
    await cache.read("k", compute)
    redis.error = ConnectionError()
    answer = await cache.read("k", compute)
    assert marks(answer) == {"Cache-Status": "reference; hit; ttl=10", "X-Degraded": "redis"}
    assert compute.count == 1


async def test_redis_is_left_alone_for_a_while_and_then_tried_again(
    reader: ReaderOf, redis: FakeRedis, clock: FakeClock
) -> None:
    cache, compute = reader(""), Calls()
    await cache.read("k", compute)
    redis.error = TimeoutError()
    await cache.read("k", compute)
    tried = redis.calls
    await cache.read("k", compute)
    assert redis.calls == tried
    redis.error = None
    clock.advance(1.1)
    assert "X-Degraded" not in marks(await cache.read("k", compute))


async def test_a_redis_that_returns_empty_is_filled_again(
    reader: ReaderOf, redis: FakeRedis
) -> None:
    cache, compute = reader(""), Calls()
    await cache.read("k", compute)
    redis.entries.clear()
    await cache.read("k", compute)
    assert compute.count == 2
    assert "k" in redis.entries


async def test_without_fallback_a_lost_redis_is_not_hidden_by_other_guardrails(
    clock: FakeClock, metrics: Metrics
) -> None:
    class Unreadable(FakeRedis):
        async def get(self, key: str) -> Found:
            raise ConnectionError(key)

    cache = CachedReader(
        store=Unreadable(),
        fresh_s=10,
        flight=single_flight.SingleFlight(),
        stale=stale_cache.StaleIfError(fresh_s=10, stale_s=100),
        metrics=metrics,
        clock=clock,
    )
    with pytest.raises(ConnectionError):
        await cache.read("k", Calls())


def test_an_entry_survives_the_way_through_redis() -> None:
    entry = Entry(value={"a": [1, None, "ü"]}, computed_at_s=12.5)
    assert Entry.load(entry.dump()) == entry


def test_no_entry_is_younger_than_nothing() -> None:
    assert Entry(value=1, computed_at_s=100).age_s(99) == 0
