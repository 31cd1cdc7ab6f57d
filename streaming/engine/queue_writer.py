"""The queue as people see it: the list, written as it grows, and what comes next, written when it changes."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.dialects.sqlite import insert
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.model.items import Item
from streaming.playout.playout import Playout
from streaming.storage.playlists import learn
from streaming.storage.savepoints import refused_rows
from streaming.storage.tables import QueueItem, RunLive, Stream

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

    def is_behind(self, playout: Playout) -> bool:
        """Whether entries of the list are still to be written."""
        return self.list_version != playout.list_version or bool(playout.items(self.entries))


async def write_queue(
    session: AsyncSession, stream_id: int, run_id: int, playout: Playout, written: QueueWritten
) -> QueueWritten:
    """Writes what has changed since `written`, or a part of it, and gives what is written once that is committed.

    The entries of an earlier run are replaced one by one, so that the queue can be read at any time.
    """
    removed, upcoming = playout.removed, playout.steering.outlook().upcoming
    if written.list_version != playout.list_version:
        written = replace(written, list_version=playout.list_version, entries=0, is_complete=False)
    if upcoming != written.upcoming:
        await session.exec(update(RunLive).where(col(RunLive.run_id) == run_id).values(upcoming=json.dumps(upcoming)))
    for keys, is_removed in ((removed - written.removed, True), (written.removed - removed, False)):
        if keys:
            of_keys = (col(QueueItem.stream_id) == stream_id, col(QueueItem.key).in_(keys))
            await session.exec(update(QueueItem).where(*of_keys).values(is_removed=is_removed))
    items = playout.items(written.entries)[:_AT_ONCE]
    await _write_entries(session, stream_id, written.entries, items, removed)
    now = replace(written, entries=written.entries + len(items), removed=removed, upcoming=upcoming)
    if written.is_complete or not playout.is_listed or now.is_behind(playout):
        return now
    beyond = (col(QueueItem.stream_id) == stream_id, col(QueueItem.place) >= now.entries)
    await session.exec(delete(QueueItem).where(*beyond))
    stream = await session.get_one(Stream, stream_id)
    await learn(session, stream.guild_id, stream.playlist_id, playout.playlist_title, now.entries)
    return replace(now, is_complete=True)


async def _write_entries(
    session: AsyncSession, stream_id: int, start: int, items: Sequence[Item], removed: frozenset[str]
) -> None:
    """Writes those entries that are not there as they are."""
    if not items:
        return
    known = await session.exec(
        select(QueueItem).where(
            QueueItem.stream_id == stream_id,
            col(QueueItem.place) >= start,
            col(QueueItem.place) < start + len(items),
        )
    )
    there = {entry.place: entry.model_dump() for entry in known}
    wanted = [_entry(stream_id, place, item, removed).model_dump() for place, item in enumerate(items, start)]
    changed = [entry for entry in wanted if there.get(entry["place"]) != entry]
    if changed:
        statement = insert(QueueItem)
        replaced = {name: statement.excluded[name] for name in changed[0]}
        upsert = statement.on_conflict_do_update(["stream_id", "place"], set_=replaced)
        connection = await session.connection()
        refused = await refused_rows(session, changed, lambda entries: connection.execute(upsert, entries))
        if refused:
            places = ", ".join(str(entry["place"]) for entry in refused)
            _log.error("The database does not take these entries of the list of stream %d: %s", stream_id, places)


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
