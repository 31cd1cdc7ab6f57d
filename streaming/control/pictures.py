"""Pictures: what a stream shows at present, and how its health went over the last hour or day."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.control.commands import answer
from streaming.control.desk import Desk
from streaming.control.history import HealthHistory, Span, read_targets_health
from streaming.control.limits import check_previews
from streaming.control.status import StreamStatus, read_statuses
from streaming.control.streams import stream_meant
from streaming.model.errors import ServiceUnavailable, WantedStateError
from streaming.model.states import CommandAction
from streaming.storage.commands import NOBODY
from streaming.storage.locks import Lock, exclusive
from streaming.storage.tables import Command, Preview

_FRESH = timedelta(seconds=2)
"""A picture younger than this is given again."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A frame of what is on air, and the state of its stream."""

    jpeg: bytes
    taken_at: datetime
    status: StreamStatus


class PictureControl(Desk):
    """What may be seen of streams."""

    async def preview(self, guild_id: int, stream: str = "", *, asked_by: int = NOBODY) -> Picture:
        """The picture on air, at most two seconds old when asked for.

        Raises NotFound or NeedsChoice, WantedStateError when the stream is not on air, there is nothing to see yet, or
        the guild's people ask too often, and ServiceUnavailable when no engine takes the picture in time.
        """
        async with self._database.changes() as changes:
            async with self._database.session() as session:
                status = await _on_air(session, guild_id, stream)
                found = await session.get(Preview, status.stream_id)
                if found and abs(datetime.now(UTC) - found.taken_at) < _FRESH:
                    return Picture(found.jpeg, found.taken_at, status)
                command = await self._ask_for_picture(session, guild_id, status.stream_id, asked_by)
            await answer(self._database, changes, command, life_seconds=self._command_life_seconds)
        async with self._database.session() as session:
            found = await session.get(Preview, status.stream_id)
        if found is None:
            raise ServiceUnavailable("The engine sent no picture.", hint="Try again in a few seconds.")
        return Picture(found.jpeg, found.taken_at, status)

    async def _ask_for_picture(self, session: AsyncSession, guild_id: int, stream_id: int, asked_by: int) -> Command:
        if asked_by != NOBODY:
            await exclusive(session, Lock.COMMANDS, guild_id)
            await check_previews(session, guild_id, self._limits)
        command = Command(stream_id=stream_id, guild_id=guild_id, action=CommandAction.PREVIEW, requested_by=asked_by)
        session.add(command)
        await session.commit()
        return command

    async def health(self, guild_id: int, stream: str, span: Span) -> HealthHistory:
        """How a stream went. Raises NotFound or NeedsChoice."""
        until = datetime.now(UTC)
        async with self._database.session() as session:
            found = await stream_meant(session, guild_id, stream)
            assert found.id is not None
            targets = await read_targets_health(session, found.id, until - span.length, span.step)
        return HealthHistory(found.id, found.title, span, until, tuple(targets))


async def _on_air(session: AsyncSession, guild_id: int, stream: str) -> StreamStatus:
    """The state of the stream meant, if it is on air. Raises WantedStateError when it is not."""
    (status,) = await read_statuses(session, [await stream_meant(session, guild_id, stream)])
    if not status.state.is_playing:
        raise WantedStateError(f"{status.title!r} is not on air.", hint="Start it with /stream start.")
    return status
