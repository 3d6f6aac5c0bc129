"""How full the connection pool is."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from blackstart.targets.reference.metrics import Metrics


class Pool:
    """The engine's pool, with those who wait for it counted.

    ``on_use`` is told how many connections are lent whenever somebody asks for one or gets it.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        pool = engine.pool
        assert isinstance(pool, AsyncAdaptedQueuePool)  # noqa: S101 - what build_engine makes
        self._pool = pool
        self.waiting = 0
        self.on_use: Callable[[int], None] = _nobody

    @asynccontextmanager
    async def connection(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        """Lend a connection; ``waiting`` counts those who have none yet."""
        self.waiting += 1
        self.on_use(self.in_use)
        try:
            connection = await engine.connect()
        finally:
            self.waiting -= 1
        self.on_use(self.in_use)
        try:
            yield connection
        finally:
            # Shielded: a connection half given back would be lost to the pool.
            await asyncio.shield(asyncio.create_task(connection.close()))

    @property
    def in_use(self) -> int:
        """Connections lent right now, those still being opened included."""
        return self._pool.checkedout()

    @property
    def overflow(self) -> int:
        """Connections open beyond the pool's size."""
        return max(0, self._pool.overflow())

    def export(self, metrics: Metrics, *, limit: int) -> None:
        """Show the pool on ``/metrics``."""
        metrics.watch("db_pool_size", "Connections kept open.", self._pool.size)
        metrics.watch("db_pool_in_use", "Connections lent.", lambda: self.in_use)
        metrics.watch("db_pool_overflow", "Connections beyond the size.", lambda: self.overflow)
        metrics.watch("db_pool_waiting", "Waiting for a connection.", lambda: self.waiting)
        metrics.watch("db_pool_limit", "Connections allowed.", lambda: limit)


def _nobody(_: int) -> None:
    """Told, and nothing comes of it."""
