"""Health over time: the samples of a stream's targets, gathered into as many points as a chart can show."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.storage.samples import HealthPoint, SampleStore

__all__ = ["HealthHistory", "HealthPoint", "Span", "TargetHealth", "read_targets_health"]


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
    """The samples of every target, grouped into steps."""
    samples = SampleStore(session)
    return [
        TargetHealth(target.name, await samples.points(target.run_ids, target.target_id, since, step))
        for target in await samples.targets(stream_id, since)
    ]
