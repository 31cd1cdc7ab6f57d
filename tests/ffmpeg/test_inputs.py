"""What FFmpeg is kept from while it reads what comes from outside."""

import asyncio
import struct
import subprocess
import zlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
import pytest

from streaming.ffmpeg import feeder_command
from streaming.ffmpeg.feeder import Feeder
from streaming.ffmpeg.inputs import TOO_MUCH_MEMORY, memory_limit_mb
from streaming.ffmpeg.probe import probe
from streaming.ffmpeg.treatment import choose_treatment
from streaming.input.loader import ItemLoader, Tools
from streaming.model.errors import ItemUnplayable
from streaming.model.items import FilePart, Input, Item, Media, MediaInfo, PartKind
from streaming.model.profiles import PROFILES
from streaming.model.states import EncodeMode
from streaming.playlists.files import FilesPlaylist
from streaming.settings import StreamingSettings, YouTubeSettings
from streaming.sources.server import SourceServer
from tests.unit.streaming.sources.test_source_origin import Host, serving

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
LIMIT_SECONDS = 30
PROFILE = PROFILES["480p30"]
PICTURE = MediaInfo("h264", 640, 360, 30.0, "yuv420p")
LISTS = {
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{inside}/secret.ts\n#EXT-X-ENDLIST\n",
    "hls of files": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{clip}\n#EXT-X-ENDLIST\n",
    "m3u": "#EXTM3U\n#EXTINF:9,Title\n{inside}/secret.mp4\n",
    "ffconcat": "ffconcat version 1.0\nfile '{inside}/secret.mp4'\n",
    "ffconcat of files": "ffconcat version 1.0\nfile '{clip}'\n",
    "dash": """<?xml version="1.0"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011" type="static"
 mediaPresentationDuration="PT10S"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1000">
<BaseURL>{inside}/secret.mp4</BaseURL></Representation></AdaptationSet></Period></MPD>""",
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
    "m=video 9 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
    "imf": """<?xml version="1.0"?><CompositionPlaylist xmlns="http://www.smpte-ra.org/schemas/2067-3/2016">
<Id>urn:uuid:00000000-0000-0000-0000-000000000000</Id><SegmentList/></CompositionPlaylist>""",
}
HONEST = {
    "mp4": "-c:v libx264 -c:a aac",
    "mkv": "-c:v libx264 -c:a libopus",
    "webm": "-c:v libvpx-vp9 -deadline realtime -c:a libopus",
    "mov": "-c:v mjpeg -c:a pcm_s16le",
    "ts": "-c:v libx264 -c:a aac",
    "mpg": "-c:v mpeg2video -c:a mp2",
    "flv": "-c:v libx264 -c:a aac",
    "avi": "-c:v mpeg4 -c:a libmp3lame",
    "wmv": "-c:v wmv2 -c:a wmav2",
    "ogg": "-c:v libtheora -c:a libvorbis",
    "mxf": "-c:v mpeg2video -c:a pcm_s16le",
    "mp3": "-vn -c:a libmp3lame",
    "m4a": "-vn -c:a aac",
    "aac": "-vn -c:a aac",
    "flac": "-vn -c:a flac",
    "opus": "-vn -c:a libopus",
    "wav": "-vn -c:a pcm_s16le",
}


@dataclass
class Scene:
    sources: SourceServer
    inside: Host

    def url(self, path: Path) -> str:
        """Where FFmpeg reads a file, as it reads every item: by a loopback URL that tells nothing of what it is."""
        media = Media(Item("one", "One"), (FilePart(PartKind.BOTH, path),))
        return self.sources.open(media, lambda: asyncio.sleep(0, media)).inputs[0].url


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with AsyncExitStack() as stack:
        inside = await stack.enter_async_context(serving())
        yield Scene(await stack.enter_async_context(SourceServer(YouTubeSettings())), inside)


def encoded(path: Path, options: str) -> Path:
    picture, sound = "testsrc=s=128x96:r=25:d=1", "sine=d=1:r=48000"
    command = f"{FFMPEG} -nostdin -v error -f lavfi -i {picture} -f lavfi -i {sound} -ac 2 -pix_fmt yuv420p {options}"
    subprocess.run([*command.split(), str(path)], check=True, timeout=LIMIT_SECONDS)
    return path


def large_picture(path: Path, side: int) -> Path:
    """A MOV of one PNG, a few kilobytes that are unpacked to `side` × `side` × 4 bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(bytes(1 + side * 4)) for _ in range(side)) + packer.flush()
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0))
    png = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    command = [FFMPEG, "-v", "error", "-f", "png_pipe", "-i", "-", "-c", "copy", str(path)]
    subprocess.run(command, input=png, check=True, timeout=LIMIT_SECONDS)
    return path


async def fed(url: str, info: MediaInfo, memory_mb: int = 0) -> Feeder:
    """A feeder of what a platform says is `info`, which nobody has probed; it has ended, without any media."""
    treatment = choose_treatment(EncodeMode.ALWAYS, info, PROFILE)
    inputs = [Input(PartKind.BOTH, url)]
    command = feeder_command.command(FFMPEG, inputs, info=info, treatment=treatment, profile=PROFILE)
    feeder = await Feeder.start(command, lambda _: None, memory_mb=memory_mb)
    try:
        assert await feeder.ready(timeout_seconds=LIMIT_SECONDS) is None
        assert not await feeder.ended_well()
    finally:
        await feeder.stop()
    return feeder


@pytest.mark.parametrize("kind", LISTS)
async def test_a_list_called_a_film_is_refused_and_nothing_it_names_is_asked_for(
    scene: Scene, tmp_path: Path, kind: str
) -> None:
    clip = encoded(tmp_path / "clip.mp4", HONEST["mp4"])
    film = tmp_path / "film.mp4"
    film.write_text(LISTS[kind].format(inside=f"http://127.0.0.1:{scene.inside.port}", clip=clip))

    for url in (scene.url(film), str(film)):
        with pytest.raises(ItemUnplayable):
            await probe(FFMPEG, url, timeout_seconds=LIMIT_SECONDS)
        await fed(url, PICTURE)
    assert scene.inside.asked == []


@pytest.mark.parametrize("extension", HONEST)
async def test_what_is_media_is_read(scene: Scene, tmp_path: Path, extension: str) -> None:
    film = encoded(tmp_path / f"film.{extension}", HONEST[extension])
    found = await probe(FFMPEG, scene.url(film), timeout_seconds=LIMIT_SECONDS)

    assert found.audio_codec
    assert bool(found.video_codec) is not HONEST[extension].startswith("-vn")


async def test_a_picture_beyond_all_measure_is_not_unpacked(scene: Scene, tmp_path: Path) -> None:
    film = large_picture(tmp_path / "film.mov", 9000)

    with pytest.raises(ItemUnplayable, match="larger than 8K"):  # 324 MB in one picture
        await probe(FFMPEG, scene.url(film), timeout_seconds=LIMIT_SECONDS, memory_mb=200)
    assert not (await fed(scene.url(film), PICTURE, memory_mb=200)).ran_out_of_memory


async def test_an_item_that_needs_more_memory_than_it_may_have_is_passed_over_with_that_reason(tmp_path: Path) -> None:
    film = large_picture(tmp_path / "film.mov", 5000)  # 100 MB a picture
    heard: list[str] = []
    async with SourceServer(YouTubeSettings()) as sources:
        playlist = FilesPlaylist([str(film)])
        tools = Tools(FFMPEG, sources, LIMIT_SECONDS, memory_mb=150)
        opener = ItemLoader(playlist, tools, encode=EncodeMode.ALWAYS, profile=PROFILE, on_error_line=heard.append)
        with pytest.raises(ItemUnplayable, match=TOO_MUCH_MEMORY):
            await opener.open(Item(str(film), "Film"), 0.0)

        assert (await fed(str(film), MediaInfo("png", 5000, 5000, 25.0), memory_mb=150)).ran_out_of_memory


def test_the_limit_grows_with_the_threads_a_machine_makes_for() -> None:
    assert memory_limit_mb(StreamingSettings().feeder_memory_mb) >= 2048 + 64
