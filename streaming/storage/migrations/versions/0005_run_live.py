"""What changes every second moves from `run` to `run_live`, and columns get the glossary's names."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_RENAMED = {
    "stream": {
        "stream_source": "source",
        "playlist_serve_mode": "serve_mode",
        "shuffle_playlist": "is_shuffled",
        "loop_enabled": "is_looped",
        "wish": "generation",
        "wished_at": "requested_at",
        "fulfilled_wish": "observed_generation",
    },
    "run": {"wish": "generation"},
    "command": {"about": "argument", "asked_by": "requested_by", "asked_at": "requested_at"},
    "incident": {
        "what": "description",
        "slate_seconds": "slate_seconds_before",
        "missed_seconds": "missed_seconds_before",
    },
    "panel": {"trouble": "problem"},
}


def _moved() -> list[sa.Column[Any]]:
    return [
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cursor", sa.String(), nullable=False),
        sa.Column("item_key", sa.String(), nullable=False),
        sa.Column("item_title", sa.String(), nullable=False),
        sa.Column("item_link", sa.String(), nullable=False),
        sa.Column("item_duration_seconds", sa.Float(), nullable=True),
        sa.Column("position_seconds", sa.Float(), nullable=False),
        sa.Column("next_title", sa.String(), nullable=False),
        sa.Column("upcoming", sa.String(), nullable=False),
        sa.Column("items_played", sa.Integer(), nullable=False),
        sa.Column("items_listed", sa.Integer(), nullable=False),
        sa.Column("is_copy", sa.Boolean(), nullable=True),
        sa.Column("treatment", sa.String(), nullable=False),
        sa.Column("urls_expire_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rerun_seconds", sa.Float(), nullable=False),
        sa.Column("slate_seconds", sa.Float(), nullable=False),
    ]


def upgrade() -> None:
    # Not in batches: those copy the whole table, and SQLite renames a column in place, in its constraints as well.
    for table, columns in _RENAMED.items():
        for old, new in columns.items():
            op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
    moved = _moved()
    op.create_table(
        "run_live",
        sa.Column("run_id", sa.Integer(), nullable=False),
        *moved,
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_live_run_id_run"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_run_live")),
    )
    names = [column.name for column in moved]
    run = sa.table("run", sa.column("id"), *map(sa.column, names))
    live = sa.table("run_live", sa.column("run_id"), *map(sa.column, names))
    op.execute(live.insert().from_select(["run_id", *names], sa.select(*run.c)))
    with op.batch_alter_table("run", schema=None) as batch_op:
        for column in moved:
            batch_op.drop_column(column.name)
