"""A log line may be about a guild and no stream: a target tested, a playlist saved, a stream deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("stream_log", schema=None) as batch_op:
        batch_op.add_column(sa.Column("guild_id", sa.BigInteger(), nullable=True))
        batch_op.alter_column("stream_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_index(batch_op.f("ix_stream_log_guild_id"), ["guild_id"], unique=False)
        batch_op.create_check_constraint(
            batch_op.f("ck_stream_log_is_about_one_thing"), "(stream_id IS NULL) <> (guild_id IS NULL)"
        )
