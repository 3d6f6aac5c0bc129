"""Guardrail ``redis-limit``: no Redis call takes long.

Guards: readers from waiting on a Redis that neither answers nor refuses. Seen by: a call is given
up after ``REDIS_LIMIT_S``. Off: it lasts as long as the stall; readers hang.
"""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from blackstart.targets.reference.guardrails.catalogue import Guardrail
from blackstart.targets.reference.settings import Settings

T = TypeVar("T")


class RedisLimit:
    """Bounds a call; ``None`` is no bound, which is the guardrail off."""

    def __init__(self, limit_s: float | None) -> None:
        self._limit_s = limit_s

    async def run(self, call: Awaitable[T]) -> T:
        """Await ``call``; raise ``TimeoutError`` when it is late."""
        # The client closes the connection of a call that was interrupted, so no late answer can
        # be taken for that of the next call.
        async with asyncio.timeout(self._limit_s):
            return await call


def build(settings: Settings) -> RedisLimit:
    """Make the limit, or none."""
    return RedisLimit(settings.redis_limit_s if settings.on(Guardrail.REDIS_LIMIT) else None)
