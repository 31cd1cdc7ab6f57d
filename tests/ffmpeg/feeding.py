"""Feeders for tests: clips read from their files by real FFmpeg, and a program that is fed by them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

from streaming.bitstream.matroska import Cluster, Header
from streaming.ffmpeg.feeder import Feeder
from streaming.ffmpeg.feeder_command import command
from streaming.ffmpeg.probe import probe
from streaming.ffmpeg.treatment import choose_treatment
from streaming.model.items import Input, Item, PartKind
from streaming.model.profiles import PROFILES
from streaming.model.states import EncodeMode
from streaming.output.uplink import Destination, Uplink
from streaming.redaction.secrets import Secret
from streaming.timeline.program import Program
from streaming.timeline.splice import Airing
from streaming.timeline.writer import ProgramWriter
from tests.standins.clips import ClipSpec, render

PROFILE = PROFILES["720p30"]
LIMIT_SECONDS = 20.0


async def command_for(path: Path, mode: EncodeMode) -> list[str]:
    """The command line of a feeder of one file."""
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    info = await probe(ffmpeg, str(path), timeout_seconds=LIMIT_SECONDS)
    treatment = choose_treatment(mode, info, PROFILE)
    return command(ffmpeg, [Input(PartKind.BOTH, str(path))], info=info, treatment=treatment, profile=PROFILE)


@asynccontextmanager
async def feeder_of(path: Path, mode: EncodeMode) -> AsyncIterator[Feeder]:
    """A running feeder; it is ended when the block is left."""
    feeder = await Feeder.start(await command_for(path, mode), lambda _line: None)
    try:
        yield feeder
    finally:
        await feeder.stop()


async def fed(path: Path, mode: EncodeMode) -> tuple[Header, list[Cluster]]:
    """All that a feeder makes of a file."""
    async with feeder_of(path, mode) as feeder:
        header = await feeder.ready(timeout_seconds=LIMIT_SECONDS)
        assert header
        clusters = [cluster async for cluster in feeder.clusters()]
        assert await feeder.ended_well()
        return header, clusters


@dataclass
class Sending:
    """A program and the uplink that sends it."""

    program: Program
    uplink: Uplink
    sending: "asyncio.Task[None]"
    lines: list[str]

    @property
    def process(self) -> int:
        """The process id of the uplink's present FFmpeg."""
        assert self.uplink.process
        return self.uplink.process


@asynccontextmanager
async def sending(
    clips: Path,
    specs: Sequence[ClipSpec],
    url: str,
    folder: Path,
    *,
    backup_url: str | None = None,
    republish_seconds: float = 1000.0,
) -> AsyncIterator[Sending]:
    """Copies clips into a program and sends it; everything is ended when the block is left."""
    lines: list[str] = []
    program = Program(lead_seconds=10.0)
    uplink = Uplink(
        imageio_ffmpeg.get_ffmpeg_exe(),
        Destination(1, "target", Secret(url), Secret(backup_url) if backup_url else None),
        program,
        folder,
        on_error_line=lines.append,
        on_change=lambda: None,
        republish_seconds=republish_seconds,
    )
    paths = [await asyncio.to_thread(render, clips, spec) for spec in specs]
    writing = asyncio.create_task(_write(program, paths))
    running = asyncio.create_task(uplink.run())
    try:
        yield Sending(program, uplink, running, lines)
    finally:
        for task in (writing, running):
            task.cancel()
        await asyncio.wait([writing, running])


async def _write(program: Program, paths: Sequence[Path]) -> None:
    writer = ProgramWriter(program)
    for path in paths:
        async with feeder_of(path, EncodeMode.COPY) as feeder:
            header = await feeder.ready(timeout_seconds=LIMIT_SECONDS)
            assert header
            writer.begin(Airing(Item(str(path), path.stem), header, play_id=writer.new_play_id(), is_copy=True))
            async for cluster in feeder.clusters():
                writer.add(cluster)
                await program.wait_for_room()
    writer.finish()
