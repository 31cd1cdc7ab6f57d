"""The test of a target: asked of any engine, unless a stream on the target is test enough."""

import logging
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.control.commands import answer
from streaming.control.desk import Desk
from streaming.control.limits import check_target_tests
from streaming.control.status import read_statuses
from streaming.control.streams import Actor, note_in_guild
from streaming.control.targets import checked_name, chosen_targets, target_users
from streaming.model.errors import AlreadyOnAir, NotFound, WantedStateError
from streaming.model.states import CommandAction, UplinkState
from streaming.storage.locks import Lock, exclusive
from streaming.storage.tables import Command, Target

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TargetTest:
    """The test of a target: under way, or with what it has shown in words for people."""

    name: str
    is_accepted: bool | None = None
    answer: str = ""


class TargetTestControl(Desk):
    """What may be asked of targets that only an engine can find out."""

    async def test_target(self, actor: Actor, name: str) -> AsyncGenerator[TargetTest, None]:
        """Has an engine publish two seconds to a target; yields the test as it begins, and with its outcome.

        A target that is live has passed it. Raises NotFound, AlreadyOnAir when a stream tries to use the target,
        WantedStateError when the guild tests too often, and ServiceUnavailable when no engine answers.
        """
        async with self._database.changes() as changes:
            async with self._database.session() as session:
                await exclusive(session, Lock.COMMANDS, actor.guild_id)
                (target,) = await chosen_targets(session, actor.guild_id, checked_name(name))
                await note_in_guild(session, f"{actor.name} tested the target {target.name!r}.", actor)
                if says := await _live_evidence(session, target):
                    await session.commit()
                    yield TargetTest(target.name, is_accepted=True, answer=says)
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
                said = await answer(self._database, changes, command, life_seconds=self._command_life_seconds)
            except NotFound:
                raise
            except WantedStateError as refusal:
                yield TargetTest(target.name, is_accepted=False, answer=refusal.message)
            else:
                yield TargetTest(target.name, is_accepted=True, answer=said)


async def _live_evidence(session: AsyncSession, target: Target) -> str:
    """What tells more than a test could: that a stream is on air there; nothing when no stream uses the target.

    Raises AlreadyOnAir when one does, and is not on air there.
    """
    users = await target_users(session, [target.id])
    for status in await read_statuses(session, [stream for _, stream in users]):
        present = next(each for each in status.targets if each.name == target.name)
        if present.state is UplinkState.LIVE:
            return f"It works: {status.title!r} is on air there right now."
        raise AlreadyOnAir(
            f"The target is used by the stream {status.title!r}, which is {status.state}. {present.reason}".strip(),
            hint="See /stream status, or stop the stream first with /stream stop.",
        )
    return ""
