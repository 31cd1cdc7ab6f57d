"""Lines of the logs of streams and guilds: only the newest are kept."""

from sqlalchemy import ColumnElement
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.storage.tables import StreamLog

KEPT_LOG_LINES = 2000
"""Of each stream, and of what is about no one stream of a guild."""


async def forget_old_lines(session: AsyncSession, is_in_log: ColumnElement[bool]) -> None:
    """Keeps the newest lines of one log; ids ascend with time."""
    lines = select(StreamLog.id).where(is_in_log).order_by(col(StreamLog.id).desc())
    newest_old = lines.offset(KEPT_LOG_LINES).limit(1).scalar_subquery()
    await session.exec(delete(StreamLog).where(is_in_log, col(StreamLog.id) <= newest_old))
