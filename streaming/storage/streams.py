"""Streams as rows: which there are, and which are to be on air."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.model.states import DesiredState, EncodeMode
from streaming.storage.tables import Incident, Panel, Stream, StreamTarget


def is_wanted_on_air() -> ColumnElement[bool]:
    """Holds for streams that were put on air by somebody, and not yet played to their end."""
    is_on = col(Stream.desired_state) == DesiredState.ON_AIR
    return and_(is_on, col(Stream.generation) > col(Stream.observed_generation))


def _on_air_beside(stream_id: int | None) -> Sequence[ColumnElement[bool]]:
    return (is_wanted_on_air(), col(Stream.id).is_distinct_from(stream_id))


class StreamStore:
    """Reads and writes streams in the transaction of a session."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def wanted_on_air(self) -> Sequence[Stream]:
        """The streams to be on air, of every guild."""
        return (await self._session.exec(select(Stream).where(is_wanted_on_air()))).all()

    async def in_guild(self, guild_id: int) -> Sequence[Stream]:
        """A guild's streams, the oldest first."""
        rows = select(Stream).where(Stream.guild_id == guild_id).order_by(col(Stream.id))
        return (await self._session.exec(rows)).all()

    async def of_playlist(self, guild_id: int, playlist: str, target_ids: Collection[int | None]) -> Stream | None:
        """The oldest stream of a guild that has this playlist on exactly these targets."""
        for stream in await self.in_guild(guild_id):
            if stream.playlist_id != playlist:
                continue
            links = await self._session.exec(select(StreamTarget.target_id).where(StreamTarget.stream_id == stream.id))
            if set(links) == set(target_ids):
                return stream
        return None

    async def add(self, stream: Stream, target_ids: Iterable[int]) -> None:
        """Adds a stream on these targets."""
        self._session.add(stream)
        await self._session.flush()
        assert stream.id is not None
        stream_id = stream.id
        self._session.add_all(StreamTarget(stream_id=stream_id, target_id=target_id) for target_id in target_ids)

    async def count(self, guild_id: int) -> int:
        """How many streams a guild has."""
        return await self._count(col(Stream.guild_id) == guild_id)

    async def count_on_air(self, guild_id: int, *, beside: int | None) -> int:
        """How many streams of a guild are to be on air, without one, whose id is None if it is new."""
        return await self._count(*_on_air_beside(beside), col(Stream.guild_id) == guild_id)

    async def count_encoded(self, guild_id: int | None = None, *, beside: int | None) -> int:
        """How many streams of a guild, or of all, are to be on air and always encoded, without one."""
        encoded = (*_on_air_beside(beside), col(Stream.encode) == EncodeMode.ALWAYS)
        return await self._count(*encoded, *([col(Stream.guild_id) == guild_id] if guild_id is not None else []))

    async def _count(self, *conditions: ColumnElement[bool]) -> int:
        # Without a flush: the caller's stream is about to be written, and must not be counted.
        with self._session.no_autoflush:
            return (await self._session.exec(select(func.count()).select_from(Stream).where(*conditions))).one()

    async def delete(self, stream: Stream) -> None:
        """Deletes a stream and everything that refers to it."""
        await self._session.exec(delete(Stream).where(col(Stream.id) == stream.id))

    async def to_watch(self) -> Sequence[Stream]:
        """The streams that are to be on air, have a panel, or have an open incident; of every guild."""
        in_trouble = select(Incident.stream_id).where(col(Incident.ended_at).is_(None))
        is_shown = col(Stream.id).in_(select(Panel.stream_id)) | col(Stream.id).in_(in_trouble)
        rows = select(Stream).where(or_(is_wanted_on_air(), is_shown)).order_by(col(Stream.id))
        return (await self._session.exec(rows)).all()

    async def take_off_air(self, guild_id: int) -> None:
        """Requests that all streams of a guild end."""
        on_air = (col(Stream.guild_id) == guild_id, col(Stream.desired_state) == DesiredState.ON_AIR)
        await self._session.exec(update(Stream).where(*on_air).values(desired_state=DesiredState.OFF_AIR))

    async def existing(self, stream_ids: Collection[int]) -> set[int]:
        """Those of the ids that were not deleted."""
        rows = await self._session.exec(select(Stream.id).where(col(Stream.id).in_(stream_ids)))
        return {stream_id for stream_id in rows if stream_id is not None}

    async def observe(self, stream_id: int, generation: int) -> None:
        """Records that a generation was played to its end, so that it is not started again."""
        row = col(Stream.id) == stream_id
        await self._session.exec(update(Stream).where(row).values(observed_generation=generation))
