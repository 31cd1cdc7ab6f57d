"""The queue of a stream as rows: the whole list, with what people removed from it."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, or_
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from streaming.storage.savepoints import refused_rows
from streaming.storage.tables import QueueItem


class QueueStore:
    """Reads and writes the queue of one stream in the transaction of a session."""

    def __init__(self, session: AsyncSession, stream_id: int) -> None:
        self._session = session
        self._stream_id = stream_id

    async def removed_keys(self) -> Sequence[str]:
        """The keys of what people removed."""
        removed = select(QueueItem.key).where(QueueItem.stream_id == self._stream_id, col(QueueItem.is_removed))
        return (await self._session.exec(removed)).all()

    async def set_removed(self, keys: Collection[str], *, is_removed: bool) -> None:
        """Marks the entries of these keys."""
        of_keys = (col(QueueItem.stream_id) == self._stream_id, col(QueueItem.key).in_(keys))
        await self._session.exec(update(QueueItem).where(*of_keys).values(is_removed=is_removed))

    async def write(self, entries: Sequence[QueueItem]) -> list[int]:
        """Writes those of a row of entries that differ from what is there; gives the places the database refused."""
        if not entries:
            return []
        first, last = entries[0].place, entries[-1].place
        here = (QueueItem.stream_id == self._stream_id, col(QueueItem.place).between(first, last))
        known = {entry.place: entry.model_dump() for entry in await self._session.exec(select(QueueItem).where(*here))}
        changed = [row for row in (entry.model_dump() for entry in entries) if known.get(row["place"]) != row]
        if not changed:
            return []
        statement = insert(QueueItem)
        replaced = {name: statement.excluded[name] for name in changed[0]}
        upsert = statement.on_conflict_do_update(["stream_id", "place"], set_=replaced)
        connection = await self._session.connection()
        refused = await refused_rows(self._session, changed, lambda rows: connection.execute(upsert, rows))
        return [row["place"] for row in refused]

    async def truncate(self, length: int) -> None:
        """Deletes the entries from a place on."""
        beyond = (col(QueueItem.stream_id) == self._stream_id, col(QueueItem.place) >= length)
        await self._session.exec(delete(QueueItem).where(*beyond))

    async def counts(self) -> tuple[int, int]:
        """How many entries there are, and how many of them are removed."""
        removed_ones = func.count().filter(col(QueueItem.is_removed))
        counts = select(func.count(), removed_ones).where(QueueItem.stream_id == self._stream_id)
        return (await self._session.exec(counts)).one()

    async def first(self, limit: int) -> Sequence[QueueItem]:
        """The first entries of the list that are not removed."""
        entries = self._entries().where(~col(QueueItem.is_removed)).order_by(col(QueueItem.place)).limit(limit)
        return (await self._session.exec(entries)).all()

    async def with_keys(self, keys: Collection[str]) -> Sequence[QueueItem]:
        """The entries of these keys, in no order."""
        return (await self._session.exec(self._entries().where(col(QueueItem.key).in_(keys)))).all()

    async def named(self, key: str, title: str) -> QueueItem | None:
        """The entry of that key, else the first of exactly that title; a removed one only if there is no other."""
        order = (col(QueueItem.is_removed), col(QueueItem.place))
        for is_it in (col(QueueItem.key) == key, col(QueueItem.title) == title):
            if entry := (await self._session.exec(self._entries().where(is_it).order_by(*order).limit(1))).first():
                return entry
        return None

    async def containing(self, text: str, limit: int) -> Sequence[QueueItem]:
        """Entries whose title contains the text in any case, in the order of the list."""
        # SQLite folds the case of ASCII letters only, so the usual spellings of the others are tried.
        spellings = dict.fromkeys((text, text.lower(), text.upper(), text.capitalize(), text.title()))
        contains = [col(QueueItem.title).icontains(spelling, autoescape=True) for spelling in spellings]
        matching = self._entries().where(or_(*contains)).order_by(col(QueueItem.place)).limit(limit)
        return (await self._session.exec(matching)).all()

    def _entries(self) -> SelectOfScalar[QueueItem]:
        return select(QueueItem).where(QueueItem.stream_id == self._stream_id)
