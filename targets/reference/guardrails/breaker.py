"""Guardrail ``breaker``: leave a failing database alone, and say so.

Guards: callers from waiting on a database that has failed time and again, and the database from
being hammered while it gets up. Seen by: a database failure is answered 503 with ``Retry-After``;
after ``BREAKER_THRESHOLD`` failures in a row at once, until ``BREAKER_RESET_S`` has passed.
Off: the raw database error becomes a bare 500.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from purgatory import AsyncCircuitBreakerFactory
from purgatory.service._async.circuitbreaker import AsyncCircuitBreaker

from blackstart.targets.reference.database.failures import DATABASE_FAILURES
from blackstart.targets.reference.errors import BreakerOpenError, UnavailableError
from blackstart.targets.reference.guardrails.catalogue import Guardrail
from blackstart.targets.reference.metrics import Metrics
from blackstart.targets.reference.settings import Settings

logger = logging.getLogger(__name__)
T = TypeVar("T")

CLOSED, OPEN, HALF_OPEN = "closed", "opened", "half-opened"
_GAUGE = {CLOSED: 0, HALF_OPEN: 1, OPEN: 2}


class Breaking(Protocol):
    """Runs one attempt, or refuses to."""

    @property
    def state(self) -> str:
        """``closed``, ``opened`` or ``half-opened``."""

    async def run(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Run ``attempt`` once."""


class NoBreaker:
    """The guardrail off: every attempt is let through, every error is let out."""

    state = CLOSED

    async def run(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Run ``attempt``, whatever happened before."""
        return await attempt()


class Breaker:
    """Purgatory's circuit breaker, with one trial at a time while half-open.

    Purgatory lets everybody through once the reset time is over; on a database that is still
    stalled that would be a new queue of waiters each time.
    """

    def __init__(self, circuit: AsyncCircuitBreaker, metrics: Metrics) -> None:
        self._circuit = circuit
        self._metrics = metrics
        self._trial_is_running = False
        self._seen = CLOSED
        metrics.watch("breaker_state", "0 closed, 1 half-open, 2 open.", lambda: _GAUGE[self.state])

    @property
    def state(self) -> str:
        """``closed``, ``opened`` or ``half-opened``."""
        return str(self._circuit.context.state)

    async def run(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Run ``attempt``, count how it ends; database failures become ``UnavailableError``."""
        is_trial = self._admit()
        self._trial_is_running |= is_trial
        try:
            async with self._circuit:
                self._note_transition()
                return await attempt()
        except DATABASE_FAILURES as error:
            raise UnavailableError(
                f"database: {type(error).__name__}", retry_after_s=self._reset_in_s()
            ) from error
        finally:
            self._trial_is_running &= not is_trial
            self._note_transition()

    def _admit(self) -> bool:
        """Refuse, or say whether this attempt is the trial of a half-open breaker."""
        if self.state == CLOSED:
            return False
        reset_in_s = self._reset_in_s()
        if reset_in_s > 0 or self._trial_is_running:
            raise BreakerOpenError("database: breaker open", retry_after_s=reset_in_s)
        return True

    def _reset_in_s(self) -> float:
        context = self._circuit.context
        if context.opened_at is None:
            return 0.0
        # Purgatory stamps with the wall clock and still refuses at the very instant.
        return max(0.0, float(context.opened_at + context.ttl - time.time()) + 0.001)

    def _note_transition(self) -> None:
        before, self._seen = self._seen, self.state
        if before == self._seen:
            return
        self._metrics.transitions.labels(self._seen).inc()
        level = logging.WARNING if self._seen == OPEN else logging.INFO
        logger.log(level, "breaker: %s -> %s", before, self._seen)


async def build(settings: Settings, metrics: Metrics) -> Breaking:
    """Make the breaker, or the twin that lets everything through."""
    if not settings.on(Guardrail.BREAKER):
        return NoBreaker()
    factory = AsyncCircuitBreakerFactory(
        default_threshold=settings.breaker_threshold,
        default_ttl=settings.breaker_reset_s,
        # Only trouble of the database counts: a violated constraint is a sign of health.
        exclude=[(BaseException, lambda error: not isinstance(error, DATABASE_FAILURES))],
    )
    return Breaker(await factory.get_breaker("database"), metrics)
