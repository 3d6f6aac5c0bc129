"""Reading through the cache."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from blackstart.targets.reference.cache.answer import Answer, How
from blackstart.targets.reference.cache.entry import Entry
from blackstart.targets.reference.cache.store import Store
from blackstart.targets.reference.database.failures import DATABASE_FAILURES
from blackstart.targets.reference.errors import UnavailableError
from blackstart.targets.reference.guardrails.single_flight import Flight
from blackstart.targets.reference.guardrails.stale_cache import NothingInstead, StaleIfError
from blackstart.targets.reference.metrics import Metrics

Compute = Callable[[], Awaitable[Any]]


@dataclass(frozen=True, kw_only=True)
class CachedReader:
    """Answers from the store, else computes, else gives the last good copy.

    ``clock`` is the wall clock in seconds, since instances share what they store.
    """

    store: Store
    fresh_s: float
    flight: Flight
    stale: StaleIfError | NothingInstead
    metrics: Metrics
    clock: Callable[[], float] = time.time

    async def read(self, key: str, compute: Compute) -> Answer:
        """Give the answer for ``key``; a failure of ``compute`` is let out when no copy serves."""
        answer = await self.flight.run(key, lambda: self._fetch(key, compute))
        self.metrics.cache.labels(answer.how).inc()
        return answer

    async def _fetch(self, key: str, compute: Compute) -> Answer:
        found = await self.store.get(key)
        now_s = self.clock()
        if found.entry and (age_s := found.entry.age_s(now_s)) < self.fresh_s:
            ttl_s = self.fresh_s - age_s
            return Answer(
                entry=found.entry, how=How.HIT, age_s=age_s, ttl_s=ttl_s, degraded=found.degraded
            )
        try:
            entry = await self._compute(key, compute)
        except (*DATABASE_FAILURES, UnavailableError):
            if copy := self.stale.instead(found, self.clock()):
                return copy
            raise
        await self.store.put(key, entry)
        return Answer(
            entry=entry, how=How.MISS, age_s=0, ttl_s=self.fresh_s, degraded=found.degraded
        )

    async def _compute(self, key: str, compute: Compute) -> Entry:
        self.metrics.recomputes.labels(key).inc()
        # Stamped before: the value is at least as new as that.
        now_s = self.clock()
        return Entry(value=await compute(), computed_at_s=now_s)
