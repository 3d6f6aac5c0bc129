"""Guardrail ``retry-cap``: a failed attempt is repeated a few times, with growing pauses.

Guards: a database that is getting up from a storm of repeats that would push it down again.
Seen by: at most ``RETRY_ATTEMPTS`` attempts for one request, with jittered pauses between.
Off: repeated at once and without end, also for clients who have long gone. Masked by: ``breaker``,
since an open breaker is never retried.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

import stamina

from blackstart.targets.reference.database.failures import DATABASE_FAILURES
from blackstart.targets.reference.errors import BreakerOpenError, UnavailableError
from blackstart.targets.reference.guardrails.catalogue import Guardrail
from blackstart.targets.reference.metrics import Metrics
from blackstart.targets.reference.settings import Settings

T = TypeVar("T")


class Retrying(Protocol):
    """Runs an attempt until it succeeds or must not be repeated."""

    async def run(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Run ``attempt`` once or more often."""


def is_worth_repeating(error: Exception) -> bool:
    """Whether another attempt may fare better: database trouble, but not an open breaker."""
    is_trouble = isinstance(error, (*DATABASE_FAILURES, UnavailableError))
    return is_trouble and not isinstance(error, BreakerOpenError)


class Backoff:
    """Few attempts, growing pauses, and none begun after the deadline."""

    def __init__(self, *, attempts: int, deadline_s: float, metrics: Metrics) -> None:
        self._attempts = attempts
        self._deadline_s = deadline_s
        self._metrics = metrics

    async def run(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Run ``attempt`` at most ``attempts`` times; the last error is let out."""
        async for turn in stamina.retry_context(
            on=is_worth_repeating,
            attempts=self._attempts,
            timeout=self._deadline_s,
            wait_initial=0.05,
            wait_max=0.5,
            wait_jitter=0.05,
        ):
            with turn:
                if turn.num > 1:
                    self._metrics.retries.inc()
                return await attempt()
        raise AssertionError("stamina ends with a result or an error")


class RetryForEver:
    """The guardrail off: at once, without pause, until it works, whether anybody waits or not."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    async def run(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Run ``attempt`` until it succeeds."""
        while True:
            try:
                return await attempt()
            except Exception as error:
                if not is_worth_repeating(error):
                    raise
                self._metrics.retries.inc()


def build(settings: Settings, metrics: Metrics) -> Retrying:
    """Make the capped retries, or the twin without a cap."""
    if not settings.on(Guardrail.RETRY_CAP):
        return RetryForEver(metrics)
    return Backoff(
        attempts=settings.retry_attempts, deadline_s=settings.db_deadline_s, metrics=metrics
    )
