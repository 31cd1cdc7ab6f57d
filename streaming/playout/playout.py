"""A playout: one stream on air, from its lineup to its uplinks.

Three things run side by side: the playlist is listed, the sequencer writes the program, and every uplink sends the
program to its target. Sequencer and uplinks are essential, and so is the listing until it has brought something. All
other tasks are auxiliary: their failure ends nothing.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from streaming.ffmpeg.stderr import is_consequence
from streaming.input.loader import ItemLoader, Tools
from streaming.lineup.lineup import Lineup
from streaming.lineup.reader import LineupReader
from streaming.lineup.relisting import SCHEDULE, Relister, Schedule
from streaming.model.backoff import Backoff
from streaming.model.errors import NonstopError
from streaming.model.events import PlayoutEvents
from streaming.model.items import Item, Playlist
from streaming.model.message import NOTHING, Message
from streaming.model.states import LogLevel, RunStatus, UplinkState
from streaming.output.uplink import Destination, Uplink
from streaming.playout.cuer import Cuer
from streaming.playout.detection import LIMITS, Limits
from streaming.playout.fallback import Fallback
from streaming.playout.health import HealthMonitor
from streaming.playout.log_deduplicator import LogDeduplicator
from streaming.playout.messages import Controls, Tasks
from streaming.playout.order import PlayOrder
from streaming.playout.outage import PlatformOutage
from streaming.playout.plan import Plan
from streaming.playout.playlist_reader import PlaylistReader
from streaming.playout.sequencer import Sequencer
from streaming.playout.slate_maker import SlateMaker
from streaming.playout.snapshot import QueuePart, Snapshot, TargetSnapshot
from streaming.playout.transport import Transport
from streaming.playout.uplinks import UplinkGroup
from streaming.process.supervision import RestartPolicy, Supervisor
from streaming.redaction.secrets import redact
from streaming.timeline.program import Program
from streaming.timeline.splice import Airing
from streaming.timeline.writer import ProgramWriter

_ESSENTIAL = RestartPolicy(Backoff(first_seconds=0.5, cap_seconds=8.0), limit=5)
"""A part is restarted this often, within about six seconds, before the whole run is."""
_MOST_URLS = 50
"""So many addresses of targets are masked in FFmpeg's lines: the present ones, and those before edits."""


class Playout:
    """Plays one lineup to its targets. `run()` ends when the lineup does; cancel it to take the stream off the air."""

    def __init__(
        self,
        plan: Plan,
        playlist: Playlist,
        tools: Tools,
        folder: Path,
        events: PlayoutEvents,
        *,
        limits: Limits = LIMITS,
        schedule: Schedule = SCHEDULE,
    ) -> None:
        """`folder` is for sockets and lists; `events` is called from this event loop."""
        self._plan = plan
        self._tools = tools
        self._playlist = playlist
        self._events = events
        self._urls = [destination.url for destination in plan.destinations]
        self._ffmpeg_log = LogDeduplicator(
            redact=lambda line: redact(line, *self._urls), write=events.log, clock=time.monotonic
        )
        order = self._order = PlayOrder(_resumed_lineup(plan))
        self._lineup: LineupReader = order.lineup
        self._program = Program(lead_seconds=plan.lead_seconds)
        self._outage = PlatformOutage(events)
        self._supervisor = Supervisor(lambda sentence: events.log(LogLevel.ERROR, sentence), essential=_ESSENTIAL)
        self._reader = PlaylistReader(
            playlist, order, self._outage, self._supervisor, events, was_listed_before=bool(plan.cursor)
        )
        loader = ItemLoader(playlist, tools, encode=plan.encode, profile=plan.profile, on_error_line=self._log_ffmpeg)
        cuer = self._make_cuer(loader)
        self._slates = SlateMaker(tools.ffmpeg, plan.profile, plan.title, self._lineup, events)
        writer = ProgramWriter(self._program)
        self._fallback = Fallback(writer, cue_rerun=cuer.rerun, draw_slate=self._slates.draw, events=events)
        self._sequencer = Sequencer(
            writer, self._fallback, cuer, inspector=loader.inspector, item_started=self._item_started, events=events
        )
        self.transport = Transport(order, self._sequencer, cuer, self._program, events)
        self._relister = Relister(
            playlist,
            self._lineup,
            follow=self.transport.follow,
            events=events,
            random=random.Random(),
            schedule=schedule,
        )
        uplinks = [self._make_uplink(destination, folder) for destination in plan.destinations]
        self._uplinks = UplinkGroup(uplinks, self._supervisor)
        self._health = HealthMonitor(self._program, self._sequencer, uplinks, events=events, limits=limits)
        self._items_played = self._last_play_id = 0
        self._on_air_since: datetime | None = None

    def _make_cuer(self, loader: ItemLoader) -> Cuer:
        return Cuer(
            self._playlist,
            self._order,
            loader,
            self._outage,
            wait_for_more=self._reader.wait_for_more,
            events=self._events,
            resume_seconds=self._plan.position_seconds if self._lineup.present else None,
        )

    def _make_uplink(self, destination: Destination, folder: Path) -> Uplink:
        own_folder = folder / str(destination.target_id)
        own_folder.mkdir(parents=True, exist_ok=True)
        return Uplink(
            self._tools.ffmpeg,
            destination,
            self._program,
            own_folder,
            on_error_line=self._log_ffmpeg,
            on_change=self._events.changed,
            ca_file=self._tools.ingest_ca_file,
            egress=self._tools.egress,
        )

    async def run(self) -> None:
        """Plays until the lineup has ended and every target has it.

        Raises PlaylistError when it cannot be listed or holds nothing that can be played, ConfigurationError without
        a target. Raises anything else only when an essential part cannot be kept running: another run may.
        """
        try:
            async with asyncio.TaskGroup() as group:
                background = [
                    group.create_task(self._reader.run(), name="list"),
                    *(group.create_task(self._supervisor.auxiliary(*each), name=each[0]) for each in self._auxiliary),
                ]
                uplinks = group.create_task(self._uplinks.run(), name="uplinks")
                await group.create_task(self._play(), name="sequencer")
                await asyncio.wait([uplinks])
                for task in background:
                    task.cancel()
        except* NonstopError as errors:
            first = errors.exceptions[0]
        else:
            return
        finally:
            self._tools.encode_slot.release()
            self._ffmpeg_log.flush()
        raise first

    @property
    def _auxiliary(self) -> tuple[tuple[Message, Callable[[], Awaitable[None]]], ...]:
        """The auxiliary tasks, by the names under which their failures are logged."""
        return (
            (Tasks.REPORT(), self._follow),
            (Tasks.SLATE(), self._prepare_slate),
            (Tasks.HEALTH_MONITOR(), self._health.run),
            (Tasks.RELISTING(), self._relister.run),
        )

    async def _play(self) -> None:
        """Sequences. After a failure it goes on behind the item that met it, and the publication lasts."""
        await self._supervisor.essential(Tasks.SEQUENCER(), self._sequencer.run, final=(NonstopError,))

    # What happens on air

    def _item_started(self, item: Item) -> int:
        play_number = self._order.item_started(item)
        self._events.changed()
        return play_number

    async def _follow(self) -> None:
        """Reports every change on air when viewers see it."""
        present = None
        while True:
            await self._program.until(lambda p: p.on_air is not present)  # noqa: B023  (waited for before it changes)
            present = self._program.on_air
            if self._on_air_since is None:
                self._on_air_since = datetime.now(UTC)
            if present and present.item and present.play_id != self._last_play_id:
                self._last_play_id = present.play_id
                self._items_played += 1
                self._events.log(LogLevel.INFO, Controls.NOW_PLAYING(title=present.item.title))
                self._events.item_started(present.item)
            self._events.changed()

    async def _prepare_slate(self) -> None:
        """Draws the slate once the stream is on air, so that drawing does not slow its start."""
        await self._program.until(lambda program: program.on_air is not None)
        self._fallback.slate = await self._slates.draw()

    def _log_ffmpeg(self, line: str) -> None:
        """Logs a line of an FFmpeg. An error of one child is no more than a warning about the stream."""
        if is_consequence(line):
            return
        is_error = "[error]" in line or "[fatal]" in line
        self._ffmpeg_log.add(line, LogLevel.WARNING if is_error else LogLevel.INFO)

    def redirect(self, destinations: Iterable[Destination]) -> None:
        """Where its targets are by now; used from the next connection on."""
        destinations = tuple(destinations)
        present = (destination.url for destination in destinations)
        self._urls = list(dict.fromkeys([*present, *self._urls]))[:_MOST_URLS]  # the running FFmpeg has an older one
        self._uplinks.redirect(destinations)

    # Its state

    def queue(self, start: int, count: int) -> QueuePart:
        """At most `count` items of the list from a place on, and the state of the whole list."""
        lineup = self._lineup
        return QueuePart(
            items=tuple(islice(lineup.items(start), count)),
            length=lineup.length,
            list_version=lineup.list_version,
            is_listed=lineup.is_listed,
            title=self._playlist.title,
            removed=lineup.removed,
            upcoming=self.transport.lineup_view().upcoming,
        )

    def snapshot(self) -> Snapshot:
        """The state at this moment."""
        airing, feeding = self._program.on_air, self._sequencer.feeding
        return Snapshot(
            status=self._status,
            reason=self._reason,
            item=airing.item if airing else None,
            position_seconds=self._position_seconds(airing),
            lineup_view=self.transport.lineup_view(),
            is_copy=airing.is_copy if airing else None,
            treatment=airing.treatment if airing else NOTHING,
            urls_expire_at=feeding.source.media.expires_at if feeding else None,
            items_listed=self._lineup.length,
            items_played=self._items_played,
            on_air_since=self._on_air_since,
            rerun_seconds=self._fallback.seconds.rerun,
            slate_seconds=self._fallback.seconds.slate,
            lead_seconds=max(0.0, self._program.ahead_ms / 1000),
            targets=tuple(map(self._target_snapshot, self._uplinks.all)),
        )

    def keyframe(self) -> bytes | None:
        """The newest keyframe sent to viewers, as a Matroska stream of its own; None before there is one."""
        placed = self._program.keyframe
        return b"".join((placed.header.data, *placed.pieces)) if placed else None

    def _position_seconds(self, airing: Airing | None) -> float:
        return airing.offset_seconds + (self._program.sent_ms - airing.start_ms) / 1000 if airing else 0.0

    @property
    def _status(self) -> RunStatus:
        if not self._lineup.length:
            return RunStatus.LISTING
        if self._program.newest is None:
            return RunStatus.RESOLVING
        if self._uplinks.are_ended:
            return RunStatus.ENDED
        if not any(map(self._is_sending, self._uplinks.all)):
            return RunStatus.RECONNECTING if self._on_air_since else RunStatus.CONNECTING
        airing = self._program.on_air
        return RunStatus.SLATE if airing and airing.item is None else RunStatus.ON_AIR

    def _is_sending(self, uplink: Uplink) -> bool:
        """Whether viewers see something: a publication that stands still does not count."""
        return uplink.status.state is UplinkState.LIVE and not self._health.is_stalled(uplink)

    @property
    def _reason(self) -> Message:
        """What is wrong with the stream itself or, while no target is live, with one of them."""
        if self._uplinks.is_any_live:
            return self._health.reason or self._outage.reason
        if self._tools.encode_slot.reason:
            return self._tools.encode_slot.reason
        listing_reason = NOTHING if self._lineup.length else self._reader.reason
        return self._uplinks.reason or self._outage.reason or listing_reason

    def _target_snapshot(self, uplink: Uplink) -> TargetSnapshot:
        return TargetSnapshot(
            uplink.destination.target_id,
            uplink.destination.name,
            replace(uplink.status),
            reason=uplink.status.reason or self._health.reason_of(uplink),
            sent_seconds=uplink.position.sent_ms / 1000,
            missed_seconds=uplink.position.missed_ms / 1000,
        )


def _resumed_lineup(plan: Plan) -> Lineup:
    """The lineup where an earlier run left it, or a new one."""
    return Lineup.resume(
        plan.cursor, loop=plan.is_looped, shuffle=plan.is_shuffled, random=random.Random(), removed=plan.removed
    )
