"""The store in Redis, shared by all instances."""

from collections.abc import Awaitable
from typing import TypeVar

import redis.asyncio as redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from blackstart.targets.reference.cache.entry import Entry, Found
from blackstart.targets.reference.guardrails.redis_limit import RedisLimit
from blackstart.targets.reference.guardrails.redis_warning import RedisWatcher
from blackstart.targets.reference.metrics import Metrics

T = TypeVar("T")
REDIS_FAILURES = (RedisError, OSError, TimeoutError)


def build_client(redis_url: str) -> redis.Redis:
    """Make a client that neither repeats nor times out by itself: that is ``RedisLimit``'s part."""
    return redis.Redis.from_url(
        redis_url,
        retry=Retry(NoBackoff(), 0),
        socket_timeout=None,
        socket_connect_timeout=None,
        driver_info=None,  # introducing oneself would be two more round trips on connecting
    )


class RedisStore:
    """Entries in Redis; tells a watcher when Redis is lost and back."""

    def __init__(
        self,
        client: redis.Redis,
        *,
        keep_s: float,
        limit: RedisLimit,
        watcher: RedisWatcher,
        metrics: Metrics,
    ) -> None:
        self._client = client
        self._keep_ms = max(1, round(keep_s * 1000))
        self._limit = limit
        self._watcher = watcher
        self._metrics = metrics
        self.is_lost = False

    async def get(self, key: str) -> Found:
        """Look a key up; raise one of ``REDIS_FAILURES`` when Redis is out."""
        raw = await self._call(self._client.get(key))
        return Found(entry=Entry.load(raw) if isinstance(raw, bytes) else None)

    async def put(self, key: str, entry: Entry) -> None:
        """Keep an entry for as long as it may be served stale."""
        await self._call(self._client.set(key, entry.dump(), px=self._keep_ms))

    async def is_reachable(self) -> bool:
        """Whether Redis answers; the caller bounds the time, and nobody is told."""
        try:
            return bool(await self._client.ping())
        except REDIS_FAILURES:
            return False

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _call(self, call: Awaitable[T]) -> T:
        try:
            answer = await self._limit.run(call)
        except REDIS_FAILURES as error:
            self._note_lost(error)
            raise
        self._note_back()
        return answer

    def _note_lost(self, error: Exception) -> None:
        if not self.is_lost:
            self.is_lost = True
            self._metrics.redis_losses.inc()
            self._watcher.lost(error)

    def _note_back(self) -> None:
        if self.is_lost:
            self.is_lost = False
            self._watcher.back()
