"""Targets added, listed and removed; a key goes in and never comes out."""

import logging

from streaming.control.desk import SUGGESTED_LENGTH, SUGGESTION_LIMIT, Desk, Suggestion
from streaming.control.limits import check_targets
from streaming.control.streams import Actor, note_in_guild
from streaming.control.targets import (
    TargetInfo,
    check_are_free,
    check_resolved,
    checked_key,
    checked_name,
    checked_url,
    chosen_targets,
    guild_targets,
    target_named,
    target_users,
)
from streaming.model.states import TargetKind
from streaming.redaction.secrets import Secret, remember
from streaming.storage.locks import Lock, exclusive
from streaming.storage.tables import Target
from streaming.storage.targets import TargetStore

_log = logging.getLogger(__name__)


class TargetControl(Desk):
    """What may be asked of targets."""

    async def add_target(self, actor: Actor, name: str, kind: TargetKind, url: str, key: Secret) -> TargetInfo:
        """Adds a target, or replaces the ingest and key of the one of that name.

        Raises UsageError for what cannot be right, AlreadyOnAir when the target is in use, and WantedStateError where
        the limit is reached.
        """
        name, key = checked_name(name), remember(checked_key(key))
        ingest = checked_url(kind, url, key, self._egress)
        await check_resolved(ingest, self._egress)
        url = ingest.url
        async with self._database.session() as session:
            await exclusive(session, Lock.TARGETS, actor.guild_id)
            target = await target_named(session, actor.guild_id, name)
            if target:
                await check_are_free(session, [target])
            else:
                await check_targets(session, actor.guild_id, self._limits)
            target = target or Target(guild_id=actor.guild_id, name=name, url=url, key_encrypted="", key_hint="")
            target.kind, target.url = kind, url
            target.key_encrypted, target.key_hint = self._vault.encrypt(key), str(key)
            session.add(target)
            await note_in_guild(
                session, f"{actor.name} set the address and key of the target {name!r} ({kind}).", actor
            )
            await session.commit()
        _log.info("Guild %s: %s set the target %r (%s)", actor.guild_id, actor.name, name, kind)
        return TargetInfo(target.name, kind, url, target.key_hint)

    async def targets(self, guild_id: int) -> list[TargetInfo]:
        """The guild's targets by name."""
        async with self._database.session() as session:
            found = await guild_targets(session, guild_id)
            users = await target_users(session, [target.id for target in found])
        return [
            TargetInfo(t.name, t.kind, t.url, t.key_hint, tuple(s.title for target_id, s in users if target_id == t.id))
            for t in found
        ]

    async def remove_target(self, actor: Actor, name: str) -> str:
        """Forgets a target and its key; returns its name. Raises NotFound, and AlreadyOnAir when it is in use."""
        async with self._database.session() as session:
            await exclusive(session, Lock.TARGETS, actor.guild_id)
            (target,) = await chosen_targets(session, actor.guild_id, checked_name(name))
            await check_are_free(session, [target])
            await TargetStore(session).remove(target)
            await note_in_guild(session, f"{actor.name} removed the target {target.name!r}.", actor)
            await session.commit()
        _log.info("Guild %s: %s removed the target %r", actor.guild_id, actor.name, target.name)
        return target.name

    async def suggest_targets(self, guild_id: int, text: str) -> list[Suggestion]:
        """Targets to complete the last of the names in `text`, which are separated by commas."""
        *before, last = [part.strip() for part in text.split(",")]
        async with self._database.session() as session:
            found = await guild_targets(session, guild_id)
        fitting = [t.name for t in found if last.casefold() in t.name.casefold() and t.name not in before]
        values = [", ".join([*filter(None, before), name]) for name in fitting]
        return [Suggestion(value, value) for value in values if len(value) <= SUGGESTED_LENGTH][:SUGGESTION_LIMIT]
