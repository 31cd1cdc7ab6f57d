"""A playout: one stream on air, from its lineup to its uplinks.

Three things go on side by side: the playlist is listed, the sequencer writes the program, and every uplink sends the
program to its target. Sequencer and uplinks are essential, and so is the listing until it has brought something; all
else is auxiliary, and ends nothing when it fails.
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from streaming.ffmpeg.stderr import is_consequence
from streaming.input.loader import ItemLoader, Tools
from streaming.lineup.lineup import Lineup
from streaming.lineup.occurrences import Numbering
from streaming.lineup.relisting import SCHEDULE, Relister, Schedule
from streaming.model.errors import ConfigurationError, NonstopError, PlatformTrouble, PlaylistError, TransientError
from streaming.model.items import Item, Playlist
from streaming.model.states import LogLevel, RunStatus, UplinkState
from streaming.output.uplink import Destination, Uplink
from streaming.playout.cuer import Cuer
from streaming.playout.detection import LIMITS, Limits
from streaming.playout.fallback import Fallback
from streaming.playout.health import HealthMonitor
from streaming.playout.log_deduplicator import LogDeduplicator
from streaming.playout.outage import PlatformOutage
from streaming.playout.plan import Plan
from streaming.playout.sequencer import Sequencer
from streaming.playout.snapshot import Snapshot, TargetSnapshot
from streaming.playout.transport import Transport
from streaming.process.supervision import GivenUp, RestartPolicy, Supervisor
from streaming.redaction.secrets import redact
from streaming.timeline.program import Program
from streaming.timeline.slate import Slate, render
from streaming.timeline.splice import Airing
from streaming.timeline.writer import ProgramWriter

_log = logging.getLogger(__name__)

_STRAGGLER_SECONDS = 15.0
"""How long a target may still take to the lineup's end after the first one has reached it."""
_ESSENTIAL = RestartPolicy(first_seconds=0.5, longest_seconds=8.0, limit=5)
"""So often a part is begun again, in about ten seconds, before the whole run is."""
_LISTING_RETRY_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)


class Playout:
    """Plays one lineup to its targets. `run()` ends when the lineup does; cancel it to take the stream off the air."""

    def __init__(
        self,
        plan: Plan,
        playlist: Playlist,
        tools: Tools,
        folder: Path,
        *,
        on_log: Callable[[LogLevel, str], None],
        on_change: Callable[[], None],
        limits: Limits = LIMITS,
        schedule: Schedule = SCHEDULE,
    ) -> None:
        """`folder` is for sockets and lists; `on_log` and `on_change` are called from this event loop."""
        self._plan = plan
        self._tools = tools
        self._playlist = playlist
        self._log = on_log
        self._changed = on_change
        urls = [destination.url for destination in plan.destinations]
        self._ffmpeg_log = LogDeduplicator(redact=lambda line: redact(line, *urls), write=on_log, clock=time.monotonic)
        order = {"loop": plan.is_looped, "shuffle": plan.is_shuffled}
        self._lineup = Lineup.resume(plan.cursor, **order, random=random.Random(), removed=plan.removed)
        self._is_resuming = self._lineup.present is not None
        self._program = Program(lead_seconds=plan.lead_seconds)
        self._outage = PlatformOutage(on_log)
        self._supervisor = Supervisor(lambda sentence: on_log(LogLevel.ERROR, sentence), essential=_ESSENTIAL)
        loader = ItemLoader(playlist, tools, encode=plan.encode, profile=plan.profile, on_error_line=self._hear)
        cuer = self._make_cuer(loader)
        writer = ProgramWriter(self._program)
        self._fallback = Fallback(writer, cue_rerun=cuer.rerun, draw_slate=self._draw_slate, log=on_log)
        self._sequencer = self._make_sequencer(writer, cuer, loader)
        self.transport = Transport(self._lineup, self._sequencer, cuer, self._program, log=on_log, on_change=on_change)
        self._given_up: set[Uplink] = set()
        self._relister = Relister(
            playlist, self._lineup, follow=self.transport.follow, log=on_log, random=random.Random(), schedule=schedule
        )
        self._uplinks = [self._make_uplink(destination, folder) for destination in plan.destinations]
        self._health = HealthMonitor(
            self._program, self._sequencer, self._uplinks, log=on_log, on_change=on_change, limits=limits
        )
        self._listed = asyncio.Event()
        self._items_played = 0
        self._play_id_logged = 0
        self._listing_trouble = ""
        self._on_air_since: datetime | None = None

    def _make_cuer(self, loader: ItemLoader) -> Cuer:
        return Cuer(
            self._playlist,
            self._lineup,
            loader,
            self._outage,
            more_listed=self._more_listed,
            log=self._log,
            resume_seconds=self._plan.position_seconds if self._is_resuming else None,
        )

    def _make_sequencer(self, writer: ProgramWriter, cuer: Cuer, loader: ItemLoader) -> Sequencer:
        return Sequencer(
            writer,
            self._fallback,
            cuer.next,
            cue_again=cuer.resume,
            inspector=loader.inspector,
            item_started=self._item_started,
            log=self._log,
        )

    async def run(self) -> None:
        """Plays until the lineup has ended and every target has it.

        Raises PlaylistError when it cannot be listed or holds nothing that can be played, ConfigurationError without
        a target. Raises something else only when an essential part cannot be kept at work: another run may.
        """
        if not self._uplinks:
            raise ConfigurationError("None of its targets can be used.", hint="Add them again with /target add.")
        try:
            async with asyncio.TaskGroup() as group:
                background = [
                    group.create_task(self._list(), name="list"),
                    *(group.create_task(self._supervisor.auxiliary(*each), name=each[0]) for each in self._auxiliary),
                ]
                uplinks = [group.create_task(self._publish(uplink), name="uplink") for uplink in self._uplinks]
                await group.create_task(self._play(), name="sequencer")
                await asyncio.wait(uplinks, return_when=asyncio.FIRST_COMPLETED)
                await self._wait_for_stragglers(uplinks)
                for task in (*uplinks, *background):
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
    def _auxiliary(self) -> tuple[tuple[str, Callable[[], Awaitable[None]]], ...]:
        """What goes on beside, and is called so when it fails."""
        return (
            ("The account of what is on air", self._follow),
            ("The drawing of the slate", self._prepare_slate),
            ("The watch", self._health.run),
            ("The reading of the list again", self._relister.run),
        )

    async def _play(self) -> None:
        """Sequences; after a failure it goes on behind the item that met it, and the publication lasts."""
        await self._supervisor.essential("The sequencer", self._sequencer.run, final=(NonstopError,))

    async def _publish(self, uplink: Uplink) -> None:
        """Keeps one uplink at work; when none can be, that ends the run."""
        while True:
            try:
                return await self._supervisor.essential(f"The uplink to {uplink.destination.name}", uplink.run)
            except GivenUp:
                self._given_up.add(uplink)
                if not any(map(self._may_work, self._uplinks)):
                    raise

    def _may_work(self, uplink: Uplink) -> bool:
        return uplink not in self._given_up or uplink.status.state is UplinkState.LIVE

    async def _wait_for_stragglers(self, tasks: list[asyncio.Task[None]]) -> None:
        """Lets the other targets come to the end too, unless they refuse to take anything."""
        behind = [
            task
            for task, uplink in zip(tasks, self._uplinks, strict=True)
            if uplink.status.state is not UplinkState.REFUSED
        ]
        await asyncio.wait(behind, timeout=_STRAGGLER_SECONDS)

    def items(self, start: int = 0) -> list[Item]:
        """The list from a place on, as far as it is known."""
        return list(self._lineup.items(start))

    @property
    def removed(self) -> frozenset[str]:
        """The entries of the list that are not played any more."""
        return self._lineup.removed

    @property
    def list_version(self) -> int:
        """How often the list has been taken anew."""
        return self._lineup.list_version

    @property
    def is_listed(self) -> bool:
        """Whether the list is known to its end."""
        return self._lineup.is_listed

    @property
    def playlist_title(self) -> str:
        """What the playlist is called, as far as that is known."""
        return self._playlist.title

    def snapshot(self) -> Snapshot:
        """How things stand."""
        airing, feeding = self._program.on_air, self._sequencer.feeding
        return Snapshot(
            status=self._status,
            reason=self._reason,
            item=airing.item if airing else None,
            position_seconds=self._position_seconds(airing),
            lineup_view=self.transport.lineup_view(),
            is_copy=airing.is_copy if airing else None,
            treatment=airing.treatment if airing else "",
            urls_expire_at=feeding.source.media.expires_at if feeding else None,
            items_listed=self._lineup.length,
            items_played=self._items_played,
            on_air_since=self._on_air_since,
            rerun_seconds=self._fallback.seconds.rerun,
            slate_seconds=self._fallback.seconds.slate,
            lead_seconds=max(0.0, self._program.ahead_ms / 1000),
            targets=tuple(map(self._target_snapshot, self._uplinks)),
        )

    def keyframe(self) -> bytes | None:
        """The newest keyframe viewers have been sent, as a Matroska stream of its own; None before there is one."""
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
        if all(uplink.status.state is UplinkState.ENDED for uplink in self._uplinks):
            return RunStatus.ENDED
        if not any(map(self._is_sending, self._uplinks)):
            return RunStatus.RECONNECTING if self._on_air_since else RunStatus.CONNECTING
        airing = self._program.on_air
        return RunStatus.SLATE if airing and airing.item is None else RunStatus.ON_AIR

    def _is_sending(self, uplink: Uplink) -> bool:
        """Whether viewers get to see something: a publication that stands still is none."""
        return uplink.status.state is UplinkState.LIVE and not self._health.is_stalled(uplink)

    @property
    def _reason(self) -> str:
        """What is the matter with the stream itself; when no target is live, what one of them says."""
        if any(uplink.status.state is UplinkState.LIVE for uplink in self._uplinks):
            return self._health.reason or self._outage.reason
        if self._tools.encode_slot.reason:
            return self._tools.encode_slot.reason
        told = (uplink.status.reason for uplink in self._uplinks if uplink.status.reason)
        return next(told, self._outage.reason or ("" if self._lineup.length else self._listing_trouble))

    def _target_snapshot(self, uplink: Uplink) -> TargetSnapshot:
        position, reason = uplink.position, uplink.status.reason or self._health.reason_of(uplink)
        return TargetSnapshot(
            uplink.destination, uplink.status, reason, position.sent_ms / 1000, position.missed_ms / 1000
        )

    def _make_uplink(self, destination: Destination, folder: Path) -> Uplink:
        own_folder = folder / str(destination.target_id)
        own_folder.mkdir(parents=True, exist_ok=True)
        return Uplink(
            self._tools.ffmpeg,
            destination,
            self._program,
            own_folder,
            on_error_line=self._hear,
            on_change=self._changed,
            ca_file=self._tools.ingest_ca_file,
            egress=self._tools.egress,
        )

    async def _list(self) -> None:
        """Brings the playlist's items into the lineup, however often the listing breaks off.

        It is given up only when there never was anything to play; what is known plays on.
        """
        try:
            await self._supervisor.essential("The listing", self._read_list, final=(NonstopError,))
        except (GivenUp, PlaylistError):
            if not self._lineup.length:
                raise
            self._log(LogLevel.WARNING, "The playlist cannot be read to its end; what is known of it plays on.")
        self._lineup.listing_ended()
        self._listed.set()
        if not self._lineup.length:
            raise PlaylistError("This playlist is empty.", hint="Add videos to it, or name another one.")
        self._log(LogLevel.INFO, f"Listed {self._lineup.length} items.")

    async def _read_list(self) -> None:
        pauses = iter(_LISTING_RETRY_SECONDS)
        while error := await self._list_once():
            pause_seconds = next(pauses, None)
            is_broken = isinstance(error, PlaylistError) and bool(self._lineup.length)
            if pause_seconds is None and (is_broken or not self._was_ever_listed):
                raise error
            await asyncio.sleep(pause_seconds or _LISTING_RETRY_SECONDS[-1])

    @property
    def _was_ever_listed(self) -> bool:
        """Whether there is, or was before this run, something to play."""
        return bool(self._lineup.length or self._plan.cursor)

    async def _list_once(self) -> NonstopError | None:
        """Adds what is listed, and gives what broke the listing off, if anything did."""
        try:
            numbering = Numbering()
            async for item in self._playlist.items():
                self._lineup.add([numbering.numbered(item)])
                self._listed.set()
        except PlatformTrouble as trouble:
            self._outage.begin(trouble)
            return trouble
        except PlaylistError as error:  # what could be listed a moment ago is most likely still there
            if not self._was_ever_listed:
                raise
            return self._not_listed(error)
        except TransientError as error:
            return self._not_listed(error)
        self._outage.end()
        self._listing_trouble = ""
        return None

    def _not_listed(self, error: NonstopError) -> NonstopError:
        """Tells of it once."""
        if error.message != self._listing_trouble:
            self._listing_trouble = error.message
            self._log(LogLevel.WARNING, f"The playlist cannot be listed now: {error}")
        return error

    def _hear(self, line: str) -> None:
        """Takes a line of FFmpeg's; an error of one child is no more than a warning about the stream."""
        if is_consequence(line):
            return
        is_error = "[error]" in line or "[fatal]" in line
        self._ffmpeg_log.add(line, LogLevel.WARNING if is_error else LogLevel.INFO)

    async def _more_listed(self) -> None:
        self._listed.clear()
        await self._listed.wait()

    def _item_started(self, item: Item) -> int:
        present = self._lineup.present
        is_resumed = self._is_resuming and present is not None and item.entry == present.entry
        self._is_resuming = False
        if not is_resumed:
            self._lineup.advance()
        self._changed()
        return self._lineup.play_number

    async def _follow(self) -> None:
        """Tells of every change on air, as viewers get to see it."""
        present = None
        while True:
            await self._program.until(lambda p: p.on_air is not present)  # noqa: B023  (waited for before it changes)
            present = self._program.on_air
            if self._on_air_since is None:
                self._on_air_since = datetime.now(UTC)
            if present and present.item and present.play_id != self._play_id_logged:
                self._play_id_logged = present.play_id
                self._items_played += 1
                self._log(LogLevel.INFO, f"Now playing “{present.item.title}”.")
            self._changed()

    async def _prepare_slate(self) -> None:
        """Draws the slate once the stream is on air, so that its start is not slowed."""
        await self._program.until(lambda program: program.on_air is not None)
        self._fallback.slate = await self._draw_slate()

    async def _draw_slate(self) -> Slate | None:
        """The slate as it is to be now: with the title and what is up next, without text when that cannot be drawn."""
        upcoming = self._lineup.upcoming()
        for title in (self._plan.title, ""):
            try:
                return await render(self._tools.ffmpeg, self._plan.profile, title, upcoming.title if upcoming else "")
            except ConfigurationError as error:
                self._log(LogLevel.WARNING, f"The slate cannot be drawn: {error}")
            except Exception as error:  # noqa: BLE001  (the stream goes on without)
                _log.warning("The slate cannot be drawn", exc_info=error)
                self._log(LogLevel.WARNING, f"The slate cannot be drawn{' with its text' if title else ''}.")
        return None
