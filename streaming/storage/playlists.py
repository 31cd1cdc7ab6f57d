"""What is learnt about saved playlists while they are listed or played."""

from datetime import UTC, datetime

from sqlmodel import col, update
from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.storage.tables import SavedPlaylist


async def learn(session: AsyncSession, guild_id: int, playlist: str, title: str, items_listed: int) -> None:
    """Keeps what was found in a playlist that the guild knows; a title once known is not forgotten."""
    found = {"items_listed": items_listed, "listed_at": datetime.now(UTC)} | ({"title": title} if title else {})
    await session.exec(
        update(SavedPlaylist)
        .where(col(SavedPlaylist.guild_id) == guild_id, col(SavedPlaylist.playlist_id) == playlist)
        .values(found)
    )
