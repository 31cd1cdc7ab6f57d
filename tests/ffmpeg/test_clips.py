"""The test clips, the ingest and the reading of recordings, together with the real FFmpeg."""

import asyncio
import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest

from tests.standins.clips import AudioCodec, ClipSpec, VideoCodec, alike, render, the_mix
from tests.standins.ingest import Ingest
from tests.standins.media import Kind
from tests.standins.recording import beeps, frames, lip_sync, showings
from tests.standins.session import End, Session

FIT = "scale=1280:720:force_original_aspect_ratio=decrease,pad=1280:720:-1:-1,setsar=1,fps=30,format=yuv420p"
ENCODE = ["-c:v", "libx264", "-preset", "veryfast", "-b:v", "2500k", "-c:a", "aac", "-ar", "44100", "-ac", "2"]
MIX = the_mix(seconds=2.0)
WEB = ClipSpec(20, 2.0, 640, 360, container="webm", video_codec=VideoCodec.VP9, audio_codec=AudioCodec.OPUS)


def ffmpeg(*arguments: str) -> list[str]:
    return [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", *arguments]


async def publish(*arguments: str, to: str) -> None:
    process = await asyncio.create_subprocess_exec(*ffmpeg(*arguments, "-f", "flv", to))
    async with asyncio.timeout(30):
        assert await process.wait() == 0


async def published_in_a_row(ingest: Ingest, folder: Path, specs: list[ClipSpec]) -> Session:
    """The clips, copied one after the other in one publication."""
    lines = folder / "lineup.ffconcat"
    lines.write_text("".join(f"file '{render(folder, spec)}'\n" for spec in specs))
    await publish("-f", "concat", "-safe", "0", "-i", str(lines), "-c", "copy", to=ingest.url("row"))
    session = await ingest.session("row")
    assert await session.ended() is End.UNPUBLISHED
    return session


@pytest.mark.parametrize("spec", [*MIX, WEB], ids=lambda spec: f"clip{spec.clip_number}")
def test_encoded_clip_reads_back_whole(spec: ClipSpec, clips: Path, tmp_path: Path) -> None:
    recording = tmp_path / "recording.flv"
    subprocess.run(ffmpeg("-i", str(render(clips, spec)), "-vf", FIT, *ENCODE, str(recording)), check=True, timeout=30)
    seen = frames(recording)
    assert [(s.clip_number, s.is_whole) for s in showings(seen, [spec])] == [(spec.clip_number, True)]
    heard = beeps(recording) if spec.audio_codec else []
    assert [sync.late_ms for sync in lip_sync(seen, heard, [spec])] == pytest.approx([0] * spec.beeps, abs=2)


async def test_published_clips_read_back_whole(clips: Path, tmp_path: Path) -> None:
    specs = alike(3, seconds=2.0)
    async with Ingest() as ingest:
        session = await published_in_a_row(ingest, clips, specs)
    recording = session.to_flv(tmp_path / "row.flv")
    seen = frames(recording)
    assert [(s.clip_number, s.is_whole) for s in showings(seen, specs)] == [(1, True), (2, True), (3, True)]
    assert [sync.late_ms for sync in lip_sync(seen, beeps(recording), specs)] == pytest.approx([0] * 6, abs=2)
    assert set(session.video_steps_ms()) <= {33, 34}
    assert min(session.video_decoding_steps_ms()) > 0
    assert (len(session.video_headers()), len(session.audio_headers())) == (1, 1)
    assert len(session.repeated_audio_timestamps()) == 2  # plain concat lets each clip's priming overlap the one before
    assert ingest.protocol_errors == []


async def test_sound_after_a_hole_keeps_its_time(clips: Path, tmp_path: Path) -> None:
    specs = alike(1)
    async with Ingest() as ingest:
        session = await published_in_a_row(ingest, clips, specs)
    session.messages = [m for m in session.messages if m.kind != Kind.AUDIO or not 900 < m.timestamp_ms < 1300]
    recording = session.to_flv(tmp_path / "hole.flv")
    seen = frames(recording)
    assert [sync.second for sync in lip_sync(seen, beeps(recording), specs)] == [0, 2]
    assert [sync.late_ms for sync in lip_sync(seen, beeps(recording), specs)] == pytest.approx([0, 0], abs=2)
    assert sum(hole.length_ms for hole in session.audio_holes()) == pytest.approx(400, abs=25)


async def test_publication_over_the_extended_timestamp_is_read(clips: Path) -> None:
    beyond_seconds = 0xFFFFFF / 1000 - 1  # the first second before, the rest after
    source = str(render(clips, ClipSpec(seconds=2.0)))
    async with Ingest() as ingest:
        await publish("-i", source, "-c", "copy", "-output_ts_offset", str(beyond_seconds), to=ingest.url("late"))
        session = await ingest.session("late")
    assert ingest.protocol_errors == []
    assert set(session.video_steps_ms()) <= {33, 34}
    assert session.pictures[-1].timestamp_ms > 0xFFFFFF > session.pictures[0].timestamp_ms


def test_picture_without_a_code_has_no_numbers(tmp_path: Path) -> None:
    recording = tmp_path / "slate.flv"
    for source in ("testsrc2=d=1", "color=white:d=1", "color=black:d=1", "mandelbrot=r=25:end_pts=25,trim=end=1"):
        subprocess.run(ffmpeg("-y", "-f", "lavfi", "-i", source, str(recording)), check=True, timeout=30)
        assert {frame.clip_number for frame in frames(recording)} == {None}


def test_clip_is_made_once(clips: Path) -> None:
    spec = ClipSpec(30, 1.0, 320, 180)
    made = render(clips, spec).stat()
    assert render(clips, spec).stat().st_mtime_ns == made.st_mtime_ns


def test_matroska_clip_claims_to_be_longer_than_it_is(clips: Path) -> None:
    path = render(clips, MIX[-1])
    copy = ["-map", "0", "-c", "copy", "-f", "ffmetadata", "pipe:1"]
    told = subprocess.run(ffmpeg("-i", str(path), *copy), check=True, capture_output=True, text=True, timeout=30).stdout
    assert told.count("DURATION=00:00:04.000000000") == 2
    assert frames(path)[-1].time_seconds < 2
