"""Guilds that remove the bot: their streams end, their panels are forgotten, and after a day their keys."""

import logging
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.control.desk import Desk
from streaming.settings import CONSOLE_GUILD_ID
from streaming.storage.guilds import GuildStore
from streaming.storage.incidents import IncidentStore
from streaming.storage.locks import Lock, exclusive
from streaming.storage.panels import PanelStore
from streaming.storage.streams import StreamStore
from streaming.storage.tables import StreamLog
from streaming.storage.targets import TargetStore

_log = logging.getLogger(__name__)

KEYS_KEPT = timedelta(days=1)
"""So long a guild that removed the bot by mistake may take that back."""


class MembershipControl(Desk):
    """What Discord tells of guilds that come and go. Each waits for a database that is away."""

    async def guild_left(self, guild_id: int) -> None:
        """A guild has removed the bot."""
        await self._database.patiently(lambda: self._see({guild_id}, set()))

    async def guild_joined(self, guild_id: int) -> None:
        """A guild has let the bot in, perhaps again."""
        await self._database.patiently(lambda: self._see(set(), {guild_id}))

    async def guilds_present(self, guild_ids: Collection[int]) -> None:
        """These guilds, and no others, have the bot now; some may have come or gone while it was away."""
        await self._database.patiently(lambda: self._see(None, {*guild_ids, CONSOLE_GUILD_ID}))

    async def forget_departed(self, now: datetime | None = None) -> None:
        """Forgets the targets, and so the keys, of guilds that have been gone for a day."""
        await self._database.patiently(lambda: self._forget((now or datetime.now(UTC)) - KEYS_KEPT))

    async def _see(self, left: Collection[int] | None, present: Collection[int]) -> None:
        """Takes in who left and who is there; without `left`, whoever is not there has left."""
        async with self._database.session() as session:
            await exclusive(session, Lock.GUILDS)
            guilds = GuildStore(session)
            known, departed = await guilds.known(), await guilds.departed()
            back = departed & set(present)
            await guilds.welcome_back(back)
            gone = (known - set(present) if left is None else known & set(left)) - departed
            for guild_id in gone:
                await _see_off(session, guild_id)
            await session.commit()
        for guild_id in gone:
            _log.info("Guild %s has removed the bot: its streams end", guild_id)
        for guild_id in back:
            _log.info("Guild %s has added the bot again", guild_id)

    async def _forget(self, left_before: datetime) -> None:
        async with self._database.session() as session:
            await exclusive(session, Lock.GUILDS)
            gone = await GuildStore(session).departed(left_before)
            forgotten = await TargetStore(session).forget_guilds(gone)
            await session.commit()
        if forgotten:
            _log.info("Forgot %d targets of guilds that have removed the bot", forgotten)


async def _see_off(session: AsyncSession, guild_id: int) -> None:
    GuildStore(session).depart(guild_id)
    await StreamStore(session).take_off_air(guild_id)
    await PanelStore(session).remove_guild(guild_id)
    await IncidentStore(session).end_all(guild_id, datetime.now(UTC))
    line = "Nonstop was removed from this server. Its streams stop, and its targets are deleted after a day."
    session.add(StreamLog(guild_id=guild_id, message=line))
