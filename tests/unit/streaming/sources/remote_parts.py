"""An origin whose clock is moved by hand, and readers of the parts it serves."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace

from streaming.model.backoff import Backoff
from streaming.model.items import Item, Media, PartKind
from streaming.model.patience import Patience
from streaming.settings import YouTubeSettings
from streaming.sources.origin import OriginClient
from streaming.sources.refresh import RefreshableMedia
from streaming.sources.remote import RemoteReader, Timing
from tests.standins.origin import Origin, running

DATA = random.Random(1).randbytes(3 << 20)
ITEM = Item("one", "One")
PATIENCE = Patience(backoff=Backoff(0.02, 0.02), stall_seconds=0.2)
KBPS = 100.0  # so that a range is 30 s × 12,500 bytes
RANGE_BYTES = 375_000


@dataclass
class Clock:
    """A wall clock that is moved by hand, and by those who wait."""

    time: float = 1_000_000.0
    waits: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds
        await asyncio.sleep(0)


@dataclass
class Scene:
    """An origin, one item of it, and readers of the item's parts."""

    origin: Origin
    client: OriginClient
    clock: Clock
    life_seconds: float = 3600
    names: tuple[tuple[str, PartKind], ...] = (("clip", PartKind.BOTH),)
    refreshes: int = 0
    on_refresh: Callable[[], Awaitable[None]] | None = None

    def media(self) -> Media:
        parts = (self.origin.part(name, kind, life_seconds=self.life_seconds) for name, kind in self.names)
        return Media(ITEM, tuple(replace(part, bitrate_kbps=KBPS) for part in parts))

    async def refresh(self) -> Media:
        self.refreshes += 1
        if self.on_refresh:
            await self.on_refresh()
        return self.media()

    def refreshable(self, media: Media | None = None) -> RefreshableMedia:
        return RefreshableMedia(media or self.media(), self.refresh, limit_seconds=5, now=self.clock.now)

    def reader(
        self, media: RefreshableMedia | None = None, kind: PartKind = PartKind.BOTH, patience: Patience = PATIENCE
    ) -> RemoteReader:
        timing = Timing(self.clock.now, self.clock.sleep)
        return RemoteReader(media or self.refreshable(), kind, self.client, patience=patience, timing=timing)


@asynccontextmanager
async def opened(youtube: YouTubeSettings) -> AsyncIterator[Scene]:
    clock = Clock()
    async with AsyncExitStack() as stack:
        origin = await stack.enter_async_context(running(Origin({"clip": DATA}, now=clock.now)))
        client = OriginClient(youtube, connect_seconds=2, stall_seconds=PATIENCE.stall_seconds)
        await stack.enter_async_context(client)
        yield Scene(origin, client, clock)


async def read(reader: RemoteReader, start: int = 0, stop: int | None = None) -> bytes:
    async with asyncio.timeout(20), aclosing(reader.read(start, stop)) as chunks:
        return b"".join([chunk async for chunk in chunks])


async def read_rest(chunks: AsyncIterator[bytes]) -> None:
    async with asyncio.timeout(10):
        async for _ in chunks:
            pass
