"""Panels: where each is kept, and the streams somebody keeps an eye on, as they change."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.control.desk import Desk
from streaming.control.limits import check_panels
from streaming.control.status import StreamStatus, read_statuses
from streaming.control.streams import Actor, note, stream_meant
from streaming.model.errors import NotFound
from streaming.model.states import LogLevel
from streaming.storage.change_feed import Changes
from streaming.storage.locks import Lock, exclusive
from streaming.storage.panels import PanelStore, PlacedPanelStore
from streaming.storage.streams import StreamStore
from streaming.storage.tables import Panel, StreamLog

_RECHECK_SECONDS = 2.0
"""An engine that falls silent commits nothing that could wake us."""
_COALESCED_SECONDS = 0.3
"""Changes come in bursts; one look takes in all of them."""
_LOOK_EVERY_SECONDS = 0.1
_READ_AT_ONCE = 100
"""More streams are read in several steps, between which others get their turn."""


@dataclass(frozen=True, slots=True)
class PanelPlace:
    """Where a panel is kept; without a message it is to be posted."""

    channel_id: int
    message_id: int | None
    posted_at: datetime | None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Watched:
    """A stream that is to be on air, has a panel, or has an incident that is not over."""

    guild_id: int
    status: StreamStatus
    panel: PanelPlace | None


class PanelControl(Desk):
    """What may be asked of panels, and what their keeper asks."""

    async def place_panel(self, actor: Actor, stream: str, channel_id: int) -> StreamStatus:
        """Wants a stream's panel in a channel, and nowhere else.

        Raises NotFound, NeedsChoice, and WantedStateError where the limit is reached.
        """
        async with self._database.session() as session:
            await exclusive(session, Lock.PANELS, actor.guild_id)
            found = await stream_meant(session, actor.guild_id, stream)
            assert found.id is not None
            await check_panels(session, actor.guild_id, found.id, self._limits)
            asked_at = datetime.now(UTC)
            panel = Panel(stream_id=found.id, guild_id=actor.guild_id, channel_id=channel_id, posted_at=asked_at)
            await session.merge(panel)
            await note(session, found, f"{actor.name} put its panel in <#{channel_id}>.", actor)
            await session.commit()
            return (await read_statuses(session, [found]))[0]

    async def remove_panel(self, actor: Actor, stream: str) -> str:
        """Wants no panel of a stream any more; returns the stream's title. Raises NotFound, NeedsChoice."""
        async with self._database.session() as session:
            found = await stream_meant(session, actor.guild_id, stream)
            if not await PanelStore(session).remove(found.id):
                raise NotFound(f"{found.title!r} has no panel.", hint="Create one with /stream panel.")
            await note(session, found, f"{actor.name} removed its panel.", actor)
            await session.commit()
            return found.title

    async def panel_place(self, stream_id: int) -> PanelPlace | None:
        """Where a stream's panel is to be, as of now."""
        async with self._database.session() as session:
            panel = await session.get(Panel, stream_id)
            return _place(panel) if panel else None

    async def panel_posted(self, stream_id: int, before: PanelPlace, message_id: int) -> PanelPlace | None:
        """Writes down the panel's new message, and gives its place; nothing when it is wanted there no more."""
        posted_at = datetime.now(UTC)
        async with self._database.session() as session:
            is_written = await _placed(session, stream_id, before).write_message(message_id, posted_at)
            await session.commit()
        return PanelPlace(before.channel_id, message_id, posted_at) if is_written else None

    async def panel_in_trouble(self, stream_id: int, place: PanelPlace, trouble: str) -> None:
        """Writes down, and tells the stream's log, why a panel cannot be kept."""
        async with self._database.session() as session:
            await _placed(session, stream_id, place).write_problem(trouble)
            session.add(StreamLog(stream_id=stream_id, level=LogLevel.WARNING, message=trouble))
            await session.commit()

    async def forget_panel(self, stream_id: int, place: PanelPlace, why: str) -> None:
        """Keeps a panel no more that people have deleted, and tells the stream's log."""
        async with self._database.session() as session:
            if await _placed(session, stream_id, place).remove():
                session.add(StreamLog(stream_id=stream_id, message=why))
            await session.commit()

    async def watch(self, leaving: asyncio.Event) -> AsyncGenerator[list[Watched], None]:
        """Yields everything watched, whenever something changed, and every other second in any case.

        Ends by itself once `leaving` is set: a query that is cancelled half-way costs its connection.
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
