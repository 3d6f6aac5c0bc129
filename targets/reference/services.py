"""Everything the endpoints use, put together from the settings."""

from collections.abc import Mapping
from dataclasses import dataclass

from blackstart.targets.reference.auth.keyring_file import KeyringFile
from blackstart.targets.reference.auth.passwords import Passwords
from blackstart.targets.reference.auth.tokens import Tokens
from blackstart.targets.reference.cache.reader import CachedReader
from blackstart.targets.reference.cache.redis_store import RedisStore, build_client
from blackstart.targets.reference.database.database import Database
from blackstart.targets.reference.database.engine import build_engine
from blackstart.targets.reference.database.probe import PostgresProbe
from blackstart.targets.reference.guardrails import (
    breaker,
    key_retirement,
    memory_fallback,
    object_storage,
    pool_limit,
    pool_warning,
    redis_limit,
    redis_warning,
    retry_cap,
    shedding,
    single_flight,
    stale_cache,
    truthful_health,
)
from blackstart.targets.reference.guardrails.truthful_health import DOWN, OK, Check, HealthCheck
from blackstart.targets.reference.metrics import Metrics
from blackstart.targets.reference.settings import Settings
from blackstart.targets.reference.storage.store import UploadStore


@dataclass(frozen=True, kw_only=True)
class Services:
    """What the endpoints use."""

    database: Database
    redis: RedisStore
    cache: CachedReader
    tokens: Tokens
    passwords: Passwords
    uploads: UploadStore | None
    health: HealthCheck
    metrics: Metrics

    async def close(self) -> None:
        """Close every connection."""
        await self.database.close()
        await self.redis.close()


async def build_services(settings: Settings, metrics: Metrics) -> Services:
    """Put everything together; nothing is connected yet."""
    database = await _build_database(settings, metrics)
    redis = RedisStore(
        build_client(settings.redis_url),
        keep_s=settings.cache_fresh_s + settings.cache_stale_s,
        limit=redis_limit.build(settings),
        watcher=redis_warning.build(settings),
        metrics=metrics,
    )
    uploads = object_storage.build(settings)
    return Services(
        database=database,
        redis=redis,
        cache=_build_cache(redis, settings, metrics),
        tokens=_build_tokens(settings),
        passwords=Passwords(settings.password_cost),
        uploads=uploads,
        health=truthful_health.build(_checks(database, redis, uploads, settings), settings),
        metrics=metrics,
    )


async def _build_database(settings: Settings, metrics: Metrics) -> Database:
    database = Database(
        build_engine(settings),
        retry=retry_cap.build(settings, metrics),
        breaker=await breaker.build(settings, metrics),
        limit=shedding.build(settings),
        metrics=metrics,
    )
    database.pool.export(metrics, limit=pool_limit.limit(settings))
    pool_warning.watch(database.pool, settings)
    return database


def _build_cache(redis: RedisStore, settings: Settings, metrics: Metrics) -> CachedReader:
    return CachedReader(
        store=memory_fallback.build(redis, settings),
        fresh_s=settings.cache_fresh_s,
        flight=single_flight.build(settings),
        stale=stale_cache.build(settings),
        metrics=metrics,
    )


def _build_tokens(settings: Settings) -> Tokens:
    return Tokens(
        KeyringFile(settings.keyring_file),
        retirement=key_retirement.build(settings),
        ttl_s={"access": settings.access_ttl_s, "refresh": settings.refresh_ttl_s},
    )


def _checks(
    database: Database, redis: RedisStore, uploads: UploadStore | None, settings: Settings
) -> Mapping[str, Check]:
    probe = PostgresProbe(settings.database_url)
    limit = pool_limit.limit(settings)

    async def postgres() -> str:
        word = await probe.look()
        return database.trouble(limit) or OK if word == OK else word

    async def reachable(store: RedisStore | UploadStore) -> str:
        return OK if await store.is_reachable() else DOWN

    checks: dict[str, Check] = {"postgres": postgres, "redis": lambda: reachable(redis)}
    if uploads is not None:
        checks["storage"] = lambda: reachable(uploads)
    return checks
