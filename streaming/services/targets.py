"""Targets: added, listed, tested and removed. A stream key goes in and never comes out."""

import logging
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.model.errors import AlreadyOnAir, NotFound, UsageError, WantedStateError
from streaming.model.message import NOTHING, Joined, Message, joined
from streaming.model.states import CommandAction, TargetKind, UplinkState
from streaming.network.egress import Egress
from streaming.redaction.secrets import Secret, remember
from streaming.services.actor import Actor, log_for_guild
from streaming.services.engine_commands import EngineCommands
from streaming.services.limits import check_target_tests, check_targets
from streaming.services.lookup import SUGGESTED_LENGTH, SUGGESTION_LIMIT, Suggestion, find_target, find_targets
from streaming.services.messages import Audit, Edits, TargetEdits, Targets
from streaming.services.status import STATE_TEXTS, is_wanted, read_statuses
from streaming.services.target_validation import check_resolved, checked_key, checked_name, checked_url
from streaming.settings import LimitsSettings
from streaming.storage.database import Database
from streaming.storage.locks import Lock, exclusive
from streaming.storage.tables import Command, Stream, Target
from streaming.storage.targets import TargetStore
from streaming.storage.vault import Vault

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TargetInfo:
    """A target as people may see it: of the key only its last characters."""

    name: str
    kind: TargetKind
    url: str
    key_hint: str
    used_by: tuple[str, ...] = ()
    """Titles of the streams that are, or are to be, on air there."""


@dataclass(frozen=True, slots=True)
class TargetEdit:
    """What a target shall be; without a key it keeps its own, as long as its address stays."""

    name: str
    url: str
    key: Secret | None = None


@dataclass(frozen=True, slots=True)
class TargetTest:
    """The test of a target; `is_accepted` is None while it runs, `answer` is its result for people."""

    name: str
    is_accepted: bool | None = None
    answer: Message = NOTHING


class TargetService:
    """The targets of every guild."""

    def __init__(
        self, database: Database, vault: Vault, commands: EngineCommands, limits: LimitsSettings, egress: Egress
    ) -> None:
        """`egress` judges where streams may go."""
        self._database = database
        self._vault = vault
        self._commands = commands
        self._limits = limits
        self._egress = egress

    async def add(self, actor: Actor, name: str, kind: TargetKind, url: str, key: Secret) -> TargetInfo:
        """Adds a target.

        Raises UsageError for a name, URL or key that cannot be right, and WantedStateError when there is a target with
        that name or where the limit is reached.
        """
        name, key = checked_name(name), remember(checked_key(key))
        ingest = checked_url(kind, url, key, self._egress)
        await check_resolved(ingest, self._egress)
        url = ingest.url
        async with self._database.session() as session:
            await exclusive(session, Lock.TARGETS, actor.guild_id)
            await _check_is_new(session, actor.guild_id, name)
            await check_targets(session, actor.guild_id, self._limits)
            encrypted = self._vault.encrypt(key)
            session.add(
                Target(
                    guild_id=actor.guild_id, name=name, kind=kind, url=url, key_encrypted=encrypted, key_hint=str(key)
                )
            )
            line = Audit.ADDED_TARGET(person=actor.name, target=name, kind=kind.value)
            await log_for_guild(session, line, actor)
            await session.commit()
        _log.info("Guild %s: %s added the target %r (%s)", actor.guild_id, actor.name, name, kind)
        return TargetInfo(name, kind, url, str(key))

    async def check_is_new(self, guild_id: int, name: str) -> None:
        """Raises WantedStateError when there is a target with that name, UsageError when it cannot be one."""
        async with self._database.session() as session:
            await _check_is_new(session, guild_id, checked_name(name))

    async def edit(self, actor: Actor, target: str, edit: TargetEdit) -> TargetInfo:
        """Changes a target, which may be on air: a new address or key is used from its next connection on.

        Raises NotFound, UsageError for what cannot be right or an edit that changes nothing, and WantedStateError when
        another target has the new name.
        """
        name, key = checked_name(edit.name), remember(checked_key(edit.key)) if edit.key else None
        present = await self.get(actor.guild_id, target)
        ingest = checked_url(present.kind, edit.url, key or Secret(""), self._egress)
        await check_resolved(ingest, self._egress)
        async with self._database.session() as session:
            await exclusive(session, Lock.TARGETS, actor.guild_id)
            (found,) = await find_targets(session, actor.guild_id, present.name)
            if name.casefold() != found.name.casefold():
                await _check_is_new(session, actor.guild_id, name)
            if ingest.url != found.url and key is None:
                # Whoever may edit targets could otherwise read the key at a server of their own.
                raise UsageError(Targets.KEY_FOR_ADDRESS(), hint=Targets.GIVE_KEY())
            changes = self._apply(found, name, ingest.url, key)
            session.add(found)
            line = Audit.EDITED_TARGET(person=actor.name, target=name, changes=joined(changes, Edits.AND))
            await log_for_guild(session, line, actor)
            await session.commit()
            _log.info("Guild %s: %s changed the target %r", actor.guild_id, actor.name, name)
            return _info(found, await _users(session, [found.id]))

    def _apply(self, target: Target, name: str, url: str, key: Secret | None) -> list[Message]:
        """Changes a row; returns what was changed. Raises UsageError when nothing was."""
        changes = list[Message]()
        if name != target.name:
            target.name = name
            changes.append(TargetEdits.NAME())
        if url != target.url:
            target.url = url
            changes.append(TargetEdits.ADDRESS())
        if key:
            target.key_encrypted, target.key_hint = self._vault.encrypt(key), str(key)
            changes.append(TargetEdits.KEY())
        if not changes:
            raise UsageError(Targets.NOTHING_TO_CHANGE(), hint=Targets.CHANGE_SOMETHING())
        return changes

    async def get(self, guild_id: int, name: str) -> TargetInfo:
        """One target. Raises NotFound."""
        async with self._database.session() as session:
            (target,) = await find_targets(session, guild_id, checked_name(name))
            return _info(target, await _users(session, [target.id]))

    async def all(self, guild_id: int) -> Sequence[TargetInfo]:
        """The guild's targets by name."""
        async with self._database.session() as session:
            found = await TargetStore(session).in_guild(guild_id)
            users = await _users(session, [target.id for target in found])
        return [_info(target, users) for target in found]

    async def remove(self, actor: Actor, name: str) -> str:
        """Deletes a target and its key; returns its name. Raises NotFound, and AlreadyOnAir when it is in use."""
        async with self._database.session() as session:
            await exclusive(session, Lock.TARGETS, actor.guild_id)
            (target,) = await find_targets(session, actor.guild_id, checked_name(name))
            await check_are_free(session, [target])
            await TargetStore(session).remove(target)
            line = Audit.REMOVED_TARGET(person=actor.name, target=target.name)
            await log_for_guild(session, line, actor)
            await session.commit()
        _log.info("Guild %s: %s removed the target %r", actor.guild_id, actor.name, target.name)
        return target.name

    async def suggest(self, guild_id: int, text: str) -> Sequence[Suggestion]:
        """Completes the last name in `text`, which has names separated by commas."""
        *before, last = [part.strip() for part in text.split(",")]
        async with self._database.session() as session:
            found = await TargetStore(session).in_guild(guild_id)
        fitting = [t.name for t in found if last.casefold() in t.name.casefold() and t.name not in before]
        values = [", ".join([*filter(None, before), name]) for name in fitting]
        return [Suggestion(value, value) for value in values if len(value) <= SUGGESTED_LENGTH][:SUGGESTION_LIMIT]

    async def test(self, actor: Actor, name: str) -> AsyncGenerator[TargetTest, None]:
        """Has an engine publish two seconds to a target; yields the test when it begins, and with its result.

        A target that is live passes at once. Raises NotFound, AlreadyOnAir when a stream tries to use the target,
        WantedStateError where the limit is reached, and ServiceUnavailable when no engine answers.
        """
        async with self._database.session() as session:
            await exclusive(session, Lock.COMMANDS, actor.guild_id)
            (target,) = await find_targets(session, actor.guild_id, checked_name(name))
            line = Audit.TESTED_TARGET(person=actor.name, target=target.name)
            await log_for_guild(session, line, actor)
            if evidence := await _live_evidence(session, target):
                await session.commit()
                yield TargetTest(target.name, is_accepted=True, answer=evidence)
                return
            await check_target_tests(session, actor.guild_id, self._limits)
            command = Command(
                target_id=target.id,
                guild_id=actor.guild_id,
                action=CommandAction.TEST_TARGET,
                requested_by=actor.user_id,
            )
            session.add(command)
            await session.commit()
        _log.info("Guild %s: %s tested the target %r", actor.guild_id, actor.name, target.name)
        yield TargetTest(target.name)
        try:
            answer = await self._commands.answer(command)
        except NotFound:
            raise
        except WantedStateError as refusal:
            yield TargetTest(target.name, is_accepted=False, answer=refusal.message)
        else:
            yield TargetTest(target.name, is_accepted=True, answer=answer)


def _info(target: Target, users: Sequence[tuple[int, Stream]]) -> TargetInfo:
    used_by = tuple(stream.title for target_id, stream in users if target_id == target.id)
    return TargetInfo(target.name, target.kind, target.url, target.key_hint, used_by)


async def _check_is_new(session: AsyncSession, guild_id: int, name: str) -> None:
    if await find_target(session, guild_id, name):
        raise WantedStateError(Targets.EXISTS(name=name), hint=Targets.EDIT_IT())


async def check_are_free(session: AsyncSession, targets: Sequence[Target]) -> None:
    """Raises AlreadyOnAir when one of the targets is in use."""
    for target_id, stream in await _users(session, [target.id for target in targets]):
        name = next(target.name for target in targets if target.id == target_id)
        raise AlreadyOnAir(Targets.IN_USE(target=name, stream=stream.title), hint=Targets.FREE_IT())


async def _users(session: AsyncSession, target_ids: Sequence[int | None]) -> Sequence[tuple[int, Stream]]:
    """The streams that are, or are to be, on air at the targets, each beside the target's id."""
    return [row for row in await TargetStore(session).users(target_ids) if is_wanted(row[1])]


async def _live_evidence(session: AsyncSession, target: Target) -> Message:
    """A sentence if a stream is on air at the target, which proves more than a test; empty if no stream uses it.

    Raises AlreadyOnAir when a stream uses the target and is not on air there.
    """
    users = await _users(session, [target.id])
    for status in await read_statuses(session, [stream for _, stream in users]):
        present = next(each for each in status.targets if each.name == target.name)
        if present.state is UplinkState.LIVE:
            return Targets.LIVE(stream=status.title)
        busy = Targets.BUSY(stream=status.title, state=STATE_TEXTS[status.state]())
        message = Joined.SENTENCES(first=busy, second=present.reason) if present.reason else busy
        raise AlreadyOnAir(message, hint=Targets.SEE_STATUS())
    return NOTHING
