"""What a guild decides for itself: who runs its streams, where it is told of incidents, and in which language."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.control.desk import Desk
from streaming.control.streams import Actor, note_in_guild
from streaming.storage.guilds import GuildStore
from streaming.storage.locks import Lock, exclusive
from streaming.storage.tables import GuildSettings

_log = logging.getLogger(__name__)


class Setting(StrEnum):
    """What can be chosen."""

    OPERATOR_ROLE = "operator_role"
    ALERTS_CHANNEL = "alerts_channel"
    LANGUAGE = "language"


class Language(StrEnum):
    """What panels and alerts can be written in."""

    ENGLISH = "en"
    GERMAN = "de"


@dataclass(frozen=True, slots=True)
class GuildChoice:
    """What a guild has chosen; nothing where it left things as they are."""

    operator_role_id: int | None = None
    alerts_channel_id: int | None = None
    language: Language | None = None


class GuildControl(Desk):
    """What may be asked of a guild's own settings."""

    async def settings(self, guild_id: int) -> GuildChoice:
        """What the guild has chosen."""
        async with self._database.session() as session:
            row = await session.get(GuildSettings, guild_id)
            return _choice(row) if row else GuildChoice()

    async def languages(self) -> dict[int, Language]:
        """What each guild that has chosen a language has chosen; waits for a database that is away."""
        return await self._database.patiently(self._languages)

    async def _languages(self) -> dict[int, Language]:
        async with self._database.session() as session:
            chosen = await GuildStore(session).languages()
        return {guild_id: Language(language) for guild_id, language in chosen.items()}

    async def change_settings(
        self, actor: Actor, chosen: GuildChoice, *, cleared: Collection[Setting] = ()
    ) -> GuildChoice:
        """Sets what `chosen` names, forgets what is `cleared`, leaves the rest; returns what holds now."""
        async with self._database.session() as session:
            row = await _own_row(session, actor.guild_id) or GuildSettings(guild_id=actor.guild_id)
            before = _choice(row)
            _change(row, chosen, cleared)
            session.add(row)
            if changed := _changed(before, _choice(row)):
                await note_in_guild(session, f"{actor.name} changed the server's {' and '.join(changed)}.", actor)
            await session.commit()
            _log.info("Guild %s: %s set %s", actor.guild_id, actor.name, _choice(row))
            return _choice(row)

    async def claim_welcome(self, guild_id: int) -> bool:
        """Whether a guild is yet to be welcomed; says yes once, for a guild that was welcomed has a row."""
        async with self._database.session() as session:
            is_new = await _own_row(session, guild_id) is None
            if is_new:
                session.add(GuildSettings(guild_id=guild_id))
                await session.commit()
            return is_new


async def _own_row(session: AsyncSession, guild_id: int) -> GuildSettings | None:
    """The guild's row, locked until the transaction ends."""
    await exclusive(session, Lock.SETTINGS, guild_id)
    return await session.get(GuildSettings, guild_id)


def _choice(row: GuildSettings) -> GuildChoice:
    language = Language(row.language) if row.language else None
    return GuildChoice(row.operator_role_id, row.alerts_channel_id, language)


def _change(row: GuildSettings, chosen: GuildChoice, cleared: Collection[Setting]) -> None:
    if chosen.operator_role_id or Setting.OPERATOR_ROLE in cleared:
        row.operator_role_id = chosen.operator_role_id
    if chosen.alerts_channel_id or Setting.ALERTS_CHANNEL in cleared:
        row.alerts_channel_id = chosen.alerts_channel_id
    if chosen.language or Setting.LANGUAGE in cleared:
        row.language = chosen.language or ""


def _changed(before: GuildChoice, after: GuildChoice) -> list[str]:
    pairs = {
        "operator role": (before.operator_role_id, after.operator_role_id),
        "alerts channel": (before.alerts_channel_id, after.alerts_channel_id),
        "language": (before.language, after.language),
    }
    return [name for name, (was, is_) in pairs.items() if was != is_]
