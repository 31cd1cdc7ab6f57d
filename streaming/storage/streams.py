"""Streams as rows: which are to be on air, and where to."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.model.states import DesiredState
from streaming.storage.tables import Stream, StreamTarget, Target


def is_wanted_on_air() -> ColumnElement[bool]:
    """Holds for streams that were put on air by somebody, and not yet played to their end."""
    is_on = col(Stream.desired_state) == DesiredState.ON_AIR
    return and_(is_on, col(Stream.generation) > col(Stream.observed_generation))


class StreamStore:
    """Reads and writes streams in the transaction of a session."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def wanted_on_air(self) -> Sequence[Stream]:
        """The streams to be on air, of every guild."""
        return (await self._session.exec(select(Stream).where(is_wanted_on_air()))).all()

    async def targets(self, stream_ids: Sequence[int | None]) -> Sequence[tuple[int, Target]]:
        """The targets of these streams, each beside its stream's id, the oldest first."""
        rows = await self._session.exec(
            select(StreamTarget.stream_id, Target)
            .join(Target, col(Target.id) == col(StreamTarget.target_id))
            .where(col(StreamTarget.stream_id).in_(stream_ids))
            .order_by(col(Target.id))
        )
        return rows.all()

    async def observe(self, stream_id: int, generation: int) -> None:
        """Records that a generation was played to its end, so that it is not started again."""
        row = col(Stream.id) == stream_id
        await self._session.exec(update(Stream).where(row).values(observed_generation=generation))
