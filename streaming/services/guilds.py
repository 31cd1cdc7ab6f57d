"""Guilds: their settings, and their membership, which the bot learns from Discord."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.model.message import Message, joined
from streaming.services.actor import Actor, log_for_guild
from streaming.services.messages import Audit, Edits
from streaming.settings import CONSOLE_GUILD_ID
from streaming.storage.database import Database
from streaming.storage.guilds import GuildStore
from streaming.storage.incidents import IncidentStore
from streaming.storage.locks import Lock, exclusive
from streaming.storage.panels import PanelStore
from streaming.storage.streams import StreamStore
from streaming.storage.tables import GuildSettings, StreamLog
from streaming.storage.targets import TargetStore

_log = logging.getLogger(__name__)

KEYS_KEPT = timedelta(days=1)
"""How long a guild that removed the bot by mistake can invite it again and find its stream keys."""


class Setting(StrEnum):
    """The settings a guild can choose."""

    OPERATOR_ROLE = "operator_role"
    ALERTS_CHANNEL = "alerts_channel"
    LANGUAGE = "language"


class Language(StrEnum):
    """The languages of cards, panels and alerts."""

    ENGLISH = "en"
    GERMAN = "de"


@dataclass(frozen=True, slots=True)
class GuildChoice:
    """The settings of a guild; None for those it did not choose."""

    operator_role_id: int | None = None
    alerts_channel_id: int | None = None
    language: Language | None = None


class GuildService:
    """Settings and membership of guilds. Every method but for the settings of one guild waits for the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def settings(self, guild_id: int) -> GuildChoice:
        async with self._database.session() as session:
            row = await session.get(GuildSettings, guild_id)
            return _choice(row) if row else GuildChoice()

    async def change(self, actor: Actor, chosen: GuildChoice, *, cleared: Collection[Setting] = ()) -> GuildChoice:
        """Sets the fields of `chosen` that are not None, resets those in `cleared`; returns all settings."""
        async with self._database.session() as session:
            row = await _locked_row(session, actor.guild_id) or GuildSettings(guild_id=actor.guild_id)
            before = _choice(row)
            _apply(row, chosen, cleared)
            session.add(row)
            if changed := _changed(before, _choice(row)):
                line = Audit.CHANGED_GUILD(person=actor.name, settings=joined(changed, Edits.AND))
                await log_for_guild(session, line, actor)
            await session.commit()
            _log.info("Guild %s: %s set %s", actor.guild_id, actor.name, _choice(row))
            return _choice(row)

    async def claim_welcome(self, guild_id: int) -> bool:
        """Says yes the first time only: a guild that was welcomed has a row."""
        async with self._database.session() as session:
            is_new = await _locked_row(session, guild_id) is None
            if is_new:
                session.add(GuildSettings(guild_id=guild_id))
                await session.commit()
            return is_new

    async def languages(self) -> dict[int, Language]:
        """The language of each guild that chose one."""
        return await self._database.patiently(self._languages)

    async def _languages(self) -> dict[int, Language]:
        async with self._database.session() as session:
            chosen = await GuildStore(session).languages()
        return {guild_id: Language(language) for guild_id, language in chosen.items()}

    async def joined(self, guild_id: int) -> None:
        """Records that a guild added the bot, for the first time or again."""
        await self._database.patiently(lambda: self._update_membership(set(), {guild_id}))

    async def left(self, guild_id: int) -> None:
        """Records that a guild removed the bot, and ends its streams, panels and incidents."""
        await self._database.patiently(lambda: self._update_membership({guild_id}, set()))

    async def set_present(self, guild_ids: Collection[int]) -> None:
        """Records that these guilds have the bot and no others do."""
        await self._database.patiently(lambda: self._update_membership(None, {*guild_ids, CONSOLE_GUILD_ID}))

    async def forget_departed(self, now: datetime | None = None) -> None:
        """Deletes the targets, and so the keys, of guilds that left more than a day ago."""
        await self._database.patiently(lambda: self._forget((now or datetime.now(UTC)) - KEYS_KEPT))

    async def _update_membership(self, left: Collection[int] | None, present: Collection[int]) -> None:
        """Without `left`, every guild that is not `present` has left."""
        async with self._database.session() as session:
            await exclusive(session, Lock.GUILDS)
            guilds = GuildStore(session)
            known, departed = await guilds.known(), await guilds.departed()
            back = departed & set(present)
            await guilds.welcome_back(back)
            gone = (known - set(present) if left is None else known & set(left)) - departed
            for guild_id in gone:
                await _end_everything(session, guild_id)
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


async def _end_everything(session: AsyncSession, guild_id: int) -> None:
    GuildStore(session).depart(guild_id)
    await StreamStore(session).take_off_air(guild_id)
    await PanelStore(session).remove_guild(guild_id)
    await IncidentStore(session).end_all(guild_id, datetime.now(UTC))
    session.add(StreamLog(guild_id=guild_id, message=Audit.REMOVED_BOT()))


async def _locked_row(session: AsyncSession, guild_id: int) -> GuildSettings | None:
    """The guild's row, locked until the transaction ends."""
    await exclusive(session, Lock.SETTINGS, guild_id)
    return await session.get(GuildSettings, guild_id)


def _choice(row: GuildSettings) -> GuildChoice:
    language = Language(row.language) if row.language else None
    return GuildChoice(row.operator_role_id, row.alerts_channel_id, language)


def _apply(row: GuildSettings, chosen: GuildChoice, cleared: Collection[Setting]) -> None:
    if chosen.operator_role_id or Setting.OPERATOR_ROLE in cleared:
        row.operator_role_id = chosen.operator_role_id
    if chosen.alerts_channel_id or Setting.ALERTS_CHANNEL in cleared:
        row.alerts_channel_id = chosen.alerts_channel_id
    if chosen.language or Setting.LANGUAGE in cleared:
        row.language = chosen.language or ""


def _changed(before: GuildChoice, after: GuildChoice) -> list[Message]:
    pairs = (
        (Edits.OPERATOR_ROLE, before.operator_role_id, after.operator_role_id),
        (Edits.ALERTS_CHANNEL, before.alerts_channel_id, after.alerts_channel_id),
        (Edits.LANGUAGE, before.language, after.language),
    )
    return [setting() for setting, was, is_ in pairs if was != is_]
