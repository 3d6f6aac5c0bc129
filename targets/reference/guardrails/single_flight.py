"""Guardrail ``single-flight``: what many ask for at once is fetched once.

Guards: the database from a stampede when a much-read entry is missing. Seen by: simultaneous
readers of one missing key cause one aggregate query in one instance. Off: one for each reader.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from blackstart.targets.reference.cache.answer import Answer
from blackstart.targets.reference.guardrails.catalogue import Guardrail
from blackstart.targets.reference.settings import Settings

T = TypeVar("T")
Fetch = Callable[[], Awaitable[Answer]]


class Flight(Protocol):
    """Fetches an answer, perhaps for several readers."""

    async def run(self, key: str, fetch: Fetch) -> Answer:
        """Give the answer for ``key``."""


class EachAlone:
    """The guardrail off: every reader fetches."""

    async def run(self, key: str, fetch: Fetch) -> Answer:  # noqa: ARG002 - same shape
        """Fetch, whoever else does."""
        return await fetch()


class SingleFlight:
    """Readers of one key that is being fetched join; they share the answer, or the error."""

    def __init__(self) -> None:
        self._flights: dict[str, asyncio.Future[Answer]] = {}

    async def run(self, key: str, fetch: Fetch) -> Answer:
        """Join the flight for ``key``, or start it.

        The flight covers the look-up and the storing, not just the computing: otherwise a reader
        whose look-up was answered before the storing could start a second one after it.
        """
        flight = self._flights.get(key)
        if flight is None:
            flight = asyncio.ensure_future(fetch())
            self._flights[key] = flight
            flight.add_done_callback(lambda ended: self._land(key, ended))
        # A reader who leaves must not take the others' answer along.
        return await asyncio.shield(flight)

    def _land(self, key: str, flight: asyncio.Future[Answer]) -> None:
        del self._flights[key]
        if not flight.cancelled():
            flight.exception()  # every reader may have left: nobody else would look at it


def build(settings: Settings) -> Flight:
    """Make the shared flight, or the twin where each flies alone."""
    return SingleFlight() if settings.on(Guardrail.SINGLE_FLIGHT) else EachAlone()
