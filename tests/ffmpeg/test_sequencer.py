"""The middle of the engine as the ingest sees it: skips, the slate, feeders that die, and a graceful end."""

import asyncio
import signal
import statistics
import time
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from streaming.ffmpeg.treatment import Fault, FaultKind
from streaming.model.items import Item, Media, Playlist
from streaming.model.message import Message
from streaming.model.states import EncodeMode
from tests.end_to_end.playouts import OnAir, files, on_air
from tests.standins.clips import ClipSpec, alike
from tests.standins.ingest import Ingest
from tests.standins.recording import FrameSeen, beeps, frames, lip_sync, showings
from tests.standins.session import End, Session

LIMIT_SECONDS = 60
SKIP_SECONDS = 0.5


class SlowPlaylist:
    """A playlist of files whose second item takes its time to be resolved; the first one's file is gone by then."""

    def __init__(self, playlist: Playlist, seconds: float) -> None:
        self._playlist, self._seconds = playlist, seconds
        self.reference, self.title = playlist.reference, playlist.title
        self._resolved: list[Item] = []

    def items(self) -> AsyncIterator[Item]:
        return self._playlist.items()

    def is_at_hand(self, item: Item) -> bool:
        return item in self._resolved

    async def resolve(self, item: Item, *, fresh: bool = False, avoid: frozenset[str] = frozenset()) -> Media:
        for earlier in self._resolved:
            await asyncio.to_thread(Path(earlier.key).unlink, missing_ok=True)  # so that it cannot play again
            await asyncio.sleep(self._seconds)  # what the platform takes
        self._resolved.append(item)
        return await self._playlist.resolve(item, fresh=fresh, avoid=avoid)


async def ended(under_test: OnAir) -> None:
    async with asyncio.timeout(LIMIT_SECONDS):
        await under_test.playing


async def media(ingest: Ingest, session: Session, seconds: float) -> None:
    await ingest.wait_for(lambda: session.media_seconds >= seconds, timeout_seconds=LIMIT_SECONDS)


async def seen_in(session: Session, folder: Path) -> tuple[list[FrameSeen], list[float]]:
    path = session.to_flv(folder / "recording.flv")
    return await asyncio.to_thread(frames, path), await asyncio.to_thread(beeps, path)


def arrivals(session: Session, seen: list[FrameSeen]) -> dict[int, float]:
    """When the first picture of every clip came in."""
    pictures = sorted(session.pictures, key=lambda picture: picture.presentation_ms)
    assert len(pictures) == len(seen)
    first: dict[int, float] = {}
    for picture, frame in zip(pictures, seen, strict=True):
        if frame.clip_number is not None:
            first.setdefault(frame.clip_number, picture.arrival)
    return first


def feeders() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if any("http:" in word for word in child.cmdline())]


@pytest.mark.long
@pytest.mark.timed
async def test_a_skip_is_seen_within_half_a_second_when_the_next_item_is_queued(clips: Path, tmp_path: Path) -> None:
    specs = [*alike(5, seconds=4.0), ClipSpec(6, 3.0, container="mkv", tagged_seconds=60.0), ClipSpec(7, 2.0)]
    async with Ingest() as ingest, on_air(files(clips, specs), ingest.url("key"), lead_seconds=60.0) as under_test:
        session = await ingest.session("key")
        called: dict[int, float] = {}
        for number in range(1, 7):
            await media(ingest, session, session.media_seconds + 1.2)
            called[number + 1] = time.monotonic()
            await under_test.playout.transport.skip()
        await ended(under_test)
        seen, heard = await seen_in(session, tmp_path)
        first = arrivals(session, seen)
        delays = [first[number] - moment for number, moment in called.items()]
        print("skips seen after", ", ".join(f"{delay:.2f} s" for delay in delays))
        assert statistics.median(delays) <= SKIP_SECONDS
        assert max(delays) <= 2 * SKIP_SECONDS
        assert len(ingest.sessions) == 1
        assert all(abs(sync.late_ms) <= 10 for sync in lip_sync(seen, heard, specs))
        assert session.repeated_audio_timestamps() == []
        assert max((hole.length_ms for hole in session.audio_holes()), default=0) <= 20
        assert max(session.video_steps_ms()) <= 105  # B-frames that nobody was handed before the skip are missing
        assert session.media_seconds < 16


@pytest.mark.long
@pytest.mark.timed
async def test_a_skip_is_seen_within_half_a_second_while_the_item_is_being_fed(clips: Path, tmp_path: Path) -> None:
    specs = [ClipSpec(1, 12.0, 640, 360), ClipSpec(2, 2.0, 640, 360)]
    async with Ingest() as ingest, on_air(files(clips, specs), ingest.url("key"), lead_seconds=4.0) as under_test:
        session = await ingest.session("key")
        await media(ingest, session, 2.0)
        called = time.monotonic()
        await under_test.playout.transport.skip()
        await ended(under_test)
        seen, _ = await seen_in(session, tmp_path)
        assert arrivals(session, seen)[2] - called <= 2 * SKIP_SECONDS
        assert showings(seen, specs)[-1].is_whole


@pytest.mark.long
@pytest.mark.timed
async def test_the_slate_bridges_the_time_until_the_next_item_is_ready(clips: Path, tmp_path: Path) -> None:
    specs = [ClipSpec(1, 4.0, 640, 360), ClipSpec(2, 2.0, 640, 360)]
    playlist = SlowPlaylist(files(clips, specs), 7.0)
    async with Ingest() as ingest, on_air(playlist, ingest.url("key"), encode=EncodeMode.ALWAYS) as under_test:
        await ended(under_test)
        (session,) = ingest.sessions
        seen, _ = await seen_in(session, tmp_path)
        slate = [frame.time_seconds for frame in seen if frame.clip_number is None]
        steps, gap = session.video_steps_ms(), session.worst_wire_gap_seconds(after_seconds=1.0)
        print(f"slate for {len(slate) / 30:.1f} s, gap {gap * 1000:.0f} ms, steps {min(steps)}–{max(steps)} ms")
        assert 2.0 <= len(slate) / 30 <= 8.0
        assert slate == [frame.time_seconds for frame in seen if slate[0] <= frame.time_seconds <= slate[-1]]
        assert [showing.is_whole for showing in showings(seen, specs)] == [True, True]
        assert len({header.sps for header in session.video_headers()}) == 1
        assert all(abs(step - 1000 / 30) <= 2 for step in steps)
        assert session.repeated_audio_timestamps() == []
        assert max((hole.length_ms for hole in session.audio_holes()), default=0) <= 20
        assert gap <= 0.3


@pytest.mark.long
async def test_a_feeder_that_is_killed_is_not_seen(clips: Path, tmp_path: Path) -> None:
    specs = [ClipSpec(1, 40.0)]  # so long that what is on its way in pipes is not all of it
    async with Ingest() as ingest, on_air(files(clips, specs), ingest.url("key"), lead_seconds=3.0) as under_test:
        session = await ingest.session("key")
        await media(ingest, session, 1.0)
        (present,) = feeders()
        present.send_signal(signal.SIGKILL)
        await ingest.wait_for(lambda: any("Resuming" in line for _, line in under_test.lines), timeout_seconds=30)
        await media(ingest, session, session.media_seconds + 4.0)
        seen, heard = await seen_in(session, tmp_path)
        (showing,) = showings(seen, specs)
        assert (showing.lost, showing.repeated, showing.lost_before) == ((), (), 0)
        assert all(abs(step - 1000 / 30) <= 2 for step in session.video_steps_ms())
        assert all(abs(sync.late_ms) <= 10 for sync in lip_sync(seen, heard, specs))
        assert session.repeated_audio_timestamps() == []
        assert len(ingest.sessions) == 1


async def test_a_lineup_ends_with_its_last_picture_and_leaves_nothing_behind(clips: Path, tmp_path: Path) -> None:
    specs = [ClipSpec(2, 2.0, 640, 360)]
    before = {child.pid for child in psutil.Process().children()}
    async with Ingest() as ingest, on_air(files(clips, specs), ingest.url("key")) as under_test:
        await ended(under_test)
        (session,) = ingest.sessions
        assert session.end is End.UNPUBLISHED
        seen, _ = await seen_in(session, tmp_path)
        assert [showing.is_whole for showing in showings(seen, specs)] == [True]
        assert {child.pid for child in psutil.Process().children()} <= before


async def test_taking_a_stream_off_the_air_leaves_no_process_behind(clips: Path) -> None:
    specs = [ClipSpec(1, 12.0, 640, 360), ClipSpec(2, 2.0, 640, 360)]
    before = {child.pid for child in psutil.Process().children()}
    async with Ingest() as ingest, on_air(files(clips, specs), ingest.url("key"), lead_seconds=4.0) as under_test:
        session = await ingest.session("key")
        await media(ingest, session, 1.0)
        under_test.playing.cancel()
        await asyncio.wait([under_test.playing], timeout=LIMIT_SECONDS)
        assert under_test.playing.cancelled()
        assert {child.pid for child in psutil.Process().children()} <= before
        assert await session.ended() is not None


@pytest.mark.long
@pytest.mark.timed
async def test_an_item_that_is_treated_otherwise_on_air_goes_on_where_viewers_are(clips: Path, tmp_path: Path) -> None:
    """What the watch does when an uplink cannot send an item on: what is queued of it is taken back, and made anew."""
    specs = [ClipSpec(1, 12.0, 1280, 720), ClipSpec(2, 2.0, 1280, 720)]
    async with Ingest() as ingest, on_air(files(clips, specs), ingest.url("key"), lead_seconds=6.0) as under_test:
        session = await ingest.session("key")
        await media(ingest, session, 3.0)
        under_test.playout._sequencer.change_treatment(Fault(FaultKind.BROKEN, Message("it is a test")))
        await ended(under_test)
        assert len(ingest.sessions) == 1
        seen, _ = await seen_in(session, tmp_path)
        first, second = showings(seen, specs)
        assert second.is_whole
        assert not first.lost_before and not first.lost_after
        assert len(first.lost) + len(first.repeated) <= 3
        assert len({header.sps for header in session.video_headers()}) == 2  # copied, then encoded
        assert any("is treated differently from" in line for _, line in under_test.lines)
