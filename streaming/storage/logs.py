"""The logs of streams and guilds: only the newest lines of each are kept."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.model.states import LogLevel
from streaming.storage.tables import Stream, StreamLog

KEPT_LOG_LINES = 2000
"""Of each stream, and of each guild's lines that concern no single stream."""


class LogStore:
    """Reads and writes log lines in the transaction of a session."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, line: StreamLog) -> None:
        """Adds a line, and deletes the lines of the same log that are too many."""
        self._session.add(line)
        if line.stream_id is not None:
            await self.trim_stream(line.stream_id)
        else:
            await self._trim(col(StreamLog.guild_id) == line.guild_id)

    async def trim_stream(self, stream_id: int) -> None:
        """Deletes the lines of a stream that are too many."""
        await self._trim(col(StreamLog.stream_id) == stream_id)

    async def newest(
        self, guild_id: int, stream_id: int | None, limit: int, only_level: LogLevel | None
    ) -> Sequence[tuple[StreamLog, str | None]]:
        """The newest lines of a stream or of a whole guild, the newest first, each beside the title of its stream."""
        lines = select(StreamLog, Stream.title).join(Stream, col(Stream.id) == StreamLog.stream_id, isouter=True)
        here = select(Stream.id).where(Stream.guild_id == guild_id)
        is_here = (col(StreamLog.guild_id) == guild_id) | col(StreamLog.stream_id).in_(here)
        lines = lines.where(col(StreamLog.stream_id) == stream_id if stream_id else is_here)
        if only_level:
            lines = lines.where(StreamLog.level == only_level)
        return (await self._session.exec(lines.order_by(col(StreamLog.id).desc()).limit(limit))).all()

    async def forget_guild_lines(self, created_before: datetime) -> None:
        """Deletes old lines that concern no single stream."""
        is_of_guild = col(StreamLog.guild_id).is_not(None)
        await self._session.exec(delete(StreamLog).where(is_of_guild, col(StreamLog.created_at) < created_before))

    async def _trim(self, is_in_log: ColumnElement[bool]) -> None:
        # Ids ascend with time, and a subquery finds the first one to go without reading the lines that stay.
        lines = select(StreamLog.id).where(is_in_log).order_by(col(StreamLog.id).desc())
        newest_old = lines.offset(KEPT_LOG_LINES).limit(1).scalar_subquery()
        await self._session.exec(delete(StreamLog).where(is_in_log, col(StreamLog.id) <= newest_old))
