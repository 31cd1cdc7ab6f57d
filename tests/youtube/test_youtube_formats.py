"""The real extractor, offered everything, picks what FFmpeg can copy into RTMP."""

from pathlib import Path

import pytest

from streaming.model.items import Media, MediaInfo, PartKind, RemotePart
from streaming.settings import YouTubeSettings
from streaming.youtube.resolver import Resolver
from tests.standins.clips import ClipSpec, render
from tests.standins.youtube import YouTube

pytestmark = pytest.mark.asyncio(loop_scope="session")
VIDEO = "aaaaaaaaaaa"
OTHER = "bbbbbbbbbbb"


def remote_parts(media: Media) -> list[RemotePart]:
    return [part for part in media.parts if isinstance(part, RemotePart)]


def chosen(media: Media) -> list[str]:
    return [part.format_id for part in remote_parts(media)]


async def test_h264_and_aac_are_chosen_apart_before_anything_else(resolver: Resolver) -> None:
    media = await resolver.resolve(VIDEO)
    assert chosen(media) == ["136", "140"]
    assert [part.kind for part in media.parts] == [PartKind.VIDEO, PartKind.AUDIO]
    assert media.item.title == "First light"
    assert media.duration_seconds == pytest.approx(2, abs=0.1)
    assert media.info == MediaInfo("h264", 1280, 720, 30, "yuv420p", "aac", "LC", 44100, 2)


async def test_every_part_says_what_reading_it_needs(resolver: Resolver) -> None:
    for part in remote_parts(await resolver.resolve(VIDEO)):
        assert "Mozilla" in part.headers["User-Agent"]
        assert part.length_bytes
        assert part.length_bytes > 1000
        assert part.bitrate_kbps
        assert part.expires_at
        assert part.available_at
        assert part.available_at < part.expires_at


async def test_urls_are_never_shown(resolver: Resolver) -> None:
    assert "googlevideo" not in repr(await resolver.resolve(VIDEO))


async def test_the_muxed_360p_is_chosen_when_there_is_nothing_else(
    youtube: YouTube, resolver: Resolver, clip: Path
) -> None:
    await youtube.add_video(OTHER, "Muxed", clip=clip, only_muxed=True)
    media = await resolver.resolve(OTHER)
    assert chosen(media) == ["18"]
    assert [part.kind for part in media.parts] == [PartKind.BOTH]
    assert media.info == MediaInfo("h264", 640, 360, 30, "yuv420p", "aac", "LC", 44100, 2)


async def test_a_video_without_sound_is_still_chosen_in_h264(
    youtube: YouTube, resolver: Resolver, tmp_path: Path
) -> None:
    silent = render(tmp_path, ClipSpec(seconds=1, width=640, height=360, audio_codec=None))
    await youtube.add_video(OTHER, "Silent", clip=silent)
    media = await resolver.resolve(OTHER)
    assert chosen(media) == ["134"]
    assert media.info == MediaInfo("h264", 640, 360, 30, "yuv420p")


async def test_more_than_the_greatest_height_is_not_chosen(
    youtube: YouTube, resolver: Resolver, settings: YouTubeSettings, tmp_path: Path
) -> None:
    large = render(tmp_path, ClipSpec(seconds=1, width=1920, height=1080, fps=60))
    await youtube.add_video(OTHER, "Large", clip=large)
    assert chosen(await resolver.resolve(OTHER)) == ["18"]
    higher = settings.model_copy(update={"max_height": 1080})
    async with Resolver(higher, cache_dir=tmp_path, workers=1) as other:
        assert chosen(await other.resolve(OTHER)) == ["299", "140"]


async def test_without_the_tv_client_the_headset_client_fills_in(youtube: YouTube, resolver: Resolver) -> None:
    """One client down looks like a removed video to those who ask only it."""
    await youtube.behave(failing_clients=["TVHTML5"])
    media = await resolver.resolve(VIDEO)
    assert chosen(media) == ["136", "140"]
    assert all("c=VISIONOS" in part.url.reveal() for part in remote_parts(media))


async def test_challenges_are_solved_by_the_javascript_runtime_that_comes_with_us(resolver: Resolver) -> None:
    media = await resolver.resolve(VIDEO)
    assert all("c=TVHTML5" in part.url.reveal() for part in remote_parts(media))
    assert resolver.runtime.startswith("deno 2.")


async def test_the_wait_for_a_preroll_is_known(youtube: YouTube, resolver: Resolver, clip: Path) -> None:
    await youtube.add_video(OTHER, "After the adverts", clip=clip, preroll_seconds=15)
    now, later = [await resolver.resolve(video) for video in (VIDEO, OTHER)]
    first, second = remote_parts(now)[0].available_at, remote_parts(later)[0].available_at
    assert first
    assert second
    assert 14 <= second - first <= 20


async def test_the_operators_options_win(settings: YouTubeSettings, tmp_path: Path) -> None:
    options = {"format": "251", "extractor_args": {"youtube": {"player_client": ["visionos"]}}}
    async with Resolver(settings.model_copy(update={"options": options}), cache_dir=tmp_path, workers=1) as resolver:
        media = await resolver.resolve(VIDEO)
    assert chosen(media) == ["251"]
    assert media.info is None


async def test_cookies_are_sent_and_their_file_stays_as_it_was(
    youtube: YouTube, settings: YouTubeSettings, tmp_path: Path
) -> None:
    cookies = tmp_path / "cookies.txt"
    cookies.write_text("# Netscape HTTP Cookie File\n.youtube.com\tTRUE\t/\tTRUE\t4102444800\tSTANDIN\tkept\n")
    before = (cookies.read_text(), cookies.stat().st_mtime_ns)
    with_cookies = settings.model_copy(update={"cookies_file": cookies})
    async with Resolver(with_cookies, cache_dir=tmp_path, workers=1) as resolver:
        await resolver.resolve(VIDEO)
    assert (await youtube.requests())["cookie STANDIN"] > 0
    assert (cookies.read_text(), cookies.stat().st_mtime_ns) == before
