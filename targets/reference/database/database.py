"""The one way to run something on Postgres."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from blackstart.targets.reference.database.doubt import Doubt
from blackstart.targets.reference.database.failures import DATABASE_FAILURES
from blackstart.targets.reference.database.pool import Pool
from blackstart.targets.reference.errors import InDoubtError, UnavailableError
from blackstart.targets.reference.guardrails.breaker import CLOSED, Breaking
from blackstart.targets.reference.guardrails.retry_cap import Retrying
from blackstart.targets.reference.guardrails.shedding import Bounding
from blackstart.targets.reference.metrics import Metrics

T = TypeVar("T")
Work = Callable[[AsyncConnection], Awaitable[T]]


class Database:
    """Runs work on a pooled connection: retry( breaker( limit( attempt ) ) ).

    Work may be run more than once, so it must be safe to repeat.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        retry: Retrying,
        breaker: Breaking,
        limit: Bounding,
        metrics: Metrics,
    ) -> None:
        self.pool = Pool(engine)
        self.breaker = breaker
        self._engine = engine
        self._retry = retry
        self._limit = limit
        self._metrics = metrics

    async def run(self, work: Work[T]) -> T:
        """Run ``work`` with each statement in a transaction of its own."""
        return await self._guarded(lambda: self._attempt(self._engine, work))

    async def run_write(self, work: Work[T]) -> T:
        """Run one write that may be repeated. Raises ``InDoubtError`` if its fate is not known."""
        doubt = Doubt()
        try:
            return await self.run(lambda connection: doubt.noted(work(connection)))
        except UnavailableError as error:
            if doubt.unanswered:
                raise InDoubtError("a write was sent and not answered") from error
            raise

    async def run_in_transaction(self, work: Work[T]) -> T:
        """Run ``work`` in one transaction: three round trips more."""
        engine = self._engine.execution_options(isolation_level="READ COMMITTED")
        return await self._guarded(lambda: self._attempt(engine, work))

    def trouble(self, pool_limit: int) -> str | None:
        """What is wrong on our side of the database, in a few words."""
        if self.breaker.state != CLOSED:
            return f"breaker {self.breaker.state}"
        if self.pool.waiting and self.pool.in_use >= pool_limit:
            return "pool exhausted"
        return None

    async def close(self) -> None:
        """Give up what is under way and close every connection."""
        await self._limit.close()
        await self._engine.dispose()

    async def _guarded(self, attempt: Callable[[], Awaitable[T]]) -> T:
        async def limited() -> T:
            with self._counted():
                return await self._limit.run(attempt)

        async def broken() -> T:
            return await self.breaker.run(limited)

        return await self._retry.run(broken)

    async def _attempt(self, engine: AsyncEngine, work: Work[T]) -> T:
        async with self.pool.connection(engine) as connection, connection.begin():
            return await work(connection)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self._metrics.attempts.inc()
        try:
            yield
        except DATABASE_FAILURES as error:
            self._metrics.failures.labels(type(error).__name__).inc()
            raise
