"""Guardrail ``stale-cache``: an old answer, marked as old, rather than none.

Guards: readers from an outage of the database. Seen by: a read whose data cannot be computed is
answered with the last good copy, with ``Age`` and a negative ttl. Off: the read is refused.
"""

from blackstart.targets.reference.cache.answer import Answer, How
from blackstart.targets.reference.cache.entry import Found
from blackstart.targets.reference.guardrails.catalogue import Guardrail
from blackstart.targets.reference.settings import Settings


class StaleIfError:
    """Serves a copy for ``stale_s`` after it stopped being fresh (RFC 5861, stale-if-error)."""

    def __init__(self, *, fresh_s: float, stale_s: float) -> None:
        self._fresh_s = fresh_s
        self._stale_s = stale_s

    def instead(self, found: Found, now_s: float) -> Answer | None:
        """Give the last good copy, if there is one that is not too old."""
        if found.entry is None:
            return None
        age_s = found.entry.age_s(now_s)
        ttl_s = self._fresh_s - age_s
        if -ttl_s > self._stale_s:
            return None
        return Answer(
            entry=found.entry, how=How.STALE, age_s=age_s, ttl_s=ttl_s, degraded=found.degraded
        )


class NothingInstead:
    """The guardrail off: no copy is good enough."""

    def instead(self, found: Found, now_s: float) -> Answer | None:  # noqa: ARG002 - same shape
        """Give nothing."""
        return None


def build(settings: Settings) -> StaleIfError | NothingInstead:
    """Make the fallback to old copies, or none."""
    if not settings.on(Guardrail.STALE_CACHE):
        return NothingInstead()
    return StaleIfError(fresh_s=settings.cache_fresh_s, stale_s=settings.cache_stale_s)
