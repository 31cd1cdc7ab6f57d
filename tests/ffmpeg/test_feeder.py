"""Feeders at work on real files: one picture and one sound, whatever the item has."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from streaming.bitstream.matroska import AUDIO_TRACK, VIDEO_TRACK, Cluster
from streaming.ffmpeg.feeder import Feeder
from streaming.model.states import EncodeMode
from tests.ffmpeg.feeding import LIMIT_SECONDS, fed, feeder_of
from tests.standins.clips import ClipSpec, render

SMALL = ClipSpec(1, 2.0, 320, 180)


def span_ms(clusters: list[Cluster], track: int) -> float:
    times = [block.time_ms for cluster in clusters for block in cluster.blocks if block.track == track]
    return max(times) - min(times, default=0.0)


async def clip(folder: Path, spec: ClipSpec) -> Path:
    return await asyncio.to_thread(render, folder, spec)


@pytest.mark.parametrize("mode", [EncodeMode.COPY, EncodeMode.ALWAYS])
async def test_an_item_without_sound_is_given_silence(clips: Path, mode: EncodeMode) -> None:
    header, clusters = await fed(await clip(clips, ClipSpec(2, 2.0, 320, 180, audio_codec=None)), mode)
    assert header.packet_ms
    assert span_ms(clusters, AUDIO_TRACK) == pytest.approx(2000, abs=60)


async def test_an_item_without_a_picture_is_given_a_black_one(clips: Path) -> None:
    header, clusters = await fed(
        await clip(clips, ClipSpec(3, 2.0, container="m4a", video_codec=None)), EncodeMode.AUTO
    )
    assert header.frame_ms
    assert span_ms(clusters, VIDEO_TRACK) == pytest.approx(2000, abs=100)


async def test_sound_that_is_longer_than_the_picture_is_fed_to_its_end(clips: Path) -> None:
    _, clusters = await fed(await clip(clips, ClipSpec(4, 2.0, 320, 180, audio_seconds=4.0)), EncodeMode.COPY)
    assert span_ms(clusters, VIDEO_TRACK) == pytest.approx(1967, abs=2)
    assert span_ms(clusters, AUDIO_TRACK) == pytest.approx(4000, abs=60)


async def test_a_duration_tag_does_not_get_through(clips: Path) -> None:
    lying = ClipSpec(5, 2.0, 320, 180, container="mkv", tagged_seconds=600.0)
    header, _ = await fed(await clip(clips, lying), EncodeMode.COPY)
    assert b"DURATION" not in header.data
    assert b"00:10:00" not in header.data


async def test_different_items_are_encoded_to_the_same_parameters(clips: Path) -> None:
    odd = ClipSpec(6, 2.0, 180, 320, 25, sample_rate=48000, channels=1)
    first, _ = await fed(await clip(clips, SMALL), EncodeMode.ALWAYS)
    second, _ = await fed(await clip(clips, odd), EncodeMode.ALWAYS)
    assert first.parameters == second.parameters


async def test_a_feeder_that_is_killed_did_not_end_well(clips: Path) -> None:
    async with feeder_of(await clip(clips, ClipSpec(7, 6.0)), EncodeMode.COPY) as feeder:
        assert await feeder.ready(timeout_seconds=LIMIT_SECONDS)
        os.kill(feeder.pid, signal.SIGKILL)
        async with asyncio.timeout(LIMIT_SECONDS):
            given = [cluster async for cluster in feeder.clusters()]
            assert not await feeder.ended_well()
    assert given


async def test_what_is_no_media_is_told_by_no_header(tmp_path: Path) -> None:
    junk = tmp_path / "junk.mp4"
    junk.write_bytes(os.urandom(100_000))
    lines: list[str] = []
    feeder = await Feeder.start(["cat", str(junk)], lines.append)
    try:
        assert await feeder.ready(timeout_seconds=LIMIT_SECONDS) is None
    finally:
        await feeder.stop()
