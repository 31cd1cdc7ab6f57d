"""The demo lineup: drawn when it is wanted, and read by the same road as a platform's videos."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path

import aiohttp
import imageio_ffmpeg
import pytest

from streaming.ffmpeg.probe import probe
from streaming.model.errors import ItemUnplayable, ServiceUnavailable
from streaming.model.items import Item, Media, RemotePart
from streaming.playlists.demo.clips import CLIP_SECONDS, _escaped, _fonts, clips
from streaming.playlists.demo.playlist import _ANSWER_SECONDS, _SPEED, LIFE_SECONDS, DemoPlaylist
from streaming.process.subprocesses import Child, lines
from streaming.settings import YouTubeSettings
from streaming.sources.server import SourceServer

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[DemoPlaylist]:
    async with DemoPlaylist(FFMPEG, tmp_path, clip_seconds=2, speed=20) as demo:
        yield demo


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def items(demo: DemoPlaylist) -> list[Item]:
    return [item async for item in demo.items()]


def part_of(media: Media) -> RemotePart:
    (part,) = media.parts
    assert isinstance(part, RemotePart)
    return part


async def output_of(*arguments: str) -> list[str]:
    child = await Child.start([FFMPEG, "-v", "error", "-xerror", *arguments, "-"])
    async with asyncio.timeout(60):
        found = [line async for line in lines(child.stdout) if not line.startswith("#")]
        assert await child.wait() == 0
    return found


async def packets(url: str) -> list[str]:
    return await output_of("-i", url, "-c", "copy", "-f", "framemd5")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def there(folder: Path, *beginnings: str) -> None:
    """Waits until the folder holds just these, and nothing unfinished."""
    async with asyncio.timeout(60):
        while [name[:2] for name in names(folder)] != list(beginnings):
            await asyncio.sleep(0.02)


async def test_the_lineup_is_four_clips_with_titles_lengths_and_links(demo: DemoPlaylist) -> None:
    found = await items(demo)
    assert [item.title for item in found] == ["First Light", "Open Water", "Slow Orbit", "Northern Night"]
    assert all(item.duration_seconds == 2 and item.link.startswith("https://") for item in found)
    assert (demo.reference, demo.title) == ("demo", "Nonstop demo")


async def test_every_clip_is_what_it_says_it_is(demo: DemoPlaylist) -> None:
    digests = set()
    for item in await items(demo):
        media = await demo.resolve(item)
        url = part_of(media).url.reveal()
        found = await probe(FFMPEG, url, timeout_seconds=20)
        assert media.info
        known = {name: value for name, value in asdict(media.info).items() if value}
        assert known == {name: value for name, value in asdict(found).items() if name in known}
        digests.add(tuple(await packets(url)))
    assert len(digests) == 4


async def test_pictures_can_be_joined_every_two_seconds(tmp_path: Path) -> None:
    async with DemoPlaylist(FFMPEG, tmp_path, clip_seconds=5, speed=50) as demo:
        await demo.resolve((await items(demo))[0])
        (clip,) = (name for name in names(tmp_path) if name.startswith("1-"))
        keyframes = await output_of("-skip_frame", "nokey", "-i", str(tmp_path / clip), "-fps_mode", "passthrough",
                                    "-an", "-f", "framemd5")  # fmt: skip
    assert [int(line.split(",")[2]) for line in keyframes] == [0, 60, 120]


async def test_only_the_clip_that_is_wanted_and_the_one_after_it_are_drawn(tmp_path: Path) -> None:
    drawn: list[str] = []

    def note(title: str, share: float) -> None:
        assert 0 <= share <= 1
        drawn.append(title)

    async with DemoPlaylist(FFMPEG, tmp_path, clip_seconds=2, on_progress=note) as demo:
        await demo.resolve((await items(demo))[3])
        assert set(drawn) == {"Northern Night"}
        await there(tmp_path, "1-", "4-")
        assert set(drawn) == {"Northern Night", "First Light"}


async def test_those_who_want_a_clip_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    async with (
        DemoPlaylist(FFMPEG, tmp_path, clip_seconds=2) as one,
        DemoPlaylist(FFMPEG, tmp_path, clip_seconds=2) as other,
    ):
        first = (await items(one))[0]
        found = await asyncio.gather(one.resolve(first), one.resolve(first), other.resolve(first))
        await there(tmp_path, "1-", "2-")
        assert len({part_of(media).length_bytes for media in found}) == 1


async def test_a_clip_is_drawn_once_for_all_time(demo: DemoPlaylist, tmp_path: Path) -> None:
    first = (await items(demo))[0]
    await demo.resolve(first)
    async with DemoPlaylist("false", tmp_path, clip_seconds=2) as later:
        assert part_of(await later.resolve(first)).length_bytes


async def test_closing_ends_a_drawing_and_leaves_nothing_behind(tmp_path: Path) -> None:
    begun = asyncio.Event()
    async with DemoPlaylist(FFMPEG, tmp_path, on_progress=lambda *_: begun.set()) as demo:
        wanted = asyncio.create_task(demo.resolve((await items(demo))[0]))
        async with asyncio.timeout(20):
            await begun.wait()
    with pytest.raises(asyncio.CancelledError):
        await wanted
    assert names(tmp_path) == []


@pytest.mark.parametrize(("program", "reason"), [("false", "FFmpeg ended with 1"), ("/gone", "No such file")])
async def test_a_clip_that_cannot_be_drawn_is_unplayable(tmp_path: Path, program: str, reason: str) -> None:
    async with DemoPlaylist(program, tmp_path) as demo:
        with pytest.raises(ItemUnplayable, match=reason):
            await demo.resolve((await items(demo))[0])
    assert names(tmp_path) == []


async def test_an_unwritable_folder_is_a_matter_of_configuration(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ServiceUnavailable, match="clips cannot be stored"):
        async with DemoPlaylist(FFMPEG, tmp_path / "file" / "demo"):
            pass


async def test_an_expired_url_is_refused(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    async with DemoPlaylist(FFMPEG, tmp_path, clip_seconds=2, life_seconds=0.3, speed=20) as demo:
        url = part_of(await demo.resolve((await items(demo))[0])).url.reveal()
        assert (await session.get(url)).status == 206
        async with asyncio.timeout(10):
            while (await session.get(url)).status == 206:
                await asyncio.sleep(0.02)
        assert (await session.get(url)).status == 403


async def test_a_url_cannot_be_forged(demo: DemoPlaylist, session: aiohttp.ClientSession) -> None:
    url = part_of(await demo.resolve((await items(demo))[0])).url.reveal()
    later = url.replace("expire=1", "expire=2")
    assert later != url
    for forged in (later, url + "0", url.partition("?")[0], url.replace("/1-", "/2-")):
        assert (await session.get(forged)).status == 403


async def test_the_origin_keeps_its_pace(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    async with DemoPlaylist(FFMPEG, tmp_path, clip_seconds=2, speed=4) as demo:
        url = part_of(await demo.resolve((await items(demo))[0])).url.reveal()
        begun = asyncio.get_running_loop().time()
        await (await session.get(url)).read()
        assert asyncio.get_running_loop().time() - begun > 0.8 * 2 / 4 - 64 / 1024  # the last chunk is not waited for


async def test_ffmpeg_reads_a_clip_past_the_expiry_of_its_url(tmp_path: Path) -> None:
    seconds, speed = 8, 10.0
    life_seconds = _ANSWER_SECONDS / speed * 0.8  # over before the second request
    async with (
        DemoPlaylist(FFMPEG, tmp_path, clip_seconds=seconds, life_seconds=life_seconds, speed=speed) as demo,
        SourceServer(YouTubeSettings()) as server,
    ):
        item = (await items(demo))[0]
        async with server.open(await demo.resolve(item), lambda: demo.resolve(item, fresh=True)) as source:
            found = await packets(source.inputs[0].url)
            assert source.refreshes >= 1
            assert source.failure is None
        (clip,) = (name for name in names(tmp_path) if name.startswith("1-"))
        assert found == await packets(str(tmp_path / clip))


def test_a_clip_read_at_its_pace_outlasts_its_url() -> None:
    last_request_seconds = (CLIP_SECONDS - 1) // _ANSWER_SECONDS * _ANSWER_SECONDS / _SPEED
    assert last_request_seconds > LIFE_SECONDS


def test_no_two_clips_look_or_sound_alike() -> None:
    assert len({clip.layers for clip in clips()}) == len({clip.chord_hz for clip in clips()}) == 4


async def test_a_font_is_found_in_a_folder_with_any_name(tmp_path: Path) -> None:
    folder = tmp_path / r"it's [mine], a;b:c\d e"
    folder.mkdir()
    (folder / "font.ttf").symlink_to(_fonts() / "DejaVuSans.ttf")
    drawn = f"color=c=black:s=64x64:d=0.1,drawtext=fontfile={_escaped(folder / 'font.ttf')}:text=x"
    assert await output_of("-f", "lavfi", "-i", drawn, "-f", "framemd5")
