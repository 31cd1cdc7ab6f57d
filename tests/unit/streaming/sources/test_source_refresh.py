"""URLs that are refused or expired are replaced, and reading continues at the same byte."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from streaming.model.errors import ItemUnavailable, ItemUnplayable, PlatformTrouble, TransientError
from streaming.model.items import PartKind
from streaming.model.message import Message
from streaming.settings import YouTubeSettings
from streaming.sources.refresh import RefreshableMedia
from tests.standins.origin import Fault, Trouble
from tests.unit.streaming.sources.remote_parts import DATA, PATIENCE, Scene, opened, read, read_rest


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with opened(YouTubeSettings()) as scene:
        yield scene


@pytest.mark.parametrize("status", [403, 410])
async def test_a_refused_url_is_replaced_and_read_on_at_the_same_byte(scene: Scene, status: int) -> None:
    reader = scene.reader()
    scene.origin.plan("clip", Fault(Trouble.CUT, 100_000), Fault(Trouble.STATUS, status=status))
    assert await read(reader) == DATA
    assert scene.refreshes == 1
    assert [asked.start for asked in scene.origin.asked][:3] == [0, 100_000, 100_000]


async def test_two_parts_refused_at_once_share_one_refresh(scene: Scene) -> None:
    scene.names = (("picture", PartKind.VIDEO), ("sound", PartKind.AUDIO))
    scene.origin.files = {"picture": DATA, "sound": DATA[: 1 << 20]}
    refreshable = scene.refreshable()
    both_refused = asyncio.Event()

    async def until_both_are_refused() -> None:
        while not (403 in scene.origin.statuses("picture") and 403 in scene.origin.statuses("sound")):
            await asyncio.sleep(0.01)
        both_refused.set()

    scene.on_refresh = until_both_are_refused
    scene.origin.revoke()
    readers = [scene.reader(refreshable, kind) for _, kind in scene.names]
    assert await asyncio.gather(*map(read, readers)) == [DATA, DATA[: 1 << 20]]
    assert both_refused.is_set()
    assert scene.refreshes == refreshable.refreshes == 1


async def test_a_url_that_expired_while_waiting_is_not_even_asked(scene: Scene) -> None:
    reader = scene.reader()
    scene.clock.time += 3601
    assert await read(reader) == DATA
    assert scene.refreshes == 1
    assert 403 not in scene.origin.statuses("clip")


async def test_a_url_is_replaced_as_soon_as_its_time_is_over(scene: Scene) -> None:
    reader = scene.reader()
    async with aclosing(reader.read(0)) as chunks:
        got = await anext(chunks)
        scene.clock.time += 3601
        got += b"".join([chunk async for chunk in chunks])
    assert got == DATA
    assert scene.refreshes == 1
    assert 403 not in scene.origin.statuses("clip")


async def test_what_is_refused_by_every_fresh_url_is_unavailable(scene: Scene) -> None:
    scene.origin.plan("clip", *[Fault(Trouble.STATUS, status=403)] * 9)
    with pytest.raises(ItemUnavailable, match="HTTP 403"):
        await read(scene.reader())
    assert scene.refreshes == PATIENCE.refusals


async def test_a_url_that_is_expired_by_our_clock_alone_is_used_all_the_same(scene: Scene) -> None:
    scene.origin.now = lambda: scene.clock.now() - 7200
    assert await read(scene.reader()) == DATA


async def test_trouble_of_the_platform_while_refreshing_is_passed_on(scene: Scene) -> None:
    async def bot_check() -> None:
        raise PlatformTrouble(Message("YouTube wants to know whether we are a bot."))

    scene.on_refresh = bot_check
    scene.origin.revoke()
    refreshable = scene.refreshable()
    scene.origin.revoke()
    with pytest.raises(PlatformTrouble):
        await read(scene.reader(refreshable))


async def test_a_refresh_that_fails_for_a_moment_is_tried_again(scene: Scene) -> None:
    async def fail_once() -> None:
        if scene.refreshes == 1:
            raise TransientError(Message("The worker died."))

    scene.on_refresh = fail_once
    refreshable = scene.refreshable()
    scene.origin.revoke()
    assert await read(scene.reader(refreshable)) == DATA
    assert scene.refreshes == 2


async def test_a_refresh_that_hangs_ends_at_its_limit(scene: Scene) -> None:
    refreshable = RefreshableMedia(scene.media(), asyncio.Event().wait, limit_seconds=0.05)  # type: ignore[arg-type]  # never gives
    with pytest.raises(TransientError, match="no new URL"):
        await refreshable.refresh(refreshable.current)


async def test_another_format_is_not_spliced(scene: Scene) -> None:
    scene.origin.files["other"] = DATA
    scene.origin.plan("clip", Fault(Trouble.CUT, 100_000), Fault(Trouble.STATUS, status=403))
    reader = scene.reader()
    async with aclosing(reader.read(0)) as chunks:
        await anext(chunks)
        scene.names = (("other", PartKind.BOTH),)
        with pytest.raises(ItemUnplayable, match="another format"):
            await read_rest(chunks)
