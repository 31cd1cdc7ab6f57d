"""Targets as rows: a guild's ingests, and the streams that use them."""

from collections.abc import Collection, Sequence

from sqlalchemy import func
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.model.states import TargetKind
from streaming.storage.tables import Stream, StreamTarget, Target


class TargetStore:
    """Reads and writes targets in the transaction of a session."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def in_guild(self, guild_id: int) -> Sequence[Target]:
        """A guild's targets by name."""
        return (await self._session.exec(select(Target).where(Target.guild_id == guild_id).order_by(Target.name))).all()

    async def count(self, guild_id: int) -> int:
        """How many targets a guild has."""
        count = select(func.count()).select_from(Target).where(Target.guild_id == guild_id)
        return (await self._session.exec(count)).one()

    async def of_streams(self, stream_ids: Sequence[int | None]) -> Sequence[tuple[int, Target]]:
        """The targets of these streams, each beside its stream's id, the oldest first."""
        rows = await self._session.exec(
            select(StreamTarget.stream_id, Target)
            .join(Target, col(Target.id) == col(StreamTarget.target_id))
            .where(col(StreamTarget.stream_id).in_(stream_ids))
            .order_by(col(Target.id))
        )
        return rows.all()

    async def users(self, target_ids: Sequence[int | None]) -> Sequence[tuple[int, Stream]]:
        """The streams that are linked to these targets, each beside the target's id."""
        rows = await self._session.exec(
            select(StreamTarget.target_id, Stream)
            .join(Stream, col(Stream.id) == StreamTarget.stream_id)
            .where(col(StreamTarget.target_id).in_(target_ids))
        )
        return rows.all()

    async def existing(self, target_ids: Collection[int | None]) -> set[int]:
        """Those of the ids that were not deleted."""
        rows = await self._session.exec(select(Target.id).where(col(Target.id).in_(target_ids)))
        return {target_id for target_id in rows if target_id is not None}

    async def public_urls(self) -> Sequence[str]:
        """The URL of every target, of every guild, that is not on this machine."""
        return (await self._session.exec(select(Target.url).where(col(Target.kind) != TargetKind.LOCAL))).all()

    async def remove(self, target: Target) -> None:
        """Deletes a target and its key."""
        await self._session.exec(delete(Target).where(col(Target.id) == target.id))

    async def forget_guilds(self, guild_ids: Collection[int]) -> int:
        """Deletes all targets of these guilds; gives how many there were."""
        return (await self._session.exec(delete(Target).where(col(Target.guild_id).in_(guild_ids)))).rowcount
