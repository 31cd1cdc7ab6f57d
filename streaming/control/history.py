"""Health over time: the samples of a stream's targets, gathered into as many points as a chart can show."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import sqlalchemy
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.storage.tables import Run, RunTarget, Sample, Target


class Span(StrEnum):
    """How far back a history goes."""

    HOUR = "1h"
    DAY = "24h"

    @property
    def length(self) -> timedelta:
        """The time it covers."""
        return timedelta(hours=1 if self is Span.HOUR else 24)

    @property
    def step(self) -> timedelta:
        """The time one of its points stands for: there are 240, as many as a phone can show."""
        return self.length / 240


@dataclass(frozen=True, slots=True)
class HealthPoint:
    """One step of a target's health; averages, but for what is named otherwise."""

    at: datetime
    speed: float
    bitrate_kbps: float
    lead_seconds: float
    is_slate: bool
    """Whether the slate was on air at any time."""
    reconnects: int
    """Times the target had to be connected to again by then, counted in each run anew."""


@dataclass(frozen=True, slots=True)
class TargetHealth:
    """One target's health; where it was not on air, points are missing."""

    name: str
    points: tuple[HealthPoint, ...]


@dataclass(frozen=True, slots=True)
class HealthHistory:
    """How a stream went in the time up to `until`."""

    stream_id: int
    title: str
    span: Span
    until: datetime
    targets: tuple[TargetHealth, ...]


async def read_targets_health(
    session: AsyncSession, stream_id: int, since: datetime, step: timedelta
) -> list[TargetHealth]:
    """The samples of every target, gathered into steps by the database: a day has 86,400 of each."""
    targets = await session.exec(
        select(RunTarget.run_id, Target)
        .join(Run, col(Run.id) == RunTarget.run_id)
        .join(Target, col(Target.id) == RunTarget.target_id)
        .where(Run.stream_id == stream_id, col(Run.ended_at).is_(None) | (col(Run.ended_at) >= since))
        .order_by(Target.name)
    )
    runs: dict[int, set[int]] = {}
    names: dict[int, str] = {}
    for run_id, target in targets:
        assert target.id is not None
        runs.setdefault(target.id, set()).add(run_id)
        names[target.id] = target.name
    return [TargetHealth(names[id_], await _points(session, runs[id_], id_, since, step)) for id_ in names]


async def _points(
    session: AsyncSession, run_ids: Collection[int], target_id: int, since: datetime, step: timedelta
) -> tuple[HealthPoint, ...]:
    seconds = int(step.total_seconds())
    number = sqlalchemy.cast(sqlalchemy.extract("epoch", col(Sample.taken_at)), sqlalchemy.Integer) // seconds
    is_slate = sqlalchemy.cast(Sample.is_slate, sqlalchemy.Integer)
    connection = await session.connection()
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
