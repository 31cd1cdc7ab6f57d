"""`python -m streaming play`: one lineup in the foreground, shown live on a terminal and in plain lines elsewhere."""

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from streaming.ffmpeg import binary
from streaming.ffmpeg.inputs import memory_limit_mb
from streaming.ingest.local import LocalIngest
from streaming.input.loader import Tools
from streaming.model.errors import ServiceUnavailable, TargetRefused, UsageError
from streaming.model.items import Item, Playlist
from streaming.model.message import Message
from streaming.model.profiles import Profile
from streaming.model.states import EncodeMode, LogLevel, RunStatus, UplinkState
from streaming.model.text import visible_signs
from streaming.output.uplink import Destination
from streaming.playlists.registry import Playlists
from streaming.playout.plan import Plan
from streaming.playout.playout import Playout
from streaming.playout.snapshot import Snapshot
from streaming.process.runtime_dir import working_folder
from streaming.redaction.secrets import Secret, redact
from streaming.settings import Settings
from streaming.sources.server import SourceServer

_REFRESH_SECONDS = 0.5
_FIRST_CONTACT_SECONDS = 10.0
"""When no ingest accepts anything for this long, the command is wrong: it is no passing fault."""
_BAR_WIDTH = 28


@dataclass(frozen=True, slots=True)
class PlayRequest:
    """What the command line asks for."""

    references: tuple[str, ...]
    targets: tuple[str, ...]
    encode: EncodeMode
    profile: Profile
    is_shuffled: bool = False
    is_looped: bool = False


async def play(settings: Settings, request: PlayRequest) -> int:
    """Plays to the end of the lineup; without a target, to an ingest on this machine that records.

    Raises PlaylistError, UsageError, ConfigurationError, and TargetRefused or ServiceUnavailable when no target could
    be reached at all.
    """
    streaming = settings.streaming
    async with AsyncExitStack() as stack:
        ffmpeg = binary.find(streaming)
        folder = stack.enter_context(working_folder(streaming.temp_dir))
        sources = await stack.enter_async_context(SourceServer(settings.youtube))
        playlists = await stack.enter_async_context(Playlists(settings, ffmpeg))
        playlist = await playlists.open_any(request.references)
        ingest = None if request.targets else await stack.enter_async_context(LocalIngest(settings))
        plan = Plan(
            title=playlist.title or playlist.reference,
            destinations=_destinations(request.targets, ingest),
            profile=request.profile,
            encode=request.encode,
            is_looped=request.is_looped,
            is_shuffled=request.is_shuffled,
            lead_seconds=streaming.lead_seconds,
        )
        tools = Tools(
            ffmpeg,
            sources,
            streaming.operation_timeout_seconds,
            memory_limit_mb(streaming.feeder_memory_mb),
            streaming.ingest_ca_file,
        )
        display = Display(playlist)
        playout = Playout(plan, playlist, tools, folder, display)
        try:
            await display.show(playout)
        finally:
            display.sum_up(playout.snapshot())
        if ingest:
            await ingest.close()
            display.say(f"The local ingest received {_received(ingest)}")
    return 0


def _destinations(targets: tuple[str, ...], ingest: LocalIngest | None) -> tuple[Destination, ...]:
    if ingest:
        return (Destination(0, "local ingest", Secret(f"{ingest.url}/{ingest.key.reveal()}")),)
    for url in targets:
        if not url.startswith(("rtmp://", "rtmps://")):
            raise UsageError(
                Message("A --to is not the URL of an ingest."), hint=Message("It looks like rtmp://HOST/APP/KEY.")
            )
    return tuple(Destination(number, redact(url), Secret(url)) for number, url in enumerate(targets, 1))


def _received(ingest: LocalIngest) -> str:
    report = ingest.report()
    return (
        f"{report.seconds:.1f} s of {report.width}×{report.height} in {report.sessions} publication"
        f"{'' if report.sessions == 1 else 's'}; longest gap {report.longest_gap_seconds * 1000:.0f} ms."
    )


class Display:
    """Shows a playout: a live line on a terminal, plain lines elsewhere."""

    def __init__(self, playlist: Playlist) -> None:
        self._console = Console(stderr=False, highlight=False, soft_wrap=True)
        self._playlist = playlist
        self._began = time.monotonic()
        self._printed = ""
        self._gives_up_at: float | None = None
        self._changed = asyncio.Event()

    def log(self, level: LogLevel, message: Message) -> None:
        """Prints a line of the stream's log."""
        style = {LogLevel.INFO: "", LogLevel.WARNING: "yellow", LogLevel.ERROR: "red"}[level]
        self._console.print(Text(f"{self._clock}  {visible_signs(message)}", style=style))

    def say(self, sentence: str) -> None:
        """Prints a sentence about the command itself."""
        self._console.print(Text(f"{self._clock}  {visible_signs(sentence)}"))

    def changed(self) -> None:
        """Shows the snapshot again at once."""
        self._changed.set()

    def item_started(self, item: Item) -> None:
        """The log says so already."""

    async def show(self, playout: Playout) -> None:
        """Runs the playout and shows it, to its end."""
        playing = asyncio.create_task(playout.run(), name="playout")
        watching = asyncio.create_task(self._watch(playout), name="display")
        try:
            await asyncio.wait([playing, watching], return_when=asyncio.FIRST_COMPLETED)
            for task in (playing, watching):
                if task.done():
                    task.result()
        finally:
            for task in (playing, watching):
                task.cancel()
            await asyncio.wait([playing, watching])

    def sum_up(self, snapshot: Snapshot) -> None:
        """Prints what was played and sent."""
        for target in snapshot.targets:
            again = f", {target.status.reconnects} reconnects" if target.status.reconnects else ""
            self.say(f"{target.name}: {target.sent_seconds:.1f} s sent, {snapshot.items_played} items{again}.")

    async def _watch(self, playout: Playout) -> None:
        """Shows snapshots. Raises TargetRefused or ServiceUnavailable when no target can be reached at all."""
        with Live(console=self._console, auto_refresh=False, transient=True) as live:
            while True:
                snapshot = playout.snapshot()
                self._print_status(snapshot)
                if self._console.is_terminal:
                    live.update(_live_line(snapshot), refresh=True)
                self._check_first_contact(snapshot)
                try:
                    async with asyncio.timeout(_REFRESH_SECONDS):
                        await self._changed.wait()
                except TimeoutError:
                    continue
                self._changed.clear()

    def _print_status(self, snapshot: Snapshot) -> None:
        stage = snapshot.status.value.replace("_", " ")
        if stage != self._printed:
            self._printed = stage
            reason = f": {snapshot.reason}" if snapshot.reason else ""
            self.say(f"{stage.capitalize()}{reason}")

    def _check_first_contact(self, snapshot: Snapshot) -> None:
        if snapshot.on_air_since or not snapshot.targets or snapshot.status is not RunStatus.CONNECTING:
            return
        if all(target.status.state is UplinkState.REFUSED for target in snapshot.targets):
            raise TargetRefused(snapshot.reason)
        now = time.monotonic()
        self._gives_up_at = self._gives_up_at or now + _FIRST_CONTACT_SECONDS
        if now > self._gives_up_at:
            raise ServiceUnavailable(snapshot.reason or Message("The ingest does not answer."))

    @property
    def _clock(self) -> str:
        return f"{time.monotonic() - self._began:7.2f} s"


def _live_line(snapshot: Snapshot) -> Table:
    """The item on air, the position in it, and the state of each target."""
    line = Table.grid(padding=(0, 2))
    duration = snapshot.item.duration_seconds if snapshot.item else None
    title = snapshot.item.title if snapshot.item else snapshot.status.value.replace("_", " ")
    cells = [Text("●", style="red" if snapshot.on_air_since else "dim"), Text(visible_signs(title), style="bold")]
    cells.append(Text(_bar(snapshot.position_seconds, duration), style="cyan"))
    cells.append(Text(f"lead {snapshot.lead_seconds:.0f} s", style="dim"))
    for target in snapshot.targets:
        is_live = target.status.state is UplinkState.LIVE
        speed = target.status.progress.speed if target.status.progress else 0.0
        cells.append(Text(f"{target.status.state} {speed:.2f}×", style="green" if is_live else "yellow"))
    line.add_row(*cells)
    return line


def _bar(position_seconds: float, duration_seconds: float | None) -> str:
    shown = f"{position_seconds // 60:.0f}:{position_seconds % 60:02.0f}"
    if not duration_seconds:
        return shown
    done = round(_BAR_WIDTH * min(1.0, position_seconds / duration_seconds))
    return f"{'━' * done}{'╌' * (_BAR_WIDTH - done)} {shown}"
