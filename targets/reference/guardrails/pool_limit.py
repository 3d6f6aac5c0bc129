"""Guardrail ``pool-limit``: the pool's limit is hard.

Guards: Postgres's connection slots, which everybody shares, from one instance's bad day. Seen by:
never more than ``DB_POOL_SIZE`` + ``DB_POOL_OVERFLOW`` backends of this instance in
``pg_stat_activity``. Off: as many as there are requests.
"""

from blackstart.targets.reference.guardrails.catalogue import Guardrail
from blackstart.targets.reference.settings import Settings

UNLIMITED = -1  # as SQLAlchemy spells it


def overflow(settings: Settings) -> int:
    """How many connections the pool may open beyond its size."""
    return settings.db_pool_overflow if settings.on(Guardrail.POOL_LIMIT) else UNLIMITED


def limit(settings: Settings) -> int:
    """How many connections there should be at most."""
    return settings.db_pool_size + settings.db_pool_overflow
