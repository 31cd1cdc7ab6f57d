"""Health over time: the samples of a stream's targets, grouped into the points of a chart."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.services.lookup import find_stream
from streaming.storage.database import Database
from streaming.storage.samples import HealthPoint, SampleStore

__all__ = ["HealthHistory", "HealthPoint", "HistoryService", "Span", "TargetHealth"]


class Span(StrEnum):
    """The time a history covers."""

    HOUR = "1h"
    DAY = "24h"

    @property
    def length(self) -> timedelta:
        return timedelta(hours=1 if self is Span.HOUR else 24)

    @property
    def step(self) -> timedelta:
        """The time of one point. There are 240, as many as a phone can show."""
        return self.length / 240


@dataclass(frozen=True, slots=True)
class TargetHealth:
    """One target's health. There are no points for times when it was not on air."""

    name: str
    points: tuple[HealthPoint, ...]


@dataclass(frozen=True, slots=True)
class HealthHistory:
    """The health of a stream's targets in the span before `until`."""

    stream_id: int
    title: str
    span: Span
    until: datetime
    targets: tuple[TargetHealth, ...]


class HistoryService:
    """The health of streams over time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def health(self, guild_id: int, stream: str, span: Span) -> HealthHistory:
        """The health of a stream until now. Raises NotFound and NeedsChoice."""
        until = datetime.now(UTC)
        async with self._database.session() as session:
            found = await find_stream(session, guild_id, stream)
            assert found.id is not None
            targets = await _targets_health(session, found.id, until - span.length, span.step)
        return HealthHistory(found.id, found.title, span, until, targets)


async def _targets_health(
    session: AsyncSession, stream_id: int, since: datetime, step: timedelta
) -> tuple[TargetHealth, ...]:
    samples = SampleStore(session)
    targets = await samples.targets(stream_id, since)
    return tuple([TargetHealth(t.name, await samples.points(t.run_ids, t.target_id, since, step)) for t in targets])
