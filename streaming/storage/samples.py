"""Samples of health: one row a second for each target of a run."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy
from sqlmodel import col, delete, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.storage.tables import Run, RunTarget, Sample, Target


@dataclass(frozen=True, slots=True)
class HealthPoint:
    """One step of a target's health; averages unless a field says otherwise."""

    at: datetime
    speed: float
    bitrate_kbps: float
    lead_seconds: float
    is_slate: bool
    """Whether the slate was on air at any time."""
    reconnects: int
    """How often the target was reconnected to by then; each run counts anew."""


@dataclass(frozen=True, slots=True)
class SampledTarget:
    """A target and the runs in which it was sampled."""

    target_id: int
    name: str
    run_ids: frozenset[int]


class SampleStore:
    """Reads and deletes samples in the transaction of a session."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def newest(self, run_ids: Sequence[int | None]) -> Sequence[Sample]:
        """The newest sample of each target of these runs, the slowest first."""
        # One look-up per target at the end of its part of the index: a run has up to 86,400 samples a target.
        last = (
            select(Sample.id)
            .where(Sample.run_id == RunTarget.run_id, Sample.target_id == RunTarget.target_id)
            .order_by(col(Sample.taken_at).desc())
            .limit(1)
            .correlate(RunTarget)
            .scalar_subquery()
        )
        newest = select(last).where(col(RunTarget.run_id).in_(run_ids))
        samples = select(Sample).where(col(Sample.id).in_(newest)).order_by(col(Sample.speed))
        return (await self._session.exec(samples)).all()

    async def targets(self, stream_id: int, since: datetime) -> list[SampledTarget]:
        """The targets a stream was on since then, by name."""
        rows = await self._session.exec(
            select(RunTarget.run_id, Target)
            .join(Run, col(Run.id) == RunTarget.run_id)
            .join(Target, col(Target.id) == RunTarget.target_id)
            .where(Run.stream_id == stream_id, col(Run.ended_at).is_(None) | (col(Run.ended_at) >= since))
            .order_by(Target.name)
        )
        runs: dict[int, set[int]] = {}
        names: dict[int, str] = {}
        for run_id, target in rows:
            assert target.id is not None
            runs.setdefault(target.id, set()).add(run_id)
            names[target.id] = target.name
        return [SampledTarget(id_, name, frozenset(runs[id_])) for id_, name in names.items()]

    async def points(
        self, run_ids: Collection[int], target_id: int, since: datetime, step: timedelta
    ) -> tuple[HealthPoint, ...]:
        """A target's samples, grouped into steps by the database: a day has 86,400."""
        seconds = int(step.total_seconds())
        number = sqlalchemy.cast(sqlalchemy.extract("epoch", col(Sample.taken_at)), sqlalchemy.Integer) // seconds
        is_slate = sqlalchemy.cast(Sample.is_slate, sqlalchemy.Integer)
        connection = await self._session.connection()
        rows = await connection.execute(
            sqlalchemy.select(
                number.label("number"),
                func.avg(Sample.speed),
                func.avg(Sample.bitrate_kbps),
                func.avg(Sample.lead_seconds),
                func.max(is_slate) > 0,
                func.max(Sample.reconnects),
            )
            .where(col(Sample.run_id).in_(run_ids), col(Sample.target_id) == target_id, col(Sample.taken_at) >= since)
            .group_by("number")
            .order_by("number")
        )
        return tuple(HealthPoint(datetime.fromtimestamp(row[0] * seconds, UTC), *row[1:]) for row in rows)

    async def forget(self, taken_before: datetime, limit: int) -> None:
        """Deletes old samples, of the `limit` oldest at most; ids ascend with time."""
        first = select(Sample.id, Sample.taken_at).order_by(col(Sample.id)).limit(limit).subquery()
        old = select(first.c.id).where(first.c.taken_at < taken_before)
        await self._session.exec(delete(Sample).where(col(Sample.id).in_(old)))
