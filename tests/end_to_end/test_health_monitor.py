"""Processes that are alive and do nothing, ingests that listen and take nothing: found out, and put right."""

import asyncio
import itertools
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from streaming.model.states import UplinkState
from streaming.playout.detection import LIMITS, Diagnosis
from tests.end_to_end.playouts import UNBOTHERED_SECONDS, OnAir, files, on_air
from tests.standins import ingest as ingests
from tests.standins.clips import ClipSpec
from tests.standins.ingest import HOST, Ingest
from tests.standins.recording import frames, showings
from tests.standins.session import Session

pytestmark = pytest.mark.long

PATIENCE_SECONDS = 30.0
UPLINK, FEEDER = "flv", "matroska"
FULL = ClipSpec(1, 10.0, gop_seconds=0.1, b_frames=0)
"""So many bits that a feeder cannot be done with it before it is stopped."""
QUICK = replace(LIMITS, uplink_seconds=2.0, ingest_seconds=3.0, feeder_seconds=2.0, connect_seconds=1.5)


def ffmpeg(writes: str) -> psutil.Process:
    """Our newest FFmpeg that writes this format."""
    found = [child for child in psutil.Process().children() if writes in child.cmdline()]
    return max(found, key=lambda child: child.create_time())


async def told(stream: OnAir, *words: str) -> None:
    """Waits until the stream's log has a line with each of the words."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not all(any(word in line for _, line in stream.lines) for word in words):
            assert not stream.playing.done(), stream.lines
            await asyncio.sleep(0.05)


def occurrences(stream: OnAir, words: str) -> int:
    return sum(words in line for _, line in stream.lines)


def repeated_seconds(sessions: list[Session], folder: Path) -> float:
    """How much of the clip was shown twice over all publications, after seeing to it that nothing was lost."""
    seen = [frames(session.to_flv(folder / f"{number}.flv")) for number, session in enumerate(sessions)]
    numbers = [frame.frame_number for frame in itertools.chain(*seen) if frame.frame_number is not None]
    assert set(numbers) == set(range(max(numbers) + 1))
    return (len(numbers) - len(set(numbers))) / FULL.fps


async def test_a_frozen_feeder_is_replaced_and_nobody_sees_it(clips: Path, tmp_path: Path) -> None:
    async with (
        Ingest() as ingest,
        on_air(files(clips, [FULL]), ingest.url("key"), lead_seconds=4.0, limits=QUICK) as stream,
    ):
        await ingest.first_media("key")
        frozen = ffmpeg(FEEDER)
        assert frozen.nice() > ffmpeg(UPLINK).nice(), "who has a lead gives way"
        frozen.suspend()
        await told(stream, Diagnosis.FEEDER_STUCK.sentence, f"s ({Diagnosis.FEEDER_STUCK.finding})")
        assert not frozen.is_running()
        await asyncio.wait_for(stream.playing, PATIENCE_SECONDS)
        (session,) = ingest.sessions
        (showing,) = showings(frames(session.to_flv(tmp_path / "recording.flv")), [FULL])
        gap_seconds = session.worst_wire_gap_seconds(after_seconds=1.0)
        print(f"gap {gap_seconds * 1000:.0f} ms, {stream.lines}")
        assert showing.is_whole
        assert gap_seconds < UNBOTHERED_SECONDS
        assert occurrences(stream, Diagnosis.FEEDER_STUCK.sentence) == 1


async def test_a_frozen_uplink_is_replaced_and_nothing_is_lost(clips: Path, tmp_path: Path) -> None:
    async with Ingest() as ingest, on_air(files(clips, [FULL]), ingest.url("key"), limits=QUICK) as stream:
        first = await ingest.session("key")
        await ingest.wait_for(lambda: first.media_seconds > 1.0)
        frozen = ffmpeg(UPLINK)
        frozen.suspend()
        await told(stream, f"target 1: {Diagnosis.UPLINK_STUCK.sentence}")
        (target,) = stream.playout.snapshot().targets
        assert target.reason == Diagnosis.UPLINK_STUCK.sentence
        second = await ingest.session("key", number=2)
        assert not frozen.is_running()
        media = await ingest.wait_for(lambda: second.first_media)
        await ingest.wait_for(lambda: second.media_seconds > 2.5)
        assert media and first.closed_at
        again_seconds = media.arrival - first.closed_at
        repeated = repeated_seconds([first, second], tmp_path)
        print(f"publishing again {again_seconds:.2f} s after the frozen one was ended, {repeated:.1f} s repeated")
        assert again_seconds < 1.0  # 0.2 s where nothing else runs
        assert repeated <= FULL.gop_seconds + 2.0
        assert occurrences(stream, Diagnosis.UPLINK_STUCK.sentence) == 1


async def test_an_ingest_that_takes_nothing_is_left_and_what_it_did_not_take_is_sent_again(
    clips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingests, "RECEIVE_BUFFER_BYTES", 16 << 10)
    async with Ingest() as ingest, on_air(files(clips, [FULL]), ingest.url("key"), limits=QUICK) as stream:
        first = await ingest.session("key")
        await ingest.wait_for(lambda: first.media_seconds > 1.0)
        async with ingest.stalled(first):
            await told(stream, f"target 1: {Diagnosis.INGEST_TAKES_NOTHING.sentence}")
            ingest.drop(first)
        second = await ingest.session("key", number=2)
        await ingest.wait_for(lambda: second.media_seconds > 5.0)
        print(f"{repeated_seconds([first, second], tmp_path):.1f} s repeated, {stream.lines}")
        assert occurrences(stream, Diagnosis.INGEST_TAKES_NOTHING.sentence) == 1


@asynccontextmanager
async def deaf_ingest() -> AsyncIterator[str]:
    """Takes connections and says nothing."""
    writers: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _reader, writer: writers.append(writer), HOST)
    async with server:
        yield f"rtmp://{HOST}:{server.sockets[0].getsockname()[1]}/live/key"
        for writer in writers:
            writer.close()


async def test_an_ingest_that_does_not_answer_is_tried_anew_and_bothers_no_other(clips: Path) -> None:
    async with (
        Ingest() as ingest,
        deaf_ingest() as deaf,
        on_air(files(clips, [FULL]), ingest.url("key"), deaf, limits=QUICK) as stream,
    ):
        await told(stream, f"target 2: {Diagnosis.INGEST_SILENT.sentence}")
        session = await ingest.session("key")
        await ingest.wait_for(lambda: session.media_seconds > 4.0)
        target = stream.playout.snapshot().targets[1]
        assert target.status.reconnects >= 1
        assert target.reason == Diagnosis.INGEST_SILENT.sentence
        assert target.status.state is not UplinkState.LIVE
        assert session.worst_wire_gap_seconds(after_seconds=1.0) < UNBOTHERED_SECONDS
        assert occurrences(stream, Diagnosis.INGEST_SILENT.sentence) == 1


async def test_a_pause_that_ends_by_itself_needs_no_remedy(clips: Path) -> None:
    async with Ingest() as ingest, on_air(files(clips, [FULL]), ingest.url("key"), limits=QUICK) as stream:
        session = await ingest.session("key")
        await ingest.wait_for(lambda: session.media_seconds > 1.0)
        paused = ffmpeg(UPLINK)
        os.kill(paused.pid, signal.SIGSTOP)
        await asyncio.sleep(1.0)  # the pause itself
        os.kill(paused.pid, signal.SIGCONT)
        await ingest.wait_for(lambda: session.media_seconds > 4.0)
        assert paused.is_running()
        assert len(ingest.sessions) == 1
        assert stream.playout.snapshot().reason == ""
