"""The queue of a stream: the current item, upcoming items, search, and commands that change the order of play."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.model.errors import NeedsChoice, NotFound, WantedStateError
from streaming.model.message import Message, Text
from streaming.model.states import CommandAction
from streaming.model.text import shortened
from streaming.services.actor import Actor, log_for_stream
from streaming.services.engine_commands import EngineCommands
from streaming.services.lookup import SUGGESTED_LENGTH, SUGGESTION_LIMIT, Suggestion, find_stream
from streaming.services.messages import Audit, Queues, Streams
from streaming.services.status import NowPlaying, read_status
from streaming.storage.database import Database
from streaming.storage.queue_items import QueueStore
from streaming.storage.runs import RunStore
from streaming.storage.tables import Command, QueueItem, Stream

_SHOWN = 100
_SEARCHED_LENGTH = 100
_TITLE_LENGTH = 80


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One entry of the list; commands accept its key. The place counts from 1."""

    key: str
    title: str
    link: str = ""
    duration_seconds: float | None = None
    is_removed: bool = False
    place: int = 0


@dataclass(frozen=True, slots=True)
class Queue:
    """The current item, and the first hundred upcoming entries in order of play."""

    stream_id: int
    title: str
    is_playing: bool
    is_shuffled: bool
    is_looped: bool
    now_playing: NowPlaying | None
    upcoming: tuple[QueueEntry, ...]
    listed: int
    removed: int


class QueueService:
    """The queues of streams."""

    def __init__(self, database: Database, commands: EngineCommands) -> None:
        self._database = database
        self._commands = commands

    async def read(self, guild_id: int, stream: str = "") -> Queue:
        """The queue of a stream, or its whole list if it is not on air. Raises NotFound and NeedsChoice."""
        async with self._database.session() as session:
            found = await find_stream(session, guild_id, stream)
            assert found.id is not None
            status = await read_status(session, found)
            listed, removed = await QueueStore(session, found.id).counts()
            return Queue(
                stream_id=found.id,
                title=found.title,
                is_playing=status.state.is_playing,
                is_shuffled=found.is_shuffled,
                is_looped=found.is_looped,
                now_playing=status.now_playing,
                upcoming=await _upcoming(session, found, is_playing=status.state.is_playing),
                listed=listed,
                removed=removed,
            )

    async def search(self, guild_id: int, stream: str, text: str, limit: int = _SHOWN) -> Sequence[QueueEntry]:
        """Entries of the whole list whose title contains the text, in its order. Raises NotFound and NeedsChoice."""
        async with self._database.session() as session:
            found = await find_stream(session, guild_id, stream)
            return await _titled(session, found, text, limit)

    async def entry(self, guild_id: int, stream: str, item: str) -> QueueEntry:
        """The entry with this key or title. Raises NotFound and NeedsChoice."""
        async with self._database.session() as session:
            return await _find_entry(session, await find_stream(session, guild_id, stream), item)

    async def suggest(self, guild_id: int, stream: str, text: str) -> Sequence[Suggestion]:
        """Entries whose title contains the text, or upcoming ones without a text; the value is the entry's key."""
        try:
            if text.strip():
                found = await self.search(guild_id, stream, text, SUGGESTION_LIMIT)
            else:
                found = (await self.read(guild_id, stream)).upcoming
        except (NotFound, NeedsChoice):
            return []
        known = {entry.key: entry for entry in found if len(entry.key) <= SUGGESTED_LENGTH}
        fitting = list(known.values())[:SUGGESTION_LIMIT]
        alike = titled_alike(fitting)
        return [
            Suggestion(shortened(entry.title, SUGGESTED_LENGTH) or entry.key, entry.key, _facts(entry, alike))
            for entry in fitting
        ]

    async def skip(self, actor: Actor, stream: str = "") -> Message:
        """Requests the next item now; returns the engine's answer.

        Raises NotFound or NeedsChoice, WantedStateError when the stream is not on air or the engine declines, and
        ServiceUnavailable when no engine takes the command in time.
        """
        return await self._send(actor, stream, CommandAction.SKIP, Audit.SKIPPED(person=actor.name))

    async def previous(self, actor: Actor, stream: str = "") -> Message:
        """Requests the item that played before; returns the engine's answer. Raises what `skip` raises."""
        return await self._send(actor, stream, CommandAction.PREVIOUS, Audit.WENT_BACK(person=actor.name))

    async def jump(self, actor: Actor, stream: str, item: str) -> Message:
        """Requests an item now. Raises what `skip` raises."""
        return await self._send_for_entry(actor, stream, item, CommandAction.JUMP, Audit.JUMPED)

    async def play_next(self, actor: Actor, stream: str, item: str) -> Message:
        """Requests an item after the present one. Raises what `skip` raises."""
        return await self._send_for_entry(actor, stream, item, CommandAction.PLAY_NEXT, Audit.QUEUED)

    async def remove(self, actor: Actor, stream: str, item: str) -> Message:
        """Requests that an item is never played again. Raises what `skip` raises."""
        return await self._send_for_entry(actor, stream, item, CommandAction.REMOVE, Audit.REMOVED_ITEM)

    async def _send_for_entry(self, actor: Actor, stream: str, item: str, action: CommandAction, deed: Text) -> Message:
        async with self._database.session() as session:
            found = await find_stream(session, actor.guild_id, stream)
            entry = await _find_entry(session, found, item)
        line = deed(person=actor.name, item=shortened(entry.title, _TITLE_LENGTH))
        return await self._send(actor, f"#{found.id}", action, line, argument=entry.key)

    async def _send(
        self, actor: Actor, stream: str, action: CommandAction, line: Message, *, argument: str = ""
    ) -> Message:
        """Sends a command to the engine that plays the stream; `line` says in the log what the actor does."""
        async with self._database.session() as session:
            found = await find_stream(session, actor.guild_id, stream)
            if not (await read_status(session, found)).state.is_playing:
                raise WantedStateError(Streams.NOT_ON_AIR(stream=found.title), hint=Streams.START_IT())
            await log_for_stream(session, found, line, actor)
            command = Command(
                stream_id=found.id,
                guild_id=actor.guild_id,
                action=action,
                argument=argument,
                requested_by=actor.user_id,
            )
            session.add(command)
            await session.commit()
        return await self._commands.answer(command)


async def _upcoming(session: AsyncSession, stream: Stream, *, is_playing: bool) -> tuple[QueueEntry, ...]:
    queue = QueueStore(session, stream.id or 0)
    if not is_playing:
        return tuple(map(_entry, await queue.first(_SHOWN)))
    keys = json.loads(await RunStore(session).upcoming(stream.id, stream.generation))
    known = {each.key: _entry(each) for each in await queue.with_keys(keys)}
    return tuple(known[key] for key in keys if key in known)


async def _find_entry(session: AsyncSession, stream: Stream, text: str) -> QueueEntry:
    """The entry with this key, the first one with this title, or that of the only title that contains the text."""
    if entry := await QueueStore(session, stream.id or 0).named(text, text.strip()):
        return _entry(entry)
    found = await _titled(session, stream, text, SUGGESTION_LIMIT) if text.strip() else []
    if not found:
        raise NotFound(
            Queues.UNKNOWN(name=shortened(text, _TITLE_LENGTH), stream=stream.title),
            hint=Queues.SEARCH(),
        )
    if len(found) > 1 and len({entry.title for entry in found}) == 1:
        return min(found, key=lambda entry: (entry.is_removed, entry.place))
    if len(found) > 1:
        titles = ", ".join(repr(shortened(entry.title, _TITLE_LENGTH)) for entry in found[:5])
        raise NeedsChoice(Queues.SEVERAL(items=titles), hint=Queues.CHOOSE_SUGGESTION())
    return found[0]


async def _titled(session: AsyncSession, stream: Stream, text: str, limit: int) -> list[QueueEntry]:
    found = await QueueStore(session, stream.id or 0).containing(text.strip()[:_SEARCHED_LENGTH], limit)
    return list(map(_entry, found))


def titled_alike(entries: Iterable[QueueEntry]) -> frozenset[str]:
    """The titles that several of the entries have. Suggestions add the place to them."""
    titles = Counter(entry.title for entry in entries)
    return frozenset(title for title, count in titles.items() if count > 1)


def _facts(entry: QueueEntry, alike: frozenset[str]) -> tuple[Message, ...]:
    return (Queues.PLACE(place=entry.place),) if entry.title in alike else ()


def _entry(row: QueueItem) -> QueueEntry:
    return QueueEntry(row.key, row.title, row.link, row.duration_seconds, row.is_removed, row.place + 1)
