"""Streams: started, stopped, restarted, edited, deleted and looked up."""

import logging
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.model.errors import NotFound, UsageError, WantedStateError
from streaming.model.message import Message
from streaming.model.states import DesiredState, LogLevel
from streaming.services.actor import Actor, log_for_guild, log_for_stream
from streaming.services.limits import check_encodes, check_on_air, check_streams
from streaming.services.lookup import SUGGESTION_LIMIT, Suggestion, find_stream, find_targets
from streaming.services.messages import Audit, Streams
from streaming.services.playlists import checked_playlist_id, find_named, remember_played
from streaming.services.status import (
    STATE_TEXTS,
    StreamStatus,
    is_wanted,
    playing_order,
    read_status,
    read_statuses,
)
from streaming.services.stream_requests import (
    Edit,
    StartRequest,
    apply_start,
    changed_columns,
    check_mode,
    describe_changes,
    request_generation,
)
from streaming.services.targets import check_are_free
from streaming.settings import LimitsSettings, StreamingSettings, YouTubeSettings
from streaming.storage.database import Database
from streaming.storage.locks import Lock, exclusive
from streaming.storage.logs import LogStore
from streaming.storage.streams import StreamStore
from streaming.storage.tables import Stream, Target
from streaming.storage.targets import TargetStore

_log = logging.getLogger(__name__)

_RECHECK_SECONDS = 2.0
"""An engine that falls silent commits nothing, so a reader must look by itself."""


@dataclass(frozen=True, slots=True)
class StartedStream:
    """A stream that was requested on air, and the number of that request."""

    stream_id: int
    generation: int
    title: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LogLine:
    """An event of a stream or guild."""

    at: datetime
    level: LogLevel
    message: Message
    actor_id: int | None = None
    stream: str = ""
    """The title of its stream, in a log of several."""


class StreamService:
    """The streams of every guild."""

    def __init__(
        self, database: Database, defaults: StreamingSettings, limits: LimitsSettings, youtube: YouTubeSettings
    ) -> None:
        """`defaults` has the profile and encode mode of new streams; `youtube` the guilds that may use the account."""
        self._database = database
        self._defaults = defaults
        self._limits = limits
        self._youtube = youtube

    async def start(self, actor: Actor, request: StartRequest) -> StartedStream:
        """Requests a playlist on air, on the stream that had it on the same targets before or on a new one.

        Raises UsageError, NotFound or NeedsChoice for a request that is not valid, AlreadyOnAir when a target is in
        use, and WantedStateError where a limit is reached.
        """
        check_mode(request.mode)
        async with self._database.session() as session:
            await exclusive(session, Lock.STREAMS, actor.guild_id)
            await exclusive(session, Lock.TARGETS, actor.guild_id)
            saved = await find_named(session, actor.guild_id, request.playlist)
            playlist = checked_playlist_id(
                saved.playlist_id if saved else request.playlist, actor.guild_id, self._youtube
            )
            targets = await find_targets(session, actor.guild_id, request.to)
            await check_are_free(session, targets)
            stream = await self._find_or_add(session, actor, playlist, targets)
            apply_start(stream, request, self._defaults.encode, playlist_name=saved.name if saved else "")
            await check_on_air(session, stream, self._limits)
            await remember_played(session, actor.guild_id, playlist)
            stream.profile = self._defaults.profile
            names = tuple(target.name for target in targets)
            line = Audit.STARTED(person=actor.name, targets=", ".join(names))
            await log_for_stream(session, stream, line, actor)
            await session.commit()
        assert stream.id is not None
        _log.info("Guild %s: %s starts %r on %s", actor.guild_id, actor.name, stream.title, ", ".join(names))
        return StartedStream(stream.id, stream.generation, stream.title, names)

    async def _find_or_add(
        self, session: AsyncSession, actor: Actor, playlist: str, targets: Sequence[Target]
    ) -> Stream:
        """The stream that had this playlist on exactly these targets, or a new one.

        Raises WantedStateError when the guild may not have another one.
        """
        streams, target_ids = StreamStore(session), {target.id for target in targets if target.id is not None}
        if found := await streams.of_playlist(actor.guild_id, playlist, target_ids):
            return found
        await check_streams(session, actor.guild_id, self._limits)
        stream = Stream(guild_id=actor.guild_id, owner_id=actor.user_id, title="", playlist_id=playlist)
        await streams.add(stream, target_ids)
        return stream

    async def stop(self, actor: Actor, stream: str = "", *, generation: int | None = None) -> StreamStatus:
        """Requests a stream off the air; one that is off already stays off.

        Raises NotFound and NeedsChoice, and WantedStateError when it is not the given generation any more.
        """
        async with self._database.session() as session:
            await exclusive(session, Lock.STREAMS, actor.guild_id)
            found = await find_stream(session, actor.guild_id, stream)
            _check_generation(found, generation)
            found.desired_state = DesiredState.OFF_AIR
            session.add(found)
            await log_for_stream(session, found, Audit.STOPPED(person=actor.name), actor)
            await session.commit()
            _log.info("Guild %s: %s stops %r", actor.guild_id, actor.name, found.title)
            return await read_status(session, found)

    async def restart(self, actor: Actor, stream: str = "", *, generation: int | None = None) -> StartedStream:
        """Requests a stream on air from the beginning, whether it is on air or over.

        Raises NotFound, also when its targets are deleted, NeedsChoice, AlreadyOnAir when a target is in use
        elsewhere, and WantedStateError where a limit is reached or when it is not the given generation any more.
        """
        async with self._database.session() as session:
            await exclusive(session, Lock.STREAMS, actor.guild_id)
            await exclusive(session, Lock.TARGETS, actor.guild_id)
            found = await find_stream(session, actor.guild_id, stream)
            _check_generation(found, generation)
            targets = sorted(
                (target for _, target in await TargetStore(session).of_streams([found.id])),
                key=lambda target: target.name,
            )
            if not targets:
                raise NotFound(Streams.WITHOUT_TARGET(stream=found.title), hint=Streams.START_ELSEWHERE())
            if not is_wanted(found):
                await check_are_free(session, targets)
            request_generation(found)
            await check_on_air(session, found, self._limits)
            session.add(found)
            await log_for_stream(session, found, Audit.RESTARTED(person=actor.name), actor)
            await session.commit()
        assert found.id is not None
        _log.info("Guild %s: %s restarts %r", actor.guild_id, actor.name, found.title)
        return StartedStream(found.id, found.generation, found.title, tuple(target.name for target in targets))

    async def edit(self, actor: Actor, stream: str, edit: Edit) -> StreamStatus:
        """Changes a stream. The order of play changes at once, the picture at the next start.

        Raises NotFound and NeedsChoice, UsageError for an empty edit, and WantedStateError when it would be one
        encoded stream too many.
        """
        columns = changed_columns(edit)
        if not columns:
            raise UsageError(Streams.NOTHING_TO_CHANGE(), hint=Streams.SET_OPTION())
        async with self._database.session() as session:
            await exclusive(session, Lock.STREAMS, actor.guild_id)
            found = await find_stream(session, actor.guild_id, stream)
            for name, value in columns.items():
                setattr(found, name, value)
            if is_wanted(found):
                await check_encodes(session, found, self._limits)
            session.add(found)
            line = Audit.EDITED(person=actor.name, changes=describe_changes(columns))
            await log_for_stream(session, found, line, actor)
            await session.commit()
            _log.info("Guild %s: %s sets %s of stream %s", actor.guild_id, actor.name, ", ".join(columns), found.id)
            return await read_status(session, found)

    async def set_order(
        self, actor: Actor, stream: str, *, shuffle: bool | None = None, loop: bool | None = None
    ) -> StreamStatus:
        """Changes the order of play, also while on air. Raises what `edit` raises."""
        return await self.edit(actor, stream, Edit(shuffle=shuffle, loop=loop))

    async def delete(self, actor: Actor, stream: str, *, generation: int | None = None) -> str:
        """Deletes a stream and all that was recorded of it; returns its title.

        Raises NotFound and NeedsChoice, and WantedStateError while it is on air, starting or stopping, or when it is
        not the given generation any more.
        """
        async with self._database.session() as session:
            await exclusive(session, Lock.STREAMS, actor.guild_id)
            found = await find_stream(session, actor.guild_id, stream)
            _check_generation(found, generation)
            if not (await read_status(session, found)).state.is_over:
                raise WantedStateError(Streams.ON_AIR(stream=found.title), hint=Streams.STOP_IT())
            await StreamStore(session).delete(found)
            assert found.id is not None
            line = Audit.DELETED(person=actor.name, stream=found.title, number=found.id)
            await log_for_guild(session, line, actor)
            await session.commit()
        _log.info("Guild %s: %s deleted the stream %r (#%s)", actor.guild_id, actor.name, found.title, found.id)
        return found.title

    async def status(self, guild_id: int, stream: str = "") -> StreamStatus:
        """The state of one stream. Raises NotFound and NeedsChoice."""
        async with self._database.session() as session:
            return await read_status(session, await find_stream(session, guild_id, stream))

    async def statuses(self, guild_id: int, stream: str = "", *, is_one: bool = False) -> Sequence[StreamStatus]:
        """The state of one stream, or of all the guild's when no stream is named and `is_one` is not set.

        Raises NotFound and NeedsChoice.
        """
        if not stream.strip() and not is_one:
            return await self.all(guild_id)
        return [await self.status(guild_id, stream)]

    async def all(self, guild_id: int) -> Sequence[StreamStatus]:
        """The states of the guild's streams, those on air first."""
        async with self._database.session() as session:
            found = await StreamStore(session).in_guild(guild_id)
            return sorted(await read_statuses(session, found), key=playing_order)

    async def follow(self, stream_id: int, generation: int) -> AsyncGenerator[StreamStatus, None]:
        """Yields the stream's state as it changes, until the generation is on air or over, or a newer one is requested.

        Changes while the reader is busy are yielded as one. There is no time limit: the reader sets one.
        """
        last = None
        async with self._database.changes() as changes:
            while True:
                present = await self._read(stream_id)
                if present != last:
                    yield present
                last = present
                if present.is_settled or present.generation != generation:
                    return
                await changes.wait(_RECHECK_SECONDS)

    async def _read(self, stream_id: int) -> StreamStatus:
        async with self._database.session() as session:
            stream = await session.get(Stream, stream_id)
            if stream is None:
                raise NotFound(Streams.DELETED(), hint=Streams.START_AGAIN())
            return await read_status(session, stream)

    async def logs(
        self, guild_id: int, stream: str = "", limit: int = 20, only_level: LogLevel | None = None
    ) -> Sequence[LogLine]:
        """The newest lines of a stream's log, the newest last; without a stream, of the whole guild.

        Raises NotFound and NeedsChoice.
        """
        async with self._database.session() as session:
            stream_id = (await find_stream(session, guild_id, stream)).id if stream.strip() else None
            newest = await LogStore(session).newest(guild_id, stream_id, limit, only_level)
        return [
            LogLine(line.created_at, line.level, line.message, line.actor_id, "" if stream_id else title or "")
            for line, title in reversed(newest)
        ]

    async def suggest(self, guild_id: int, text: str) -> Sequence[Suggestion]:
        """Streams whose title contains the text; the value is one that `find_stream` accepts."""
        found = [s for s in await self.all(guild_id) if text.casefold() in s.title.casefold()]
        return [Suggestion(s.title, f"#{s.stream_id}", (STATE_TEXTS[s.state](),)) for s in found[:SUGGESTION_LIMIT]]


def _check_generation(stream: Stream, generation: int | None) -> None:
    """Raises WantedStateError when a question was asked about an earlier start of the stream."""
    if generation not in (None, stream.generation):
        raise WantedStateError(Streams.STARTED_SINCE(stream=stream.title), hint=Streams.ASK_AGAIN())
