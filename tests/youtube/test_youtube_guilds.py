"""One guild and another at YouTube: nobody waits in another's queue, and nobody borrows the operator's account."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from streaming.ffmpeg import binary
from streaming.model.errors import NonstopError, TransientError, UsageError
from streaming.model.items import Item
from streaming.playlists.registry import Playlists
from streaming.settings import Settings, StreamingSettings, YouTubeSettings
from streaming.youtube.references import parse_reference
from streaming.youtube.resolver import Resolver
from tests.standins.youtube import YouTube

pytestmark = pytest.mark.asyncio(loop_scope="session")
VIDEO = "aaaaaaaaaaa"
LIST = "PLaaaaaaaaaaaaaaaa"
GREEDY, PATIENT, TRUSTED = 1, 2, 3
REFRESHES = 60


async def asked(youtube: YouTube) -> int:
    """How much was asked of YouTube: videos, playlists and their pages."""
    requests = await youtube.requests()
    return requests["watch"] + requests["playlist"] + requests["browse"]


async def list_all(resolver: Resolver, owner: int) -> None:
    async for _ in resolver.list(parse_reference(LIST), owner):
        pass


@asynccontextmanager
async def flooded(
    youtube: YouTube, resolver: Resolver, clip: Path, *, with_videos: bool = False
) -> AsyncIterator[list[asyncio.Task[object]]]:
    """One guild refreshes sixty long playlists at once, and wants as many videos."""
    ids = await youtube.add_videos("flood", 500, clip=clip)
    await youtube.add_playlist(LIST, "Long", ids)
    await youtube.behave(latency_seconds=0.1)
    await resolver.ready()
    tasks: list[asyncio.Task[object]] = [asyncio.create_task(list_all(resolver, GREEDY)) for _ in range(REFRESHES)]
    if with_videos:
        tasks += [asyncio.create_task(resolver.resolve(key, owner=GREEDY)) for key in ids[:REFRESHES]]
    async with asyncio.timeout(10):
        while await asked(youtube) < 2:
            await asyncio.sleep(0.01)
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


@pytest.mark.parametrize("with_videos", [False, True])
@pytest.mark.parametrize("workers", [1, 2])
async def test_video_of_another_guild_waits_for_a_few_questions_and_not_for_all(
    youtube: YouTube, make_resolver: Callable[..., Resolver], clip: Path, *, workers: int, with_videos: bool
) -> None:
    async with (
        make_resolver(workers=workers) as resolver,
        flooded(youtube, resolver, clip, with_videos=with_videos) as tasks,
    ):
        before, videos_before = await asked(youtube), (await youtube.requests())["watch"]
        assert (await resolver.resolve(VIDEO, owner=PATIENT)).item.key == VIDEO
        # What each worker was at, one turn of the greedy guild, and its own.
        assert (await youtube.requests())["watch"] - videos_before <= workers + 2
        if workers == 1:  # with more, pages are read side by side with it
            assert await asked(youtube) - before <= 3
        assert not all(task.done() for task in tasks)


async def test_own_video_does_not_wait_for_own_listings(youtube: YouTube, resolver: Resolver, clip: Path) -> None:
    async with flooded(youtube, resolver, clip):
        before = await asked(youtube)
        await resolver.resolve(VIDEO, owner=GREEDY)
        assert await asked(youtube) - before <= 3


async def test_listing_of_another_guild_moves_on_page_by_page(youtube: YouTube, resolver: Resolver, clip: Path) -> None:
    async with flooded(youtube, resolver, clip) as tasks:
        before = await asked(youtube)
        await list_all(resolver, PATIENT)
        assert await asked(youtube) - before <= 50  # seven questions of its own, and a turn of the other before each
        assert not all(task.done() for task in tasks)


async def test_one_guild_can_have_so_much_waiting_and_no_more(youtube: YouTube, resolver: Resolver, clip: Path) -> None:
    async with flooded(youtube, resolver, clip) as tasks:
        more = [asyncio.create_task(list_all(resolver, GREEDY)) for _ in range(REFRESHES)]
        done, _ = await asyncio.wait(more, return_when=asyncio.FIRST_COMPLETED, timeout=10)
        assert all(isinstance(task.exception(), TransientError) for task in done)
        assert done
        await resolver.resolve(VIDEO, owner=PATIENT)
        tasks.extend(more)


# The operator's account


@pytest.fixture
def account(youtube: YouTube, settings: YouTubeSettings, tmp_path: Path) -> YouTubeSettings:
    """Settings with an account that one guild may use."""
    del youtube
    cookies = tmp_path / "cookies.txt"
    cookies.write_text("# Netscape HTTP Cookie File\n.youtube.com\tTRUE\t/\tTRUE\t4102444800\tSTANDIN\tkept\n")
    return settings.model_copy(update={"cookies_file": cookies, "account_guilds": frozenset({TRUSTED})})


@asynccontextmanager
async def opening(youtube: YouTubeSettings, tmp_path: Path) -> AsyncIterator[Playlists]:
    streaming = StreamingSettings(data_dir=tmp_path)
    async with Playlists(Settings(youtube=youtube, streaming=streaming), binary.find(streaming)) as playlists:
        yield playlists


async def cookies_seen(youtube: YouTube) -> int:
    return (await youtube.requests())["cookie STANDIN"]


async def test_only_guilds_that_are_named_use_the_account(
    youtube: YouTube, account: YouTubeSettings, tmp_path: Path
) -> None:
    item = Item(VIDEO, "First light")
    async with opening(account, tmp_path) as playlists:
        await (await playlists.open(VIDEO, PATIENT)).resolve(item)
        assert await cookies_seen(youtube) == 0
        await (await playlists.open(VIDEO, TRUSTED)).resolve(item)
        assert await cookies_seen(youtube) > 0


@pytest.mark.parametrize("guild_id", [PATIENT, TRUSTED])
async def test_without_a_guild_named_nobody_uses_it(
    youtube: YouTube, account: YouTubeSettings, tmp_path: Path, guild_id: int
) -> None:
    async with opening(account.model_copy(update={"account_guilds": frozenset()}), tmp_path) as playlists:
        await (await playlists.open(VIDEO, guild_id)).resolve(Item(VIDEO, "First light"))
    assert await cookies_seen(youtube) == 0


async def test_what_the_account_has_seen_is_remembered_for_nobody_else(
    youtube: YouTube, account: YouTubeSettings, tmp_path: Path
) -> None:
    item = Item(VIDEO, "First light")
    async with opening(account, tmp_path) as playlists:
        theirs, ours = await playlists.open(VIDEO, PATIENT), await playlists.open(VIDEO, TRUSTED)
        seen = await ours.resolve(item)
        assert ours.is_at_hand(item)
        assert not theirs.is_at_hand(item)
        assert (await theirs.resolve(item)) is not seen
    assert (await youtube.requests())["watch"] == 2


@pytest.mark.parametrize("name", ["WL", "LL", "LM", "HL", "RDMM", "https://www.youtube.com/playlist?list=WL"])
async def test_the_accounts_own_playlists_are_for_guilds_that_may_use_it(
    account: YouTubeSettings, tmp_path: Path, name: str
) -> None:
    async with opening(account, tmp_path) as playlists:
        with pytest.raises(UsageError, match="operator's account"):
            await playlists.open(name, PATIENT)
        assert await playlists.open(name, TRUSTED)


async def test_the_accounts_own_playlist_is_read_with_the_account(
    youtube: YouTube, account: YouTubeSettings, tmp_path: Path
) -> None:
    await youtube.add_playlist("WL", "Watch later", [VIDEO])
    async with opening(account, tmp_path) as playlists:
        keys = [item.key async for item in (await playlists.open("WL", TRUSTED)).items()]
    assert keys == [VIDEO]
    assert await cookies_seen(youtube) > 0


@pytest.mark.parametrize(
    "options",
    [
        {"cookiefile": "x"},
        {"cookiesfrombrowser": ["firefox"]},
        {"username": "me", "password": "secret"},
        {"usenetrc": True, "netrc_location": "/x", "netrc_cmd": "x"},
        {"http_headers": {"Cookie": "SID=1", "authorization": "x"}},
    ],
)
async def test_every_way_to_log_in_is_the_accounts(options: dict[str, object]) -> None:
    settings = YouTubeSettings(options={**options, "socket_timeout": 20})
    assert settings.has_account
    left = settings.without_account().options
    assert not left.pop("http_headers", {})
    assert left == {"socket_timeout": 20}
    assert not settings.without_account().has_account


async def test_an_account_is_nothing_that_can_be_failed_into(account: YouTubeSettings, tmp_path: Path) -> None:
    """A guild that is not named gets the sentence for a private video, and not the video."""
    private = "ppppppppppp"
    async with opening(account, tmp_path) as playlists:
        with pytest.raises(NonstopError):
            await (await playlists.open(private, PATIENT)).resolve(Item(private, "Private"))
