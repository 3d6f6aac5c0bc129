"""The guardrails' names, as GUARDRAILS_OFF knows them."""

from enum import StrEnum


class Guardrail(StrEnum):
    """One guardrail; ``docs/GUARDRAILS.md`` says what each is seen by."""

    BREAKER = "breaker"
    SHEDDING = "shedding"
    RETRY_CAP = "retry-cap"
    POOL_LIMIT = "pool-limit"
    POOL_WARNING = "pool-warning"
    STALE_CACHE = "stale-cache"
    MEMORY_FALLBACK = "memory-fallback"
    REDIS_WARNING = "redis-warning"
    REDIS_LIMIT = "redis-limit"
    SINGLE_FLIGHT = "single-flight"
    TRUTHFUL_HEALTH = "truthful-health"
    KEY_GRACE = "key-grace"
    KEY_RETIREMENT = "key-retirement"
    OBJECT_STORAGE = "object-storage"


def parse(names: str) -> frozenset[Guardrail]:
    """Read a comma-separated list; an unknown name raises ``ValueError`` that lists the known."""
    wanted = {name.strip() for name in names.split(",") if name.strip()}
    known = {str(guardrail) for guardrail in Guardrail}
    if unknown := sorted(wanted - known):
        raise ValueError(f"unknown: {', '.join(unknown)}; known: {', '.join(sorted(known))}")
    return frozenset(Guardrail(name) for name in wanted)
