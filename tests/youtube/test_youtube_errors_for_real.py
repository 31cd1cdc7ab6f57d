"""What the real extractor makes of YouTube's refusals arrives as the right error of ours."""

from pathlib import Path

import pytest

from streaming.model.errors import ItemUnavailable, ItemUnplayable, NonstopError, PlatformTrouble, TransientError
from streaming.settings import YouTubeSettings
from streaming.youtube.resolver import Resolver
from tests.standins.youtube import Fault, VideoState, YouTube

pytestmark = pytest.mark.asyncio(loop_scope="session")
VIDEO = "aaaaaaaaaaa"
EVERY_CLIENT = ["VISIONOS", "TVHTML5", "WEB", "WEB_EMBEDDED_PLAYER"]


async def error_of(resolver: Resolver, video_id: str) -> NonstopError:
    with pytest.raises(NonstopError) as caught:
        await resolver.resolve(video_id)
    return caught.value


async def test_each_state_of_a_video_has_its_error_and_reason(youtube: YouTube, resolver: Resolver, clip: Path) -> None:
    expected = {
        VideoState.PRIVATE: (ItemUnplayable, "private"),
        VideoState.DELETED: (ItemUnplayable, "deleted"),
        VideoState.TERMINATED: (ItemUnplayable, "its account was closed by YouTube"),
        VideoState.MEMBERS_ONLY: (ItemUnplayable, "members only"),
        VideoState.AGE_GATED: (ItemUnplayable, "age-restricted, which needs cookies"),
        VideoState.GEO_BLOCKED: (ItemUnplayable, "not available in this country"),
        VideoState.RENTAL: (ItemUnplayable, "requires payment"),
        VideoState.LIVE: (ItemUnplayable, "live now"),
        VideoState.UPCOMING: (ItemUnavailable, "not released yet"),
        VideoState.UNAVAILABLE: (ItemUnavailable, "unavailable at the moment"),
    }
    assert set(expected) == set(VideoState) - {VideoState.PUBLIC}
    met: dict[VideoState, tuple[type, str]] = {}
    for number, state in enumerate(expected):
        await youtube.add_video(f"state{number:06}", "A video", clip=clip, state=state)
        error = await error_of(resolver, f"state{number:06}")
        met[state] = (type(error), error.message)
    assert met == expected


async def test_every_client_failing_never_strikes_a_video_out(youtube: YouTube, resolver: Resolver) -> None:
    await youtube.behave(failing_clients=EVERY_CLIENT)
    assert isinstance(await error_of(resolver, VIDEO), ItemUnavailable)


async def test_a_bot_check_is_trouble_for_all(youtube: YouTube, resolver: Resolver) -> None:
    await youtube.behave(bot_check=True)
    error = await error_of(resolver, VIDEO)
    assert isinstance(error, PlatformTrouble)
    assert "not a bot" in error.message
    assert "cookies_file" in error.hint


async def test_a_rate_limit_is_trouble_for_all(youtube: YouTube, resolver: Resolver) -> None:
    await youtube.behave(rate_limited=True)
    error = await error_of(resolver, VIDEO)
    assert isinstance(error, PlatformTrouble)
    assert "pause" in error.message


@pytest.mark.parametrize("effect", [503, Fault.RESET])
async def test_a_player_that_cannot_be_reached_is_transient(
    youtube: YouTube, resolver: Resolver, effect: int | Fault
) -> None:
    """yt-dlp only warns of it, and then says that there are no formats."""
    await youtube.fail("player", effect, times=1000)
    assert isinstance(await error_of(resolver, VIDEO), TransientError)
    await youtube.heal()
    assert await resolver.resolve(VIDEO)


async def test_too_many_requests_are_trouble_for_all(youtube: YouTube, resolver: Resolver) -> None:
    await youtube.fail("player", 429, times=1000)
    assert isinstance(await error_of(resolver, VIDEO), PlatformTrouble)


async def test_a_proxy_that_is_not_there_is_transient(tmp_path: Path) -> None:
    settings = YouTubeSettings(proxy="http://127.0.0.1:9")
    async with Resolver(settings, cache_dir=tmp_path, workers=1) as resolver:
        error = await error_of(resolver, VIDEO)
    assert isinstance(error, TransientError)


async def test_an_authority_that_is_not_trusted_says_which_setting_is_missing(youtube: YouTube, tmp_path: Path) -> None:
    async with Resolver(YouTubeSettings(proxy=youtube.proxy_url), cache_dir=tmp_path, workers=1) as resolver:
        error = await error_of(resolver, VIDEO)
    assert isinstance(error, PlatformTrouble)
    assert "ca_file" in error.hint


async def test_cookies_that_are_none_say_how_they_should_be(settings: YouTubeSettings, tmp_path: Path) -> None:
    cookies = tmp_path / "cookies.txt"
    cookies.write_text('{"cookies": "in a format of somebody else"}')
    wrong = settings.model_copy(update={"cookies_file": cookies})
    async with Resolver(wrong, cache_dir=tmp_path, workers=1) as resolver:
        error = await error_of(resolver, VIDEO)
    assert isinstance(error, PlatformTrouble)
    assert "Netscape format" in error.hint


async def test_options_yt_dlp_cannot_take_are_told_at_the_start(settings: YouTubeSettings, tmp_path: Path) -> None:
    wrong = settings.model_copy(update={"options": {"format": "best[height<"}})
    async with Resolver(wrong, cache_dir=tmp_path, workers=1) as resolver:
        with pytest.raises(PlatformTrouble, match="cannot be set up") as caught:
            await resolver.ready()
    assert "[youtube] options" in caught.value.hint


async def test_no_error_or_log_shows_a_media_url(
    youtube: YouTube, resolver: Resolver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    await resolver.resolve(VIDEO)
    await youtube.fail("player", 503, times=1000)
    error = await error_of(resolver, "bbbbbbbbbbb")
    assert "sig=" not in caplog.text + repr(error) + str(error)
