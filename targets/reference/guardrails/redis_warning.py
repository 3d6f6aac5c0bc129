"""Guardrail ``redis-warning``: say when Redis is lost, and when it is back.

Guards: operators from a fallback that works so well that nobody notices. Seen by: one log line
``redis unavailable (…)`` and one ``redis back``. Off: silence.
"""

import logging
from typing import Protocol

from blackstart.targets.reference.guardrails.catalogue import Guardrail
from blackstart.targets.reference.settings import Settings

logger = logging.getLogger(__name__)


class RedisWatcher(Protocol):
    """Is told when Redis is lost or back; once each time."""

    def lost(self, error: Exception) -> None:
        """Redis failed for the first time since it last worked."""

    def back(self) -> None:
        """Redis works again."""


class Silence:
    """The guardrail off: nobody is told."""

    def lost(self, error: Exception) -> None:
        """Say nothing."""

    def back(self) -> None:
        """Say nothing."""


class RedisWarning:
    """Writes both to the log; ``instead`` is what is served meanwhile."""

    def __init__(self, instead: str) -> None:
        self._instead = instead

    def lost(self, error: Exception) -> None:
        """Warn, with the kind of error."""
        logger.warning("redis unavailable (%s): %s", type(error).__name__, self._instead)

    def back(self) -> None:
        """Say that it is over."""
        logger.warning("redis back")


def build(settings: Settings) -> RedisWatcher:
    """Make the warning, or silence."""
    if not settings.on(Guardrail.REDIS_WARNING):
        return Silence()
    falls_back = settings.on(Guardrail.MEMORY_FALLBACK)
    return RedisWarning("serving from memory" if falls_back else "no fallback")
