"""Bring the schema up to date: ``python -m blackstart.targets.reference.migrate``."""

import os
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from blackstart.targets.reference.database.engine import driver_url

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK_ID = 4_000_001  # any number that nobody else on this server uses


def migrate(database_url: str) -> None:
    """Upgrade to the newest revision, in one transaction; two at once take turns."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    engine = create_engine(driver_url(database_url))
    with engine.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(:id)"), {"id": LOCK_ID})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()


if __name__ == "__main__":
    if not (address := os.environ.get("DATABASE_URL")):
        sys.exit("cannot migrate: DATABASE_URL is not set")
    migrate(address)
