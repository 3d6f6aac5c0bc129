"""The engine: psycopg 3 behind SQLAlchemy's asynchronous pool."""

from sqlalchemy import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from blackstart.targets.reference.database.connecting import connect
from blackstart.targets.reference.database.liveness import renew_dropped_connections
from blackstart.targets.reference.guardrails import pool_limit, shedding
from blackstart.targets.reference.settings import Settings


def driver_url(database_url: str) -> URL:
    """Name the driver in an address that need not name one: ``postgresql://…``."""
    return make_url(database_url).set(drivername="postgresql+psycopg")


def build_engine(settings: Settings) -> AsyncEngine:
    """Make the engine; nothing is connected until somebody asks.

    Autocommit: one statement is one round trip. No pre-ping (see ``liveness``) and no preparing,
    for the same reason. Parameters stay out of error texts, since those end up in logs.
    """
    engine = create_async_engine(
        driver_url(settings.database_url),
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        use_native_hstore=False,
        pool_size=settings.db_pool_size,
        max_overflow=pool_limit.overflow(settings),
        pool_timeout=shedding.checkout_limit_s(settings),
        connect_args={
            "async_creator_fn": connect,
            "application_name": settings.instance,
            "prepare_threshold": None,
            **shedding.server_limits(settings),
        },
    )
    renew_dropped_connections(engine)
    return engine
