"""Streams put on air, taken off, and looked at."""

import logging
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from streaming.control.desk import SUGGESTION_LIMIT, Desk, Suggestion
from streaming.control.limits import check_on_air
from streaming.control.saved import named, remember
from streaming.control.status import StreamStatus, playing_order, read_statuses
from streaming.control.streams import Actor, StartRequest, check_mode, note, stream_meant, stream_of, want
from streaming.control.targets import check_are_free, chosen_targets
from streaming.model.errors import NotFound
from streaming.model.states import CommandAction, DesiredState
from streaming.storage.locks import Lock, exclusive
from streaming.storage.streams import StreamStore
from streaming.storage.tables import Stream

_log = logging.getLogger(__name__)

_RECHECK_SECONDS = 2.0
"""An engine that falls silent commits nothing that could wake us."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish that was written down; `wish` counts those for the stream."""

    stream_id: int
    wish: int
    title: str
    targets: tuple[str, ...]


class StreamControl(Desk):
    """What may be asked of streams."""

    async def start(self, actor: Actor, request: StartRequest) -> Wish:
        """Wants a playlist on air, on the stream that had it on the same targets before, or a new one.

        Raises UsageError, NotFound or NeedsChoice for what cannot be meant, AlreadyOnAir when a target is in use, and
        WantedStateError where a limit is reached.
        """
        check_mode(request.mode)
        async with self._database.session() as session:
            await exclusive(session, Lock.TARGETS, actor.guild_id)
            saved = await named(session, actor.guild_id, request.playlist)
            playlist = self._playlist_id(actor.guild_id, saved.playlist_id if saved else request.playlist)
            chosen = await chosen_targets(session, actor.guild_id, request.to)
            await check_are_free(session, chosen)
            stream = await stream_of(session, actor, playlist, chosen, self._limits)
            want(stream, request, self._encode, called=saved.name if saved else "")
            await check_on_air(session, stream, self._limits)
            await remember(session, actor.guild_id, playlist)
            stream.profile = self._profile
            names = tuple(target.name for target in chosen)
            says = f"{actor.name} started it on {', '.join(names)}."
            await note(session, stream, says, actor)
            await session.commit()
        assert stream.id is not None
        _log.info("Guild %s: %s starts %r on %s", actor.guild_id, actor.name, stream.title, ", ".join(names))
        return Wish(stream.id, stream.generation, stream.title, names)

    async def stop(self, actor: Actor, stream: str = "") -> StreamStatus:
        """Wants a stream off the air; stopping one that is off already does no harm. Raises NotFound, NeedsChoice."""
        async with self._database.session() as session:
            found = await stream_meant(session, actor.guild_id, stream)
            found.desired_state = DesiredState.OFF_AIR
            session.add(found)
            await note(session, found, f"{actor.name} stopped it.", actor)
            await session.commit()
            _log.info("Guild %s: %s stops %r", actor.guild_id, actor.name, found.title)
            return (await read_statuses(session, [found]))[0]

    async def skip(self, actor: Actor, stream: str = "") -> str:
        """Asks the engine for the next item and returns its answer.

        Raises NotFound or NeedsChoice, WantedStateError when the stream is not on air or the engine declines, and
        ServiceUnavailable when no engine takes the command in time.
        """
        return await self._ask_stream(actor, stream, CommandAction.SKIP, "skipped the current item")

    async def status(self, guild_id: int, stream: str = "", *, is_one: bool = False) -> list[StreamStatus]:
        """The stream meant, or all of the guild's unless it `is_one` that is meant.

        Raises NotFound or NeedsChoice when one is named in vain.
        """
        if not stream.strip() and not is_one:
            return await self.streams(guild_id)
        async with self._database.session() as session:
            return await read_statuses(session, [await stream_meant(session, guild_id, stream)])

    async def streams(self, guild_id: int) -> list[StreamStatus]:
        """The guild's streams, those on air first."""
        async with self._database.session() as session:
            found = await StreamStore(session).in_guild(guild_id)
            return sorted(await read_statuses(session, found), key=playing_order)

    async def follow(self, stream_id: int, wish: int) -> AsyncGenerator[StreamStatus, None]:
        """Yields the stream's state as it changes, until the wish is on air, over, or replaced by a newer one.

        What changed while the reader was busy is yielded as one. It ends by itself only then: the reader sets a limit.
        """
        last = None
        async with self._database.changes() as changes:
            while True:
                present = await self._of(stream_id)
                if present != last:
                    yield present
                last = present
                if present.is_settled or present.wish != wish:
                    return
                await changes.wait(_RECHECK_SECONDS)

    async def suggest_streams(self, guild_id: int, text: str) -> list[Suggestion]:
        """Streams whose title holds the text; the value is what every `stream` parameter here takes."""
        found = [s for s in await self.streams(guild_id) if text.casefold() in s.title.casefold()]
        return [Suggestion(s.title, f"#{s.stream_id}", (str(s.state),)) for s in found[:SUGGESTION_LIMIT]]

    async def _of(self, stream_id: int) -> StreamStatus:
        async with self._database.session() as session:
            stream = await session.get(Stream, stream_id)
            if stream is None:
                raise NotFound("The stream was deleted.", hint="Start it again with /stream start.")
            return (await read_statuses(session, [stream]))[0]
