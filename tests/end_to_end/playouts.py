"""Playouts for tests: real FFmpeg, real sources, files as items, and the ingest stand-in at the other end."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import imageio_ffmpeg

from streaming.input.loader import Tools
from streaming.lineup.relisting import SCHEDULE, Schedule
from streaming.model.items import Playlist
from streaming.model.message import Message
from streaming.model.patience import PATIENCE, Patience
from streaming.model.profiles import PROFILES, Profile
from streaming.model.states import EncodeMode, LogLevel
from streaming.output.uplink import Destination
from streaming.playlists.files import FilesPlaylist
from streaming.playout.detection import LIMITS, Limits
from streaming.playout.plan import Plan
from streaming.playout.playout import Playout
from streaming.redaction.secrets import Secret
from streaming.settings import YouTubeSettings
from streaming.sources.server import SourceServer
from tests.standins.clips import ClipSpec, render
from tests.standins.paper_events import PaperEvents

UNBOTHERED_SECONDS = 2.0
"""Trouble here lasts longer, and would end the publication; beside other tests FFmpeg may wait a second for a core."""


@dataclass
class OnAir:
    """A playout under test."""

    playout: Playout
    playing: "asyncio.Task[None]"
    lines: list[tuple[LogLevel, Message]] = field(default_factory=list)


def files(folder: Path, specs: Sequence[ClipSpec]) -> Playlist:
    """The clips as a playlist."""
    return FilesPlaylist([str(render(folder, spec)) for spec in specs])


@asynccontextmanager
async def on_air(
    playlist: Playlist,
    *urls: str,
    encode: EncodeMode = EncodeMode.COPY,
    profile: Profile = PROFILES["720p30"],
    is_looped: bool = False,
    lead_seconds: float = 10.0,
    youtube: YouTubeSettings | None = None,
    patience: Patience = PATIENCE,
    limits: Limits = LIMITS,
    schedule: Schedule = SCHEDULE,
    title: str = "A test",
    cursor: str = "",
) -> AsyncIterator[OnAir]:
    """A running playout; it is ended when the block is left."""
    events = PaperEvents()
    plan = Plan(
        title=title,
        cursor=cursor,
        destinations=tuple(Destination(n, f"target {n}", Secret(url)) for n, url in enumerate(urls, 1)),
        profile=profile,
        encode=encode,
        is_looped=is_looped,
        lead_seconds=lead_seconds,
    )
    with TemporaryDirectory(prefix="ns-") as folder:
        async with SourceServer(youtube or YouTubeSettings(), patience=patience) as sources:
            playout = Playout(
                plan,
                playlist,
                Tools(imageio_ffmpeg.get_ffmpeg_exe(), sources, 20.0),
                Path(folder),
                events,
                limits=limits,
                schedule=schedule,
            )
            playing = asyncio.create_task(playout.run())
            try:
                yield OnAir(playout, playing, events.lines)
            finally:
                playing.cancel()
                await asyncio.wait([playing])
