"""What the database keeps, and for how long: old lines, commands and samples are deleted in small portions."""

import time
from collections.abc import Collection
from datetime import timedelta

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.storage.column_types import now
from streaming.storage.logs import forget_old_lines
from streaming.storage.tables import Command, Sample, StreamLog

_PERIOD_SECONDS = 30.0
_SAMPLES_AT_ONCE = 10_000
"""Few enough that nobody has to wait for it, and as many as 300 targets leave in that time."""
_KEPT_SAMPLES = timedelta(hours=24)
_KEPT_GUILD_LINES = timedelta(days=90)
_KEPT_COMMANDS = timedelta(hours=1)
"""Panels ask for pictures all the time, and nobody reads old answers."""


class Retention:
    """Deletes what is too old, every half minute."""

    def __init__(self) -> None:
        self._done_at = 0.0

    async def apply(self, session: AsyncSession, stream_ids: Collection[int]) -> None:
        """Keeps the newest lines of these streams, a day of samples and the latest commands; ids ascend with time."""
        if time.monotonic() - self._done_at < _PERIOD_SECONDS:
            return
        self._done_at = time.monotonic()
        for stream_id in stream_ids:
            await forget_old_lines(session, col(StreamLog.stream_id) == stream_id)
        is_of_guild = col(StreamLog.guild_id).is_not(None)
        await session.exec(delete(StreamLog).where(is_of_guild, col(StreamLog.created_at) < now() - _KEPT_GUILD_LINES))
        await session.exec(delete(Command).where(col(Command.requested_at) < now() - _KEPT_COMMANDS))
        first = select(Sample.id, Sample.taken_at).order_by(col(Sample.id)).limit(_SAMPLES_AT_ONCE).subquery()
        old = select(first.c.id).where(first.c.taken_at < now() - _KEPT_SAMPLES)
        await session.exec(delete(Sample).where(col(Sample.id).in_(old)))
