"""Run by Alembic: bring the schema of the connection that ``migrate`` opened up to date."""

from alembic import context

from blackstart.targets.reference.database.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
