"""`python -m streaming play PLAYLIST --to rtmp://…`: from YouTube to the ingest without a seam, past every disk."""

import asyncio
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from tests.end_to_end.processes import Running, media_in, streaming
from tests.end_to_end.videos import LIST, small, upload
from tests.standins.clips import render
from tests.standins.ingest import Ingest
from tests.standins.recording import frames, showings
from tests.standins.session import End, Session
from tests.standins.yardstick import allowed_gap_seconds, plain_publication
from tests.standins.youtube import YouTube

pytestmark = pytest.mark.asyncio(loop_scope="session")

KEY = "planted-9f3c-key-4711"
BESIDE = "beside"
"""Where a plain FFmpeg publishes."""
INTERRUPTED = 128 + signal.SIGINT
START_SECONDS = 1.0
"""The first burst of a publication is not a change of item."""


def assert_nothing_shows(running: Running) -> None:
    """No key, and nothing of a signed URL."""
    for secret in (KEY, "expire=", "sig=", "&n="):
        assert secret not in running.output


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def assert_seamless(session: Session, plain: Session) -> None:
    """`plain` is what a plain FFmpeg published meanwhile."""
    gap, plain_gap = (one.worst_wire_gap_seconds(after_seconds=START_SECONDS) for one in (session, plain))
    steps, holes = session.video_steps_ms(), [hole.length_ms for hole in session.audio_holes()]
    hole = max(holes, default=0)
    print(
        f"longest gap {gap * 1000:.0f} ms, plain FFmpeg {plain_gap * 1000:.0f} ms, "
        f"picture steps {min(steps)}–{max(steps)} ms, holes in the sound {hole:.1f} ms"
    )
    assert gap <= allowed_gap_seconds(0.060, plain_gap)
    assert all(abs(step - 1000 / 30) <= 2 for step in steps)
    assert session.repeated_audio_timestamps() == []
    assert hole <= 20
    assert len(session.video_headers()) == 1


@pytest.mark.long
@pytest.mark.timed
@pytest.mark.timeout(150)
async def test_twenty_five_videos_follow_each_other_in_one_publication_and_touch_no_disk(
    youtube: YouTube, config: Path, place: Path, clips: Path
) -> None:
    long, *short = small(6, seconds=1.2)
    long = replace(long, seconds=4.0)  # time to get a lead, as any real video gives
    specs = [long, *short * 5][:25]
    await youtube.add_playlist(LIST, "All parts", await upload(youtube, clips, specs))
    async with Ingest() as ingest:
        arguments = ("play", LIST, "--to", ingest.url(KEY), "--encode", "copy", "--config", config, "--debug")
        beside = plain_publication(render(clips, long), ingest.url(BESIDE))
        async with beside, streaming(*arguments, folder=place) as play:
            for number in range(1, len(specs) + 1):
                await play.until(f"Now playing “Part {number}”")
                assert await asyncio.to_thread(play.media_files) == []  # the ingest keeps time in this one
                assert await asyncio.to_thread(media_in, place) == []
            assert await play.finished() == 0, play.output
            assert play.tree() == []
        assert_nothing_shows(play)
        (session,), (plain,) = ingest.sessions_of(KEY), ingest.sessions_of(BESIDE)
    assert session.end is End.UNPUBLISHED
    assert_seamless(session, plain)
    seen = showings(frames(session.to_flv(place / "recording.flv")), [long, *short])
    assert [(showing.clip_number, showing.is_whole) for showing in seen] == [(s.clip_number, True) for s in specs]


@pytest.mark.parametrize("moment", ["Listing", "Resolving", "Now playing"])
async def test_interrupt_at_any_moment_leaves_nothing(
    moment: str, youtube: YouTube, config: Path, place: Path, clips: Path
) -> None:
    await youtube.add_playlist(LIST, "All parts", await upload(youtube, clips, small(1, seconds=3.0), prefix="halt"))
    await youtube.behave(latency_seconds=0.0 if moment == "Now playing" else 0.4)
    async with Ingest() as ingest:
        command = ("play", LIST, "--to", ingest.url(KEY), "--encode", "copy", "--config", config)
        async with streaming(*command, folder=place) as play:
            await play.until(moment)
            play.process.send_signal(signal.SIGINT)
            assert await play.finished() == INTERRUPTED, play.output
            assert play.tree() == []
            assert play.errors == ""
        ends = [await session.ended() for session in ingest.sessions]
    assert ends == ([End.UNPUBLISHED] if moment == "Now playing" else [])
    assert names_in(place) <= {config.name, "data"}
