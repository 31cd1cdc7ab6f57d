"""Incidents: opened, told of in one message, taken up again when they come back, and closed with what they cost."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.control.desk import Desk
from streaming.storage.incidents import IncidentStore
from streaming.storage.runs import RunStore
from streaming.storage.tables import GuildSettings, Incident, Panel, Stream

TAKEN_UP_WITHIN = timedelta(minutes=10)
"""Trouble that comes back so soon after its end is the same incident."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What viewers did not get: how long the slate was on, and what the target that missed most has missed."""

    slate_seconds: float
    missed_seconds: float


@dataclass(frozen=True, slots=True)
class IncidentStory:
    """An incident as its message tells it; what it cost counts from its beginning to now, or to its end."""

    incident_id: int
    stream_id: int
    guild_id: int
    title: str
    channel_id: int
    message_id: int | None
    what: str
    opened_at: datetime
    ended_at: datetime | None
    times: int
    cost: Cost


class IncidentControl(Desk):
    """What is asked by whoever tells of incidents."""

    async def open_incidents(self) -> list[IncidentStory]:
        """Every incident that is not over."""
        async with self._database.session() as session:
            return [await _story(session, incident) for incident in await IncidentStore(session).open()]

    async def cost_so_far(self, stream_id: int) -> Cost:
        """What a stream's viewers did not get, over all its runs."""
        async with self._database.session() as session:
            return await _cost(session, stream_id)

    async def open_incident(
        self, stream_id: int, what: str, began_at: datetime, cost_before: Cost
    ) -> IncidentStory | None:
        """Writes down that trouble began, or is back; gives nothing where there is no channel to tell of it."""
        async with self._database.session() as session:
            stream = await session.get(Stream, stream_id)
            channel_id = await _alerts_channel(session, stream) if stream else None
            if stream is None or channel_id is None:
                return None
            incident = await _recent(session, stream_id, channel_id)
            if incident:
                incident.ended_at, incident.description, incident.times = None, what, incident.times + 1
            else:
                incident = Incident(
                    stream_id=stream_id,
                    guild_id=stream.guild_id,
                    channel_id=channel_id,
                    description=what,
                    opened_at=began_at,
                    slate_seconds_before=cost_before.slate_seconds,
                    missed_seconds_before=cost_before.missed_seconds,
                )
            session.add(incident)
            await session.commit()
            return await _story(session, incident)

    async def incident_story(self, incident_id: int) -> IncidentStory | None:
        """How an incident stands; nothing when its stream was deleted."""
        return await self._change(incident_id)

    async def incident_is_about(self, incident_id: int, what: str) -> IncidentStory | None:
        """Writes down what is the matter now."""
        return await self._change(incident_id, description=what)

    async def incident_told(self, incident_id: int, message_id: int) -> IncidentStory | None:
        """Writes down the message that tells of an incident."""
        return await self._change(incident_id, message_id=message_id)

    async def end_incident(self, incident_id: int, ended_at: datetime) -> None:
        """Writes down that it is over."""
        await self._change(incident_id, ended_at=ended_at)

    async def _change(self, incident_id: int, **values: object) -> IncidentStory | None:
        async with self._database.session() as session:
            incident = await session.get(Incident, incident_id)
            if incident is None:
                return None
            for name, value in values.items():
                setattr(incident, name, value)
            await session.commit()
            return await _story(session, incident)


async def _alerts_channel(session: AsyncSession, stream: Stream) -> int | None:
    settings = await session.get(GuildSettings, stream.guild_id)
    if settings and settings.alerts_channel_id:
        return settings.alerts_channel_id
    panel = await session.get(Panel, stream.id)
    return panel.channel_id if panel else None


async def _recent(session: AsyncSession, stream_id: int, channel_id: int) -> Incident | None:
    """The stream's last incident, when it has hardly ended and was told of in the same channel."""
    incident = await IncidentStore(session).last(stream_id)
    if incident is None or incident.channel_id != channel_id:
        return None
    is_recent = incident.ended_at is None or incident.ended_at > datetime.now(UTC) - TAKEN_UP_WITHIN
    return incident if is_recent else None


async def _cost(session: AsyncSession, stream_id: int) -> Cost:
    losses = await RunStore(session).losses(stream_id)
    return Cost(losses.slate_seconds, losses.missed_seconds)


async def _story(session: AsyncSession, incident: Incident) -> IncidentStory:
    stream = await session.get_one(Stream, incident.stream_id)
    cost = await _cost(session, incident.stream_id)
    assert incident.id is not None
    return IncidentStory(
        incident_id=incident.id,
        stream_id=incident.stream_id,
        guild_id=incident.guild_id,
        title=stream.title,
        channel_id=incident.channel_id,
        message_id=incident.message_id,
        what=incident.description,
        opened_at=incident.opened_at,
        ended_at=incident.ended_at,
        times=incident.times,
        cost=Cost(
            max(0.0, cost.slate_seconds - incident.slate_seconds_before),
            max(0.0, cost.missed_seconds - incident.missed_seconds_before),
        ),
    )
