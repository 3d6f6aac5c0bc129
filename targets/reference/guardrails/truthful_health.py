"""Guardrail ``truthful-health``: the health endpoint says how it really is.

Guards: the balancer and the people on call from a green light over a dead database. Seen by:
``/health`` says ``degraded`` when Redis, the breaker, the pool or the object store is in trouble,
and ``down`` (503) when the database is out of reach. Off: always ``200 ok``.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from blackstart.targets.reference.guardrails.catalogue import Guardrail
from blackstart.targets.reference.settings import Settings

CHECK_LIMIT_S = 0.4

OK, DOWN = "ok", "unreachable"
Check = Callable[[], Awaitable[str]]


@dataclass(frozen=True)
class Health:
    """``ok``, ``degraded`` or ``down``, and what each component said."""

    status: str
    components: Mapping[str, str]


class HealthCheck(Protocol):
    """Says how the service is."""

    async def look(self) -> Health:
        """Look at every component."""


class AlwaysOk:
    """The guardrail off: all is well."""

    async def look(self) -> Health:
        """Say so without looking."""
        return Health("ok", {})


class TruthfulHealth:
    """Asks every component at once, and waits for none longer than ``CHECK_LIMIT_S``.

    A check gives ``ok`` or the trouble in a few words. Those who ask while a look is under way
    share it, so that many askers cost no more than one.
    """

    def __init__(self, checks: Mapping[str, Check], *, vital: str) -> None:
        self._checks = checks
        self._vital = vital
        self._looking: asyncio.Task[Health] | None = None

    async def look(self) -> Health:
        """Look at every component; the vital one unreachable means ``down``."""
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
            self._looking.add_done_callback(self._looked)
        return await asyncio.shield(self._looking)

    def _looked(self, _: asyncio.Task[Health]) -> None:
        self._looking = None

    async def _look(self) -> Health:
        said = await asyncio.gather(*(_bounded(check) for check in self._checks.values()))
        components = dict(zip(self._checks, said, strict=True))
        if components[self._vital] == DOWN:
            return Health("down", components)
        is_well = all(word == OK for word in said)
        return Health("ok" if is_well else "degraded", components)


async def _bounded(check: Check) -> str:
    try:
        async with asyncio.timeout(CHECK_LIMIT_S):
            return await check()
    except TimeoutError:
        return DOWN


def build(checks: Mapping[str, Check], settings: Settings) -> HealthCheck:
    """Make the check, or the twin that never looks. Postgres is the vital component."""
    if not settings.on(Guardrail.TRUTHFUL_HEALTH):
        return AlwaysOk()
    return TruthfulHealth(checks, vital="postgres")
