"""Previews: the picture a stream has on air at present, taken by the engine."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.model.errors import ServiceUnavailable, WantedStateError
from streaming.model.states import CommandAction
from streaming.services.engine_commands import EngineCommands
from streaming.services.limits import check_previews
from streaming.services.lookup import find_stream
from streaming.services.messages import Engines, Streams
from streaming.services.status import StreamStatus, read_status
from streaming.settings import LimitsSettings
from streaming.storage.commands import NOBODY
from streaming.storage.database import Database
from streaming.storage.locks import Lock, exclusive
from streaming.storage.tables import Command, Preview

_FRESH = timedelta(seconds=2)
"""A younger picture is used again."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture from the program of a stream, and the state of that stream."""

    jpeg: bytes
    taken_at: datetime
    status: StreamStatus


class PreviewService:
    """The pictures of streams on air."""

    def __init__(self, database: Database, commands: EngineCommands, limits: LimitsSettings) -> None:
        self._database = database
        self._commands = commands
        self._limits = limits

    async def get(self, guild_id: int, stream: str = "", *, requested_by: int = NOBODY) -> Picture:
        """The picture on air, at most two seconds old at the time of the request.

        Raises NotFound or NeedsChoice, WantedStateError when the stream is not on air, has no picture yet or the
        guild has reached its limit, and ServiceUnavailable when no engine takes the picture in time.
        """
        async with self._database.session() as session:
            status = await _status_on_air(session, guild_id, stream)
            found = await session.get(Preview, status.stream_id)
        if found and abs(datetime.now(UTC) - found.taken_at) < _FRESH:
            return Picture(found.jpeg, found.taken_at, status)
        await self._commands.answer(await self._request(guild_id, status.stream_id, requested_by))
        async with self._database.session() as session:
            found = await session.get(Preview, status.stream_id)
        if found is None:
            raise ServiceUnavailable(Engines.NO_PICTURE(), hint=Engines.TRY_AGAIN())
        return Picture(found.jpeg, found.taken_at, status)

    async def _request(self, guild_id: int, stream_id: int, requested_by: int) -> Command:
        """Requests a new picture, within the guild's limit unless the bot does it by itself."""
        async with self._database.session() as session:
            if requested_by != NOBODY:
                await exclusive(session, Lock.COMMANDS, guild_id)
                await check_previews(session, guild_id, self._limits)
            await find_stream(session, guild_id, f"#{stream_id}")  # it may have been deleted meanwhile
            command = Command(
                stream_id=stream_id, guild_id=guild_id, action=CommandAction.PREVIEW, requested_by=requested_by
            )
            session.add(command)
            await session.commit()
        return command


async def _status_on_air(session: AsyncSession, guild_id: int, stream: str) -> StreamStatus:
    """The state of a stream. Raises WantedStateError when it is not on air."""
    status = await read_status(session, await find_stream(session, guild_id, stream))
    if not status.state.is_playing:
        raise WantedStateError(Streams.NOT_ON_AIR(stream=status.title), hint=Streams.START_IT())
    return status
