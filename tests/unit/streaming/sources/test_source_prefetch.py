"""The beginning of a part is fetched before anybody asks, once, and read as if it were not kept."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing

import pytest

from streaming.model.backoff import Backoff
from streaming.model.errors import NonstopError
from streaming.model.items import Item, Media, PartKind
from streaming.model.patience import Patience
from streaming.settings import YouTubeSettings
from streaming.sources.prefetch import PREFETCH_BYTES
from streaming.sources.server import OpenSource, Reader, SourceServer
from tests.standins.origin import Fault, Origin, Trouble, running

DATA = random.Random(3).randbytes(3 * PREFETCH_BYTES)
PATIENCE = Patience(backoff=Backoff(0.002, 0.002), stall_seconds=0.3)


@pytest.fixture
async def origin() -> AsyncIterator[Origin]:
    async with running(Origin({"long": DATA, "short": DATA[:1000]})) as origin:
        yield origin


@pytest.fixture
async def source(origin: Origin) -> AsyncIterator[OpenSource]:
    """A long part with pictures and a short one with sound, entered."""
    media = Media(Item("one", "One"), (origin.part("long", PartKind.VIDEO), origin.part("short", PartKind.AUDIO)))

    async def refresh() -> Media:
        return media

    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(SourceServer(YouTubeSettings(), patience=PATIENCE))
        yield await stack.enter_async_context(server.open(media, refresh))


async def read(reader: Reader, start: int, stop: int | None = None) -> bytes:
    found = bytearray()
    async with asyncio.timeout(10), aclosing(reader.read(start, stop)) as chunks:
        async for chunk in chunks:
            found += chunk
    return bytes(found)


async def test_both_beginnings_are_asked_for_before_anybody_reads(origin: Origin, source: OpenSource) -> None:
    async with asyncio.timeout(5):
        while len(origin.asked) < len(source.readers):
            await asyncio.sleep(0.01)


async def test_steps_within_the_beginning_cost_one_request(origin: Origin, source: OpenSource) -> None:
    reader = source.readers[PartKind.VIDEO]
    for start in (0, 881, 100):
        assert await read(reader, start, start + 5000) == DATA[start : start + 5000]
    assert await read(source.readers[PartKind.AUDIO], 500) == DATA[500:1000]
    assert len(origin.asked) == 2


@pytest.mark.parametrize("start", [0, 881, PREFETCH_BYTES - 1, PREFETCH_BYTES, PREFETCH_BYTES + 7])
@pytest.mark.parametrize("stop", [PREFETCH_BYTES, 2 * PREFETCH_BYTES + 1, None])
async def test_reading_on_past_the_beginning_gives_every_byte_once(
    start: int, stop: int | None, source: OpenSource
) -> None:
    for _ in range(2):
        assert await read(source.readers[PartKind.VIDEO], start, stop) == DATA[start:stop]


async def test_what_ends_the_fetching_is_told_to_every_reader(origin: Origin) -> None:
    origin.plan("long", *[Fault(Trouble.STATUS, status=418)] * 9)
    media = Media(Item("one", "One"), (origin.part("long"),))

    async def refresh() -> Media:
        return media

    async with SourceServer(YouTubeSettings(), patience=PATIENCE) as server, server.open(media, refresh) as source:
        for _ in range(2):
            with pytest.raises(NonstopError, match="418"):
                await read(source.readers[PartKind.BOTH], 0)
