"""Playlists a guild knows: those it named, and those it played lately."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import func
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.storage.tables import SavedPlaylist


class PlaylistStore:
    """Reads and writes the playlists of one guild in the transaction of a session."""

    def __init__(self, session: AsyncSession, guild_id: int) -> None:
        self._session = session
        self._guild_id = guild_id

    async def all(self) -> Sequence[SavedPlaylist]:
        """All playlists the guild knows, the last used first."""
        newest_first = (col(SavedPlaylist.used_at).desc(), col(SavedPlaylist.id).desc())
        rows = select(SavedPlaylist).where(SavedPlaylist.guild_id == self._guild_id).order_by(*newest_first)
        return (await self._session.exec(rows)).all()

    async def get(self, playlist: str) -> SavedPlaylist | None:
        """The row of a playlist."""
        is_it = (SavedPlaylist.guild_id == self._guild_id, SavedPlaylist.playlist_id == playlist)
        return (await self._session.exec(select(SavedPlaylist).where(*is_it))).first()

    async def count_named(self) -> int:
        """How many playlists have a name."""
        saved = select(func.count()).select_from(SavedPlaylist)
        return (
            await self._session.exec(saved.where(SavedPlaylist.guild_id == self._guild_id, SavedPlaylist.name != ""))
        ).one()

    async def use(self, playlist: str, kept_unnamed: int) -> None:
        """Records that a playlist is played now, and deletes unnamed ones but for the last used."""
        row = await self.get(playlist) or SavedPlaylist(guild_id=self._guild_id, playlist_id=playlist)
        row.used_at = datetime.now(UTC)
        self._session.add(row)
        await self._session.flush()
        unnamed = [row.id for row in await self.all() if not row.name]
        await self._session.exec(delete(SavedPlaylist).where(col(SavedPlaylist.id).in_(unnamed[kept_unnamed:])))

    async def write_contents(self, playlist: str, title: str, items_listed: int) -> None:
        """Writes what a listing found, if the guild knows the playlist. An empty title leaves the known one."""
        found = {"items_listed": items_listed, "listed_at": datetime.now(UTC)} | ({"title": title} if title else {})
        is_it = (col(SavedPlaylist.guild_id) == self._guild_id, col(SavedPlaylist.playlist_id) == playlist)
        await self._session.exec(update(SavedPlaylist).where(*is_it).values(found))
