"""The queue as people see it: the list, written as it grows, and what comes next, written when it changes."""

import json
import logging
from dataclasses import dataclass, replace

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.model.items import Item
from streaming.playout.handle import PlayoutHandle
from streaming.playout.snapshot import QueuePart
from streaming.storage.playlists import PlaylistStore
from streaming.storage.queue_items import QueueStore
from streaming.storage.runs import RunStore
from streaming.storage.tables import QueueItem, Stream

_log = logging.getLogger(__name__)

_AT_ONCE = 1000
"""So many entries are written in one transaction: nobody else may write meanwhile."""


@dataclass(frozen=True, slots=True)
class QueueWritten:
    """How much of a run's queue is in the database."""

    list_version: int = 0
    entries: int = 0
    is_complete: bool = False
    removed: frozenset[str] = frozenset()
    upcoming: tuple[str, ...] = ()

    def is_behind(self, queue: QueuePart) -> bool:
        """Whether entries of the list are still to be written."""
        return self.list_version != queue.list_version or self.entries < queue.length


async def write_queue(
    session: AsyncSession, stream_id: int, run_id: int, playout: PlayoutHandle, written: QueueWritten
) -> QueueWritten:
    """Writes what has changed since `written`, or a part of it, and gives what is written once that is committed.

    The entries of an earlier run are replaced one by one, so that the queue can be read at any time.
    """
    part = await playout.queue(written.entries, _AT_ONCE)
    if written.list_version != part.list_version:
        part = await playout.queue(0, _AT_ONCE)
        written = replace(written, list_version=part.list_version, entries=0, is_complete=False)
    removed, upcoming = part.removed, part.upcoming
    if upcoming != written.upcoming:
        await RunStore(session).write_live(run_id, {"upcoming": json.dumps(upcoming)})
    store = QueueStore(session, stream_id)
    for keys, is_removed in ((removed - written.removed, True), (written.removed - removed, False)):
        if keys:
            await store.set_removed(keys, is_removed=is_removed)
    entries = [_entry(stream_id, place, item, removed) for place, item in enumerate(part.items, written.entries)]
    if refused := await store.write(entries):
        places = ", ".join(map(str, refused))
        _log.error("The database rejects these queue entries of stream %d: %s", stream_id, places)
    now = replace(written, entries=written.entries + len(part.items), removed=removed, upcoming=upcoming)
    if written.is_complete or not part.is_listed or now.is_behind(part):
        return now
    await store.truncate(now.entries)
    stream = await session.get_one(Stream, stream_id)
    playlists = PlaylistStore(session, stream.guild_id)
    await playlists.write_contents(stream.playlist_id, part.title, now.entries)
    return replace(now, is_complete=True)


def _entry(stream_id: int, place: int, item: Item, removed: frozenset[str]) -> QueueItem:
    return QueueItem(
        stream_id=stream_id,
        place=place,
        key=item.entry,
        title=item.title,
        link=item.link,
        duration_seconds=item.duration_seconds,
        is_removed=item.entry in removed,
    )
