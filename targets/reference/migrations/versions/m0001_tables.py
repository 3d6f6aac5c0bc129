"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None


def _row_id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid, primary_key=True)


def _owner() -> sa.Column[object]:
    return sa.Column("user_id", sa.Uuid, nullable=False)


def _stamp(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


def upgrade() -> None:
    """Create users, events, workflows with their runs, and the audit log."""
    op.create_table(
        "users",
        _row_id(),
        sa.Column("email", sa.Text, nullable=False, unique=True),
        sa.Column("username", sa.Text, nullable=False, unique=True),
        sa.Column("password_hash", sa.Text, nullable=False),
        _stamp("created_at"),
    )
    op.create_table(
        "events",
        _row_id(),
        _owner(),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("payload", JSONB, nullable=False),
        _stamp("created_at"),
    )
    _create_workflow_tables()


def _create_workflow_tables() -> None:
    op.create_table(
        "workflows",
        _row_id(),
        _owner(),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("steps", JSONB, nullable=False),
        _stamp("created_at"),
    )
    op.create_table(
        "workflow_runs",
        _row_id(),
        sa.Column("workflow_id", sa.Uuid, nullable=False),
        sa.Column("results", JSONB, nullable=False),
        _stamp("finished_at"),
    )
    op.create_table(
        "audit_log",
        _row_id(),
        _owner(),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Uuid, nullable=False),
        _stamp("at"),
    )


def downgrade() -> None:
    """Drop them all."""
    for table in ("audit_log", "workflow_runs", "workflows", "events", "users"):
        op.drop_table(table)
