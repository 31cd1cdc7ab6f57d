"""An id of a deleted stream or target is never given to another one: old cards in Discord still name it."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("stream", "target"):
        with op.batch_alter_table(table, schema=None, recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            pass
    op.create_index("ix_run_ended_at", "run", ["ended_at"])  # retention looks for old ones every half minute
    op.create_index("ix_stream_log_run_id", "stream_log", ["run_id"])  # deleting a run looks for its lines
