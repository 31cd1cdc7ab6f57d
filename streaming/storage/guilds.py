"""Guilds as rows: what they decided, and when they removed the bot."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.storage.tables import DepartedGuild, GuildSettings, SavedPlaylist, Stream, Target


class GuildStore:
    """Reads and writes what is known of guilds in the transaction of a session."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def languages(self) -> dict[int, str]:
        """The language of each guild that chose one."""
        chosen = select(GuildSettings.guild_id, GuildSettings.language).where(col(GuildSettings.language) != "")
        return dict((await self._session.exec(chosen)).all())

    async def known(self) -> set[int]:
        """Every guild that has a stream, a target, a playlist or settings."""
        found = set[int]()
        for guild_id in (Stream.guild_id, Target.guild_id, SavedPlaylist.guild_id, GuildSettings.guild_id):
            found |= set(await self._session.exec(select(guild_id).distinct()))
        return found

    async def departed(self, left_before: datetime | None = None) -> set[int]:
        """The guilds that removed the bot, all or those that did before a time."""
        rows = select(DepartedGuild.guild_id)
        if left_before:
            rows = rows.where(DepartedGuild.left_at < left_before)
        return set(await self._session.exec(rows))

    async def welcome_back(self, guild_ids: Collection[int]) -> None:
        """Records that guilds have the bot again."""
        await self._session.exec(delete(DepartedGuild).where(col(DepartedGuild.guild_id).in_(guild_ids)))

    def depart(self, guild_id: int) -> None:
        """Records that a guild removed the bot, now."""
        self._session.add(DepartedGuild(guild_id=guild_id))
