"""FFmpeg's own Matroska: what we make of it decodes to the very same pictures and sound."""

import asyncio
import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest

from streaming.bitstream.matroska import AUDIO_TRACK, VIDEO_TRACK, Cluster, Header, write_cluster
from streaming.model.states import EncodeMode
from tests.ffmpeg.feeding import fed
from tests.standins.clips import ClipSpec, render

LATER_MS = 5_000_000.0


def decoded(path: Path, data: bytes) -> list[list[str]]:
    """What FFmpeg decodes: stream, time and hash of every frame."""
    path.write_bytes(data)
    finished = subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-copyts", "-i", str(path), "-f", "framemd5", "-"],
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert finished.stderr == b""
    lines = finished.stdout.decode().splitlines()
    return [[part.strip() for part in line.split(",")] for line in lines if not line.startswith("#")]


def of(frames: list[list[str]], stream: str) -> list[list[str]]:
    """The frames of one stream: its number, decoding time, presentation time, length, size and hash."""
    return [frame for frame in frames if frame[0] == stream]


def stream_of(header: Header, clusters: list[bytes]) -> bytes:
    return header.data + b"".join(clusters)


@pytest.mark.parametrize("mode", [EncodeMode.COPY, EncodeMode.ALWAYS])
async def test_what_is_rewritten_decodes_to_the_same(clips: Path, tmp_path: Path, mode: EncodeMode) -> None:
    clip = await asyncio.to_thread(render, clips, ClipSpec(seconds=2.0))
    header, clusters = await fed(clip, mode)
    as_read = stream_of(header, [b"".join(pieces) for cluster in clusters if (pieces := cluster.pieces_at(0.0))])
    rewritten = stream_of(header, [write_cluster(list(cluster.blocks), header) for cluster in clusters])
    moved = [b"".join(pieces) for cluster in clusters if (pieces := cluster.pieces_at(LATER_MS))]
    assert len(moved) == len(clusters)

    expected = await asyncio.to_thread(decoded, tmp_path / "read.mkv", as_read)
    again = await asyncio.to_thread(decoded, tmp_path / "rewritten.mkv", rewritten)
    later = await asyncio.to_thread(decoded, tmp_path / "moved.mkv", stream_of(header, moved))
    assert len(of(expected, "0")) == 60
    assert of(again, "0") == of(expected, "0")
    assert of(again, "1")[:-1] == of(expected, "1")[:-1]  # how much of the last packet is padding is not written anew
    assert [frame[-1] for frame in later] == [frame[-1] for frame in expected]
    moved_by = {int(after[2]) - int(before[2]) for after, before in zip(of(later, "0"), of(expected, "0"), strict=True)}
    assert len(moved_by) == 1
    assert moved_by.pop() % int(LATER_MS / 1000) == 0


async def test_what_ffmpeg_says_of_its_streams_is_read(clips: Path) -> None:
    clip = await asyncio.to_thread(render, clips, ClipSpec(seconds=2.0))
    header, clusters = await fed(clip, EncodeMode.ALWAYS)
    assert header.frame_ms == pytest.approx(1000 / 30, abs=0.01)
    assert header.packet_ms == pytest.approx(1024 / 44.1, abs=0.01)
    assert header.audio_delay_ms == pytest.approx(1024 / 44.1, abs=0.1)
    pictures = sorted(_times(clusters, VIDEO_TRACK))
    sounds = _times(clusters, AUDIO_TRACK)
    assert pictures[0] == 0
    assert len(pictures) == 60
    assert sounds[0] == pytest.approx(-header.audio_delay_ms, abs=1)
    assert clusters[0].starts_at_keyframe
    assert max(_length_ms(cluster) for cluster in clusters) < 400


def _times(clusters: list[Cluster], track: int) -> list[float]:
    return [block.time_ms for cluster in clusters for block in cluster.blocks if block.track == track]


def _length_ms(cluster: Cluster) -> float:
    times = [block.time_ms for block in cluster.blocks]
    return max(times) - min(times)
