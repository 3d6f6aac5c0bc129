"""Guardrail ``shedding``: every wait on the database has an end.

Guards: requests from hanging on a full pool, a held lock or a stalled link. Seen by: no answer
takes longer than ``DB_CHECKOUT_LIMIT_S`` for a connection and ``DB_DEADLINE_S`` for an attempt.
Off: a pool wait lasts 30 s and an attempt as long as it likes; requests hang.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

from blackstart.targets.reference.errors import DeadlineError
from blackstart.targets.reference.guardrails.catalogue import Guardrail
from blackstart.targets.reference.settings import Settings

logger = logging.getLogger(__name__)
T = TypeVar("T")

UNGUARDED_CHECKOUT_LIMIT_S = 30.0  # SQLAlchemy's own default


class Bounding(Protocol):
    """Runs one attempt, for as long as it may take."""

    async def run(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Run ``attempt`` once."""

    async def close(self) -> None:
        """Give up what is still being cleaned up."""


class NoDeadline:
    """The guardrail off: an attempt takes as long as it likes."""

    async def run(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Wait for ``attempt`` to end."""
        return await attempt()

    async def close(self) -> None:
        """Nothing was abandoned."""


class Deadline:
    """Waits for an attempt until its deadline; what is late cleans itself up in the background.

    The attempt is a task of its own, since cancelling it may take longer than the deadline: the
    driver asks the server to cancel, over the very link that may be stalled (at most twice 5 s,
    then it closes the connection). Until then the attempt keeps its place in the pool, so the
    pool's limit stays true of the server too.
    """

    def __init__(self, deadline_s: float) -> None:
        self._deadline_s = deadline_s
        self._abandoned: set[asyncio.Task[Any]] = set()

    async def run(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Run ``attempt``; raise ``DeadlineError`` when it is late."""
        task = asyncio.ensure_future(attempt())
        try:
            await asyncio.wait({task}, timeout=self._deadline_s)
        finally:
            if not task.done():
                self._abandon(task)
        if task in self._abandoned:
            raise DeadlineError(f"no answer in {self._deadline_s:g} s")
        return task.result()

    async def close(self) -> None:
        """Interrupt the cleaning up: a second cancellation closes the connection at once."""
        for _ in range(2):  # the first may find one that has not been delivered yet, and join it
            for task in self._abandoned:
                task.cancel()
            if self._abandoned:
                await asyncio.wait(self._abandoned, timeout=0.1)

    def _abandon(self, task: asyncio.Future[Any]) -> None:
        assert isinstance(task, asyncio.Task)  # noqa: S101 - made from a coroutine above
        self._abandoned.add(task)
        task.add_done_callback(self._forget)
        task.cancel()

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._abandoned.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.info("abandoned attempt ended: %s", error)


def build(settings: Settings) -> Bounding:
    """Make the deadline, or the twin without one."""
    return Deadline(settings.db_deadline_s) if settings.on(Guardrail.SHEDDING) else NoDeadline()


def checkout_limit_s(settings: Settings) -> float:
    """How long to wait for a connection from the pool."""
    on = settings.on(Guardrail.SHEDDING)
    return settings.db_checkout_limit_s if on else UNGUARDED_CHECKOUT_LIMIT_S


def statement_limit_s(settings: Settings) -> float:
    """How long the server may work on one statement: what is left of the deadline after the wait
    for a connection, less a fifth for the way there and back.

    Shorter than our own deadline, so that as a rule the server ends a statement and says so. At our
    own deadline nobody knows any more whether the statement took effect.
    """
    left_s = settings.db_deadline_s - settings.db_checkout_limit_s
    return 0.8 * max(left_s, settings.db_deadline_s / 2)


def server_limits(settings: Settings) -> dict[str, str]:
    """Connection arguments that make the server keep limits by itself.

    They travel with the connecting, so they cost no round trip. They also end what an abandoned
    attempt left behind when the request to cancel did not get through.
    """
    if not settings.on(Guardrail.SHEDDING):
        return {}
    limits_s = {
        "statement_timeout": statement_limit_s(settings),
        "idle_in_transaction_session_timeout": settings.db_deadline_s,
    }
    return {"options": " ".join(f"-c {k}={round(v * 1000)}" for k, v in limits_s.items())}
