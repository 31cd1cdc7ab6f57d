"""Incidents: trouble of a stream, reported in one message, reopened if it returns soon, and closed with its cost."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.storage.database import Database
from streaming.storage.incidents import IncidentStore
from streaming.storage.runs import RunStore
from streaming.storage.tables import GuildSettings, Incident, Panel, Stream

REOPENED_WITHIN = timedelta(minutes=10)
"""Trouble that returns so soon after its end is the same incident."""


@dataclass(frozen=True, slots=True)
class Cost:
    """The loss of viewers: the time the slate was on, and the media missed at the target that missed most."""

    slate_seconds: float
    missed_seconds: float


@dataclass(frozen=True, slots=True)
class IncidentReport:
    """An incident as its message shows it. The cost counts from its beginning to now, or to its end."""

    incident_id: int
    stream_id: int
    guild_id: int
    title: str
    channel_id: int
    message_id: int | None
    description: str
    opened_at: datetime
    ended_at: datetime | None
    times: int
    cost: Cost


class IncidentService:
    """The incidents of every guild."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all_open(self) -> list[IncidentReport]:
        """Every open incident."""
        async with self._database.session() as session:
            return [await _report(session, incident) for incident in await IncidentStore(session).open()]

    async def cost(self, stream_id: int) -> Cost:
        """The loss over all runs of a stream."""
        async with self._database.session() as session:
            return await _cost(session, stream_id)

    async def open(
        self, stream_id: int, description: str, began_at: datetime, cost_before: Cost
    ) -> IncidentReport | None:
        """Records that trouble began or returned; None if the guild has no channel to report it in."""
        async with self._database.session() as session:
            stream = await session.get(Stream, stream_id)
            channel_id = await _alerts_channel(session, stream) if stream else None
            if stream is None or channel_id is None:
                return None
            incident = await _recent(session, stream_id, channel_id)
            if incident:
                incident.ended_at, incident.description, incident.times = None, description, incident.times + 1
            else:
                incident = Incident(
                    stream_id=stream_id,
                    guild_id=stream.guild_id,
                    channel_id=channel_id,
                    description=description,
                    opened_at=began_at,
                    slate_seconds_before=cost_before.slate_seconds,
                    missed_seconds_before=cost_before.missed_seconds,
                )
            session.add(incident)
            await session.commit()
            return await _report(session, incident)

    async def find(self, incident_id: int) -> IncidentReport | None:
        """The present state of an incident; None if its stream was deleted."""
        return await self._change(incident_id)

    async def describe(self, incident_id: int, description: str) -> IncidentReport | None:
        """Records a new description of the trouble."""
        return await self._change(incident_id, description=description)

    async def record_message(self, incident_id: int, message_id: int) -> IncidentReport | None:
        """Records the message that reports an incident."""
        return await self._change(incident_id, message_id=message_id)

    async def end(self, incident_id: int, ended_at: datetime) -> None:
        """Records that it is over."""
        await self._change(incident_id, ended_at=ended_at)

    async def _change(self, incident_id: int, **values: object) -> IncidentReport | None:
        async with self._database.session() as session:
            incident = await session.get(Incident, incident_id)
            if incident is None:
                return None
            for name, value in values.items():
                setattr(incident, name, value)
            await session.commit()
            return await _report(session, incident)


async def _alerts_channel(session: AsyncSession, stream: Stream) -> int | None:
    settings = await session.get(GuildSettings, stream.guild_id)
    if settings and settings.alerts_channel_id:
        return settings.alerts_channel_id
    panel = await session.get(Panel, stream.id)
    return panel.channel_id if panel else None


async def _recent(session: AsyncSession, stream_id: int, channel_id: int) -> Incident | None:
    """The stream's last incident, if it ended a short time ago and was reported in the same channel."""
    incident = await IncidentStore(session).last(stream_id)
    if incident is None or incident.channel_id != channel_id:
        return None
    is_recent = incident.ended_at is None or incident.ended_at > datetime.now(UTC) - REOPENED_WITHIN
    return incident if is_recent else None


async def _cost(session: AsyncSession, stream_id: int) -> Cost:
    losses = await RunStore(session).losses(stream_id)
    return Cost(losses.slate_seconds, losses.missed_seconds)


async def _report(session: AsyncSession, incident: Incident) -> IncidentReport:
    stream = await session.get_one(Stream, incident.stream_id)
    cost = await _cost(session, incident.stream_id)
    assert incident.id is not None
    return IncidentReport(
        incident_id=incident.id,
        stream_id=incident.stream_id,
        guild_id=incident.guild_id,
        title=stream.title,
        channel_id=incident.channel_id,
        message_id=incident.message_id,
        description=incident.description,
        opened_at=incident.opened_at,
        ended_at=incident.ended_at,
        times=incident.times,
        cost=Cost(
            max(0.0, cost.slate_seconds - incident.slate_seconds_before),
            max(0.0, cost.missed_seconds - incident.missed_seconds_before),
        ),
    )
