"""What is said of real files, and of what is none."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields, replace
from pathlib import Path
from random import Random
from typing import Any

import imageio_ffmpeg
import pytest

from streaming.ffmpeg.probe import probe, read
from streaming.model.errors import ItemUnplayable, TransientError
from streaming.model.items import MediaInfo
from tests.standins.clips import AudioCodec, ClipSpec, VideoCodec, render, the_mix

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
LIMIT_SECONDS = 30
PAGE = b"<!DOCTYPE html><html><body>" + b"<p>Nothing to see here.</p>" * 100
MIX = the_mix(seconds=1.0)
ESSENTIAL = {
    *("video_codec", "width", "height", "fps", "pixel_format"),
    *("audio_codec", "audio_profile", "sample_rate", "channels"),
}
ALIKE = MediaInfo("h264", 640, 360, 25, "yuv420p", "aac", "LC", 44100, 2)


ASIDE: dict[str, Any] = {each.name: each.default for each in fields(MediaInfo) if each.name not in ESSENTIAL}


async def look(url: Path | str, *, timeout_seconds: float = LIMIT_SECONDS) -> MediaInfo:
    """What its picture and its sound are like, without where they are in the file and what else is odd about them."""
    return replace(await probe(FFMPEG, str(url), timeout_seconds=timeout_seconds), **ASIDE)


def make(path: Path, *arguments: str) -> Path:
    subprocess.run([FFMPEG, "-nostdin", "-v", "error", *arguments, str(path)], check=True, timeout=LIMIT_SECONDS)
    return path


@asynccontextmanager
async def server(answer: bytes | None) -> AsyncIterator[str]:
    """A server that gives every request this answer, or none at all."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if answer is None:
            await reader.read()  # until the other side gives up
        else:
            writer.write(b"HTTP/1.1 " + answer)
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/video"


# Media


@pytest.mark.parametrize("spec", MIX, ids=lambda spec: f"clip {spec.clip_number}")
async def test_every_clip_of_the_mix_is_seen_as_it_is(clips: Path, spec: ClipSpec) -> None:
    expected = MediaInfo("h264", spec.width, spec.height, spec.fps, "yuvj420p" if spec.is_full_range else "yuv420p")
    if spec.audio_codec:
        expected = replace(
            expected, audio_codec="aac", audio_profile="LC", sample_rate=spec.sample_rate, channels=spec.channels
        )

    assert await look(render(clips, spec)) == expected


async def test_vp9_and_opus_are_told_by_name(clips: Path) -> None:
    spec = ClipSpec(20, 1.0, 320, 180, 25, "webm", VideoCodec.VP9, audio_codec=AudioCodec.OPUS)

    assert await look(render(clips, spec)) == MediaInfo("vp9", 320, 180, 25, "yuv420p", "opus", "", 48000, 2)


async def test_sound_alone_has_no_picture(clips: Path) -> None:
    spec = ClipSpec(21, 1.0, container="m4a", video_codec=None)

    assert await look(render(clips, spec)) == MediaInfo(
        audio_codec="aac", audio_profile="LC", sample_rate=44100, channels=2
    )


async def test_cover_art_is_no_video(tmp_path: Path) -> None:
    cover = make(tmp_path / "cover.jpg", "-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1")
    sound = ("-f", "lavfi", "-i", "sine=d=0.5", "-i", str(cover), "-map", "0", "-map", "1", "-c:v", "mjpeg")
    song = make(tmp_path / "song.m4a", *sound, "-disposition:v", "attached_pic")

    assert await look(song) == MediaInfo(audio_codec="aac", audio_profile="LC", sample_rate=44100, channels=1)


async def test_surround_channels_are_counted(tmp_path: Path) -> None:
    song = make(tmp_path / "surround.m4a", "-f", "lavfi", "-i", "sine=d=0.5", "-ac", "6")

    assert (await look(song)).channels == 6


async def test_a_title_that_looks_like_a_stream_is_not_taken_for_one(clips: Path, tmp_path: Path) -> None:
    title = "title=x\n  Stream #0:0: Video: vp9, yuv444p, 9999x9999, 1 fps"
    film = make(tmp_path / "film.mkv", "-i", str(render(clips, MIX[0])), "-c", "copy", "-metadata", title)

    assert await look(film) == ALIKE


async def test_a_film_is_read_over_http(clips: Path) -> None:
    film = render(clips, MIX[0]).read_bytes()

    async with server(b"200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(film), film)) as url:
        assert await look(url) == ALIKE


async def test_a_name_with_everything_in_it_is_read(clips: Path, tmp_path: Path) -> None:
    film = tmp_path / "50 % 'off', from Stream #0:1: Video – ünïcödé.mp4"
    film.write_bytes(render(clips, MIX[0]).read_bytes())

    assert await look(film) == ALIKE


# What FFmpeg prints of rarer files


@pytest.mark.parametrize(
    ("line", "channels"),
    [
        ("  Stream #0:1[0x2](eng): Audio: aac (HE-AACv2) (mp4a / 0x6134706D), 44100 Hz, stereo, fltp, 32 kb/s", 2),
        ("  Stream #0:1: Audio: aac (HE-AAC), 48000 Hz, 5.1(side), fltp (default)", 6),
        ("  Stream #0:1[0x1100]: Audio: aac (LC) ([15][0][0][0] / 0x000F), 48000 Hz, 3 channels, fltp", 3),
    ],
)
def test_layouts_are_counted_in_channels(line: str, channels: int) -> None:
    assert read([line]).channels == channels


def test_the_profile_of_the_sound_is_told() -> None:
    line = "  Stream #0:1[0x2](eng): Audio: aac (HE-AACv2) (mp4a / 0x6134706D), 44100 Hz, stereo, fltp, 32 kb/s"

    assert read([line]).audio_profile == "HE-AACv2"


@pytest.mark.parametrize(
    ("fps", "begins_seconds", "is_trimmed"),
    [(25, 0.08, False), (25, 0.5, True), (5, 0.2, False), (5, 0.4, True), (1, 2.0, True)],
)
def test_an_edit_list_that_begins_late_is_more_than_an_encoders_delay(
    fps: int, begins_seconds: float, is_trimmed: bool
) -> None:
    lines = [
        f"Processing st: 0, edit list 0 - media time: {begins_seconds * 90_000:.0f}, duration: 540000",
        f"  Stream #0:0[0x1](und), 1, 1/90000: Video: h264 (High), yuv420p(progressive), 640x360, {fps} fps, 90k tbn",
    ]
    assert read(lines).is_trimmed is is_trimmed


@pytest.mark.parametrize(
    "line",
    [
        "  Stream #0:0: Video: h264, none, 25 fps, 25 tbr, 90k tbn",
        "  Stream #0:0: Video: none (av99 / 0x39397661), none, 640x360, 25 fps",
        "  Stream #0:0: Audio: aac, 0 channels, fltp",
        "  Stream #0:0: Audio: none, 44100 Hz, stereo",
        "  Stream #0:2: Subtitle: subrip (srt)",
    ],
)
def test_a_stream_nobody_could_decode_is_none(line: str) -> None:
    assert read([line]) == MediaInfo()


def test_the_first_usable_stream_of_each_kind_counts() -> None:
    assert read(
        [
            "  Stream #0:0: Video: png (attached pic), rgb24(pc), 64x64, 90k tbr, 90k tbn (attached pic)",
            "  Stream #0:1: Video: h264 (High), yuv420p(tv, bt709, progressive), 640x360, 29.97 fps, 29.97 tbr, 1k tbn",
            "  Stream #0:2: Video: vp9 (Profile 0), yuv420p, 1920x1080, 60 fps",
            "  Stream #0:3: Audio: aac (LC), 44100 Hz, stereo, fltp",
            "  Stream #0:4: Audio: opus, 48000 Hz, mono, fltp",
        ]
    ) == replace(ALIKE, fps=29.97, video_stream=1, audio_streams=(3,), cover_stream=None)


# No media


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("junk.mp4", Random(1).randbytes(20_000), "not a media file"),
        ("zeros.mp4", bytes(20_000), "not a media file"),
        ("empty.mp4", b"", "not a media file"),
        ("page.html", PAGE, "not a media file"),
        ("film.mp4", PAGE, "not a media file"),
        ("note.txt", b"hello\n" * 400, "a text"),
        ("list.m3u", b"#EXTM3U\n/etc/passwd\n", "not a media file"),
    ],
)
async def test_what_is_no_media_is_unplayable_with_a_reason(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(ItemUnplayable, match=reason):
        await look(path)


async def test_a_film_that_was_cut_before_its_index_is_unplayable(clips: Path, tmp_path: Path) -> None:
    spec = replace(MIX[0], container="mov")  # its index is at the end
    film = render(clips, spec).read_bytes()
    (tmp_path / "cut.mov").write_bytes(film[: len(film) // 2])

    with pytest.raises(ItemUnplayable, match="damaged"):
        await look(tmp_path / "cut.mov")


async def test_a_still_picture_is_unplayable(tmp_path: Path) -> None:
    picture = make(tmp_path / "picture.png", "-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1")

    with pytest.raises(ItemUnplayable, match="still picture"):
        await look(picture)


async def test_subtitles_alone_are_unplayable(tmp_path: Path) -> None:
    (tmp_path / "film.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nHello\n")

    with pytest.raises(ItemUnplayable, match="not a media file"):
        await look(tmp_path / "film.srt")


async def test_a_folder_is_unplayable(tmp_path: Path) -> None:
    with pytest.raises(ItemUnplayable, match="not a media file"):
        await look(tmp_path)


async def test_a_missing_file_is_unplayable(tmp_path: Path) -> None:
    with pytest.raises(ItemUnplayable, match="no longer exists"):
        await look(tmp_path / "missing.mp4")


# Servers


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (len(PAGE), PAGE), ItemUnplayable),
        (b"403 Forbidden\r\nContent-Length: 0\r\n\r\n", ItemUnplayable),
        (b"404 Not Found\r\nContent-Length: 0\r\n\r\n", ItemUnplayable),
        (b"429 Too Many Requests\r\nContent-Length: 0\r\n\r\n", TransientError),
        (b"500 Internal Server Error\r\nContent-Length: 0\r\n\r\n", TransientError),
        (b"503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", TransientError),
    ],
    ids=["a page", "403", "404", "429", "500", "503"],
)
async def test_an_item_is_given_up_only_for_what_will_not_pass(answer: bytes, error: type[Exception]) -> None:
    async with server(answer) as url:
        with pytest.raises(error):
            await look(url)


async def test_a_server_that_is_gone_is_worth_another_try() -> None:
    async with server(b"") as url:
        pass

    with pytest.raises(TransientError):
        await look(url)


async def test_a_server_that_never_answers_is_left_after_the_limit() -> None:
    async with server(None) as url:
        with pytest.raises(TransientError, match=r"within 0\.5 s"):
            await look(url, timeout_seconds=0.5)


async def test_a_cancelled_probe_leaves_no_ffmpeg_behind() -> None:
    asked, hung_up = asyncio.Event(), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        await reader.read()
        hung_up.set()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        looking = asyncio.create_task(look(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/video"))
        async with asyncio.timeout(LIMIT_SECONDS):
            await asked.wait()
            looking.cancel()
            await hung_up.wait()
            with pytest.raises(asyncio.CancelledError):
                await looking
