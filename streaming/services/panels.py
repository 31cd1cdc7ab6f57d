"""Panels: the message that shows each, and the streams the bot watches to update them."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.model.errors import NotFound
from streaming.model.message import Message
from streaming.model.states import LogLevel
from streaming.services.actor import Actor, log_for_stream
from streaming.services.limits import check_panels
from streaming.services.lookup import find_stream
from streaming.services.messages import Audit, Streams
from streaming.services.status import StreamStatus, read_status, read_statuses
from streaming.settings import LimitsSettings
from streaming.storage.change_feed import Changes
from streaming.storage.database import Database
from streaming.storage.locks import Lock, exclusive
from streaming.storage.panels import PanelStore, PlacedPanelStore
from streaming.storage.streams import StreamStore
from streaming.storage.tables import Panel, StreamLog

_RECHECK_SECONDS = 2.0
"""An engine that falls silent commits nothing, so the watch must look by itself."""
_COALESCED_SECONDS = 0.3
"""Changes come in bursts, which are read as one."""
_LOOK_EVERY_SECONDS = 0.1
_READ_AT_ONCE = 100
"""More streams are read in several steps, so that other tasks run in between."""


@dataclass(frozen=True, slots=True)
class PanelPlace:
    """The place of a panel; a panel without a message is yet to be posted."""

    channel_id: int
    message_id: int | None
    posted_at: datetime | None
    problem: str = ""
    """Why it can no longer be updated."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A stream that is to be on air, has a panel, or has an open incident."""

    guild_id: int
    status: StreamStatus
    panel: PanelPlace | None


class PanelService:
    """The panels of every guild, and the streams they show."""

    def __init__(self, database: Database, limits: LimitsSettings) -> None:
        self._database = database
        self._limits = limits

    async def place(self, actor: Actor, stream: str, channel_id: int) -> StreamStatus:
        """Requests a stream's panel in a channel; it has one panel at most.

        Raises NotFound, NeedsChoice, and WantedStateError where the limit is reached.
        """
        async with self._database.session() as session:
            await exclusive(session, Lock.PANELS, actor.guild_id)
            found = await find_stream(session, actor.guild_id, stream)
            assert found.id is not None
            await check_panels(session, actor.guild_id, found.id, self._limits)
            now = datetime.now(UTC)
            panel = Panel(stream_id=found.id, guild_id=actor.guild_id, channel_id=channel_id, posted_at=now)
            await session.merge(panel)
            line = Audit.PUT_PANEL(person=actor.name, channel=channel_id)
            await log_for_stream(session, found, line, actor)
            await session.commit()
            return await read_status(session, found)

    async def remove(self, actor: Actor, stream: str) -> str:
        """Removes a stream's panel; returns the stream's title. Raises NotFound and NeedsChoice."""
        async with self._database.session() as session:
            found = await find_stream(session, actor.guild_id, stream)
            if not await PanelStore(session).remove(found.id):
                raise NotFound(Streams.WITHOUT_PANEL(stream=found.title), hint=Streams.CREATE_PANEL())
            await log_for_stream(session, found, Audit.REMOVED_PANEL(person=actor.name), actor)
            await session.commit()
            return found.title

    async def find_place(self, stream_id: int) -> PanelPlace | None:
        """The present place of a stream's panel."""
        async with self._database.session() as session:
            panel = await session.get(Panel, stream_id)
            return _place(panel) if panel else None

    async def record_message(self, stream_id: int, before: PanelPlace, message_id: int) -> PanelPlace | None:
        """Records the panel's new message and returns its place; None if another place was requested meanwhile."""
        posted_at = datetime.now(UTC)
        async with self._database.session() as session:
            is_written = await _placed(session, stream_id, before).write_message(message_id, posted_at)
            await session.commit()
        return PanelPlace(before.channel_id, message_id, posted_at) if is_written else None

    async def record_problem(self, stream_id: int, place: PanelPlace, problem: Message) -> None:
        """Records why a panel can no longer be updated, in the stream's log as well."""
        async with self._database.session() as session:
            await _placed(session, stream_id, place).write_problem(problem)
            session.add(StreamLog(stream_id=stream_id, level=LogLevel.WARNING, message=problem))
            await session.commit()

    async def forget(self, stream_id: int, place: PanelPlace, reason: Message) -> None:
        """Forgets a panel whose message people deleted, and adds the reason to the stream's log."""
        async with self._database.session() as session:
            if await _placed(session, stream_id, place).remove():
                session.add(StreamLog(stream_id=stream_id, message=reason))
            await session.commit()

    async def watch(self, leaving: asyncio.Event) -> AsyncGenerator[list[Watched], None]:
        """Yields all watched streams after every change, and at least every other second.

        Ends once `leaving` is set: cancelling it could cost the connection of a query.
        """
        async with self._database.changes() as changes:
            while not leaving.is_set():
                yield await self._database.patiently(self._watched)
                await asyncio.sleep(_COALESCED_SECONDS)
                await self._until_change(changes, leaving)

    async def _until_change(self, changes: Changes, leaving: asyncio.Event) -> None:
        now = asyncio.get_running_loop().time
        until = now() + _RECHECK_SECONDS
        while now() < until and not leaving.is_set() and not await self._database.patiently(changes.seen):
            await asyncio.sleep(_LOOK_EVERY_SECONDS)

    async def _watched(self) -> list[Watched]:
        async with self._database.session() as session:
            panels = {panel.stream_id: _place(panel) for panel in await PanelStore(session).all()}
            streams = await StreamStore(session).to_watch()
            watched: list[Watched] = []
            for first in range(0, len(streams), _READ_AT_ONCE):
                some = streams[first : first + _READ_AT_ONCE]
                statuses = await read_statuses(session, some)
                pairs = zip(some, statuses, strict=True)
                watched += [Watched(s.guild_id, status, panels.get(s.id or 0)) for s, status in pairs]
            return watched


def _placed(session: AsyncSession, stream_id: int, place: PanelPlace) -> PlacedPanelStore:
    return PlacedPanelStore(session, stream_id, place.channel_id, place.posted_at)


def _place(panel: Panel) -> PanelPlace:
    return PanelPlace(panel.channel_id, panel.message_id, panel.posted_at, panel.problem)
