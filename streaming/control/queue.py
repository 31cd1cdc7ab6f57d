"""The queue of a stream: what is on, what comes next, finding an item of the list, and having it play."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.control.desk import SUGGESTED_LENGTH, SUGGESTION_LIMIT, Desk, Suggestion
from streaming.control.status import NowPlaying, read_statuses
from streaming.control.streams import Actor, shortened, stream_meant
from streaming.model.errors import NeedsChoice, NotFound
from streaming.model.states import CommandAction
from streaming.storage.queue_items import QueueStore
from streaming.storage.runs import RunStore
from streaming.storage.tables import QueueItem, Stream

_SHOWN = 100
_SEARCHED_LENGTH = 100
_TITLE_LENGTH = 80


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One entry of the list; the key is what commands take. The place counts from 1."""

    key: str
    title: str
    link: str = ""
    duration_seconds: float | None = None
    is_removed: bool = False
    place: int = 0


@dataclass(frozen=True, slots=True)
class Queue:
    """What plays, and what comes next: the first hundred, in order of play."""

    stream_id: int
    title: str
    is_playing: bool
    is_shuffled: bool
    is_looped: bool
    now_playing: NowPlaying | None
    upcoming: tuple[QueueEntry, ...]
    listed: int
    removed: int


class QueueControl(Desk):
    """What may be asked of the order of play."""

    async def queue(self, guild_id: int, stream: str = "") -> Queue:
        """The queue of the stream meant; of one that is not on air, its list. Raises NotFound and NeedsChoice."""
        async with self._database.session() as session:
            found = await stream_meant(session, guild_id, stream)
            assert found.id is not None
            (status,) = await read_statuses(session, [found])
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

    async def search_queue(self, guild_id: int, stream: str, text: str, limit: int = _SHOWN) -> list[QueueEntry]:
        """Entries of the whole list whose title holds the text, in its order. Raises NotFound and NeedsChoice."""
        async with self._database.session() as session:
            found = await stream_meant(session, guild_id, stream)
            return await _titled(session, found, text, limit)

    async def queue_entry(self, guild_id: int, stream: str, item: str) -> QueueEntry:
        """The entry somebody means by its key or title. Raises NotFound and NeedsChoice."""
        async with self._database.session() as session:
            return await _entry_meant(session, await stream_meant(session, guild_id, stream), item)

    async def suggest_items(self, guild_id: int, stream: str, text: str) -> list[Suggestion]:
        """Entries whose title holds the text, or what comes next; the value is the entry's key."""
        try:
            if text.strip():
                found: Sequence[QueueEntry] = await self.search_queue(guild_id, stream, text, SUGGESTION_LIMIT)
            else:
                found = (await self.queue(guild_id, stream)).upcoming
        except (NotFound, NeedsChoice):
            return []
        known = {entry.key: entry for entry in found if len(entry.key) <= SUGGESTED_LENGTH}
        fitting = list(known.values())[:SUGGESTION_LIMIT]
        alike = titled_alike(fitting)
        return [
            Suggestion(shortened(entry.title, SUGGESTED_LENGTH) or entry.key, entry.key, _facts(entry, alike))
            for entry in fitting
        ]

    async def previous(self, actor: Actor, stream: str = "") -> str:
        """Asks the engine to go back to what played before, and returns its answer. Raises what `skip` does."""
        return await self._ask_stream(actor, stream, CommandAction.PREVIOUS, "went back to the previous item")

    async def jump(self, actor: Actor, stream: str, item: str) -> str:
        """Asks the engine to go to an item now. Raises what `skip` does."""
        return await self._ask_item(actor, stream, item, CommandAction.JUMP, "jumped to “{}”")

    async def play_next(self, actor: Actor, stream: str, item: str) -> str:
        """Asks the engine to let an item come next. Raises what `skip` does."""
        return await self._ask_item(actor, stream, item, CommandAction.PLAY_NEXT, "queued “{}” next")

    async def remove_item(self, actor: Actor, stream: str, item: str) -> str:
        """Asks the engine to play an item no more. Raises what `skip` does."""
        return await self._ask_item(actor, stream, item, CommandAction.REMOVE, "removed “{}”")

    async def _ask_item(self, actor: Actor, stream: str, item: str, action: CommandAction, says: str) -> str:
        async with self._database.session() as session:
            found = await stream_meant(session, actor.guild_id, stream)
            entry = await _entry_meant(session, found, item)
        title = shortened(entry.title, _TITLE_LENGTH)
        return await self._ask_stream(actor, f"#{found.id}", action, says.format(title), about=entry.key)


async def _upcoming(session: AsyncSession, stream: Stream, *, is_playing: bool) -> tuple[QueueEntry, ...]:
    queue = QueueStore(session, stream.id or 0)
    if not is_playing:
        return tuple(map(_entry, await queue.first(_SHOWN)))
    keys = json.loads(await RunStore(session).upcoming(stream.id, stream.generation))
    known = {each.key: _entry(each) for each in await queue.with_keys(keys)}
    return tuple(known[key] for key in keys if key in known)


async def _entry_meant(session: AsyncSession, stream: Stream, text: str) -> QueueEntry:
    """The entry of that key, the first of that title, or that of the only title that holds the text."""
    if entry := await QueueStore(session, stream.id or 0).named(text, text.strip()):
        return _entry(entry)
    found = await _titled(session, stream, text, SUGGESTION_LIMIT) if text.strip() else []
    if not found:
        raise NotFound(
            f"There is no item {shortened(text, _TITLE_LENGTH)!r} in the list of {stream.title!r}.",
            hint="Find it with /stream queue search:.",
        )
    if len(found) > 1 and len({entry.title for entry in found}) == 1:
        return min(found, key=lambda entry: (entry.is_removed, entry.place))
    if len(found) > 1:
        titles = ", ".join(repr(shortened(entry.title, _TITLE_LENGTH)) for entry in found[:5])
        raise NeedsChoice(f"Several items match: {titles}.", hint="Choose one of the suggestions while you type.")
    return found[0]


async def _titled(session: AsyncSession, stream: Stream, text: str, limit: int) -> list[QueueEntry]:
    found = await QueueStore(session, stream.id or 0).containing(text.strip()[:_SEARCHED_LENGTH], limit)
    return list(map(_entry, found))


def titled_alike(entries: Iterable[QueueEntry]) -> frozenset[str]:
    """The titles that several of the entries have: those are told apart by their places."""
    titles = Counter(entry.title for entry in entries)
    return frozenset(title for title, count in titles.items() if count > 1)


def _facts(entry: QueueEntry, alike: frozenset[str]) -> tuple[str, ...]:
    return (f"#{entry.place} in the list",) if entry.title in alike else ()


def _entry(row: QueueItem) -> QueueEntry:
    return QueueEntry(row.key, row.title, row.link, row.duration_seconds, row.is_removed, row.place + 1)
