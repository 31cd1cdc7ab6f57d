"""URLs are replaced before they expire, by a clock that can be moved: hours and days pass in no time."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from streaming.engine.url_refresh import Refresher
from streaming.model.backoff import Backoff
from streaming.model.errors import NonstopError, PlatformTrouble
from streaming.model.items import Item, Media
from streaming.model.message import Message
from streaming.model.patience import Patience
from streaming.settings import YouTubeSettings
from streaming.sources.remote import Timing
from streaming.sources.server import OpenSource, SourceServer
from tests.standins.origin import Origin, running

HOUR = 3600.0
LIFE_SECONDS = 6 * HOUR
ITEM = Item("long", "Long")
RANGE_BYTES = 256 << 10  # the least that is asked for at a time
DATA = random.Random(3).randbytes(64 * RANGE_BYTES)
PATIENCE = Patience(backoff=Backoff(0.002, 0.002))


@dataclass
class Clock:
    """Unix time, moved by hand."""

    time: float = 1_800_000_000.0

    def now(self) -> float:
        return self.time


@dataclass
class Scene:
    """One open item, and what its platform answers when it is resolved again."""

    origin: Origin
    server: SourceServer
    clock: Clock
    refresher: Refresher = field(init=False)
    refusal: NonstopError | None = None
    asked: int = 0
    format_id: str = "136"

    def __post_init__(self) -> None:
        self.refresher = Refresher(self.server)

    def open(self, *, hours: float | None) -> OpenSource:
        duration_seconds = None if hours is None else hours * HOUR
        return self.server.open(self._media(duration_seconds), lambda: self._resolve(duration_seconds))

    async def _resolve(self, duration_seconds: float | None) -> Media:
        self.asked += 1
        if self.refusal:
            raise self.refusal
        return self._media(duration_seconds)

    def _media(self, duration_seconds: float | None) -> Media:
        part = self.origin.part("clip", life_seconds=LIFE_SECONDS)
        return Media(ITEM, (replace(part, bitrate_kbps=1.0, format_id=self.format_id),), duration_seconds)

    async def pass_time(self, *, hours: float) -> None:
        """Lets the refresher look every quarter of a minute."""
        for _ in range(int(hours * HOUR / 15)):
            self.clock.time += 15
            await self.refresher.refresh()


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    clock = Clock()
    timing = Timing(clock.now, asyncio.sleep)
    async with (
        running(Origin({"clip": DATA}, now=clock.now)) as origin,
        SourceServer(YouTubeSettings(), patience=PATIENCE, timing=timing) as server,
    ):
        yield Scene(origin, server, clock)


async def test_a_video_twice_as_long_as_its_urls_live_plays_through_without_one_refusal(scene: Scene) -> None:
    async with scene.open(hours=12) as source:
        (reader,) = source.readers.values()
        got = bytearray()
        async with asyncio.timeout(60), aclosing(reader.read(0)) as chunks:
            async for chunk in chunks:
                got += chunk
                scene.clock.time += 12 * HOUR * len(chunk) / len(DATA)
                await scene.refresher.refresh()
        assert got == DATA
        assert 403 not in scene.origin.statuses("clip")
        assert scene.asked == source.refreshes
        assert source.refreshes in (2, 3)


async def test_a_url_that_lasts_is_left_alone(scene: Scene) -> None:
    async with scene.open(hours=1):
        await scene.pass_time(hours=4)
        assert scene.asked == 0


async def test_an_item_that_waits_for_its_turn_is_refreshed_as_well(scene: Scene) -> None:
    async with scene.open(hours=1) as waiting:
        await scene.pass_time(hours=24)
        assert waiting.life
        assert waiting.life.left_seconds > HOUR
        assert scene.asked < 6


async def test_an_item_of_unknown_length_is_refreshed_when_half_its_life_is_gone(scene: Scene) -> None:
    async with scene.open(hours=None):
        await scene.pass_time(hours=2.9)
        assert scene.asked == 0
        await scene.pass_time(hours=0.2)
        assert scene.asked == 1


async def test_what_cannot_be_refreshed_now_is_tried_again_less_often_than_it_is_looked_at(scene: Scene) -> None:
    async with scene.open(hours=12) as source:
        scene.refusal = PlatformTrouble(Message("YouTube asks this address to prove that it is not a bot."))
        await scene.pass_time(hours=5.5)
        assert 10 <= scene.asked <= 25
        scene.refusal = None
        await scene.pass_time(hours=0.4)
        assert source.refreshes == 1
        assert source.failure is None


async def test_urls_that_still_work_are_kept_when_only_another_format_is_to_be_had(scene: Scene) -> None:
    async with scene.open(hours=12) as source:
        scene.format_id = "18"
        await scene.pass_time(hours=4)
        assert scene.asked
        assert source.refreshes == 0
        assert source.media.formats == ("136",)
        assert source.failure is None


@pytest.mark.parametrize("hours", [1.0, 7.0, -1.0, -7.0], ids=lambda hours: f"{hours:+g} h")
async def test_a_clock_that_jumps_neither_stops_the_reading_nor_hammers_the_platform(
    scene: Scene, hours: float
) -> None:
    async with scene.open(hours=12) as source:
        shift = hours * HOUR
        scene.origin.now = lambda: scene.clock.now() - shift
        scene.clock.time += shift
        await scene.pass_time(hours=2)
        (reader,) = source.readers.values()
        async with asyncio.timeout(20), aclosing(reader.read(0)) as chunks:
            assert b"".join([chunk async for chunk in chunks]) == DATA
        assert scene.asked <= 2


async def test_the_job_looks_at_regular_times(scene: Scene) -> None:
    async with scene.open(hours=12) as source, Refresher(scene.server, interval_seconds=0.05):
        scene.clock.time += 4 * HOUR
        await _renewed(source)


async def test_the_job_goes_on_when_the_machines_clock_is_set_back(scene: Scene) -> None:
    async with scene.open(hours=12) as source, Refresher(scene.server, interval_seconds=0.05) as refresher:
        (job,) = refresher.scheduler.get_jobs()
        job.modify(next_run_time=datetime.now(UTC) + timedelta(hours=1))  # so it looks after an hour back
        scene.clock.time += 4 * HOUR
        await _renewed(source)


async def _renewed(source: OpenSource) -> None:
    async with asyncio.timeout(5):
        while not source.refreshes:
            await asyncio.sleep(0.01)


async def test_an_item_that_is_closed_meanwhile_ends_its_refresh_and_not_the_job(scene: Scene) -> None:
    is_asked = asyncio.Event()

    async def never() -> Media:
        is_asked.set()
        return await asyncio.Future()

    async with scene.server.open(scene._media(None), never):
        scene.clock.time += 4 * HOUR
        refreshing = asyncio.create_task(scene.refresher.refresh())
        async with asyncio.timeout(10):
            await is_asked.wait()
    async with asyncio.timeout(10):
        await asyncio.wait([refreshing])
    assert not refreshing.cancelled()
    refreshing.result()
