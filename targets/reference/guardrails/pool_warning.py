"""Guardrail ``pool-warning``: say that the pool is filling up before it is full.

Guards: operators from learning of an exhausted pool by its failures. Seen by: the log line
``pool near capacity: N of M in use`` from 80 % on: at once when the pool fills
up, then once in a second while it stays so. Off: silence.
"""

import logging
import time
from collections.abc import Callable

from blackstart.targets.reference.database.pool import Pool
from blackstart.targets.reference.guardrails import pool_limit
from blackstart.targets.reference.guardrails.catalogue import Guardrail
from blackstart.targets.reference.settings import Settings

logger = logging.getLogger(__name__)

NEAR, CALM = 0.8, 0.5
QUIET_S = 1.0


class NearCapacity:
    """Warns when the pool is nearly used up; ``clock`` is monotonic, in seconds."""

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._quiet_until_s = float("-inf")

    def note(self, in_use: int) -> None:
        """Look at the number of connections in use."""
        if in_use <= CALM * self._limit:
            self._quiet_until_s = float("-inf")  # the next filling up is news again
        if in_use < NEAR * self._limit or self._clock() < self._quiet_until_s:
            return
        self._quiet_until_s = self._clock() + QUIET_S
        logger.warning("pool near capacity: %d of %d in use", in_use, self._limit)


def watch(pool: Pool, settings: Settings) -> None:
    """Look whenever a connection is asked for or lent."""
    if settings.on(Guardrail.POOL_WARNING):
        pool.on_use = NearCapacity(pool_limit.limit(settings)).note
