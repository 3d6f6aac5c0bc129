"""Guardrail ``memory-fallback``: without Redis, this instance's memory serves.

Guards: readers from an outage of what is only there to be fast. Seen by: with Redis lost, reads
are answered, marked ``X-Degraded: redis``. Off: the Redis error becomes a bare 500.
"""

import time
from collections import OrderedDict
from collections.abc import Callable

from blackstart.targets.reference.cache.entry import Entry, Found
from blackstart.targets.reference.cache.redis_store import REDIS_FAILURES
from blackstart.targets.reference.cache.store import Store
from blackstart.targets.reference.guardrails.catalogue import Guardrail
from blackstart.targets.reference.settings import Settings

ENTRIES_MAX = 1000


class MemoryFallback:
    """Redis while it answers, memory while it doesn't; ``clock`` is monotonic, in seconds.

    Memory remembers all that passes, so that losing Redis does not start cold. While Redis
    answers it is the only truth: an entry it doesn't have is not there.
    """

    def __init__(
        self, redis: Store, *, retry_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._redis = redis
        self._retry_s = retry_s
        self._clock = clock
        self._alone_until_s = float("-inf")
        self._memory: OrderedDict[str, Entry] = OrderedDict()

    async def get(self, key: str) -> Found:
        """Look a key up in Redis, or in memory and say so."""
        if self._clock() >= self._alone_until_s:
            try:
                found = await self._redis.get(key)
            except REDIS_FAILURES:
                # Not swallowed: the store has told its watcher, and the answer is marked.
                self._leave_alone()
            else:
                if found.entry:
                    self._remember(key, found.entry)
                return found
        return Found(entry=self._memory.get(key), degraded="redis")

    async def put(self, key: str, entry: Entry) -> None:
        """Keep an entry in memory, and in Redis if it answers."""
        self._remember(key, entry)
        if self._clock() >= self._alone_until_s:
            try:
                await self._redis.put(key, entry)
            except REDIS_FAILURES:
                self._leave_alone()

    def _leave_alone(self) -> None:
        self._alone_until_s = self._clock() + self._retry_s

    def _remember(self, key: str, entry: Entry) -> None:
        self._memory[key] = entry
        self._memory.move_to_end(key)
        if len(self._memory) > ENTRIES_MAX:
            self._memory.popitem(last=False)


def build(redis: Store, settings: Settings) -> Store:
    """Put memory behind Redis, or leave Redis alone in front."""
    if not settings.on(Guardrail.MEMORY_FALLBACK):
        return redis
    return MemoryFallback(redis, retry_s=settings.redis_retry_s)
