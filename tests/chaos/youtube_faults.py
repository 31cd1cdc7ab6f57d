"""Faults of YouTube and of the processes that ask it."""

import signal
import time
from dataclasses import dataclass
from typing import ClassVar

from tests.chaos.faults import UNSEEN, Cost, Strike, chosen, held, is_alive, keys_of, kill, next_item
from tests.chaos.scenery import Channel
from tests.chaos.stage import Stage
from tests.standins.youtube import Fault as Trouble
from tests.standins.youtube import VideoState

_VIDEO_ITAG = 134
_BYTES_PER_SECOND = 165_000 / 8
"""Of the clips' pictures, about."""
_USUAL_LIFE_SECONDS = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class UrlsExpire:
    """For a while, YouTube's URLs live so short that every item outlives its own."""

    name: ClassVar[str] = "URLs expire mid-item"
    cost: ClassVar[Cost] = UNSEEN
    life_seconds: float = 20.0
    limit_seconds: float = 150.0

    async def inject(self, stage: Stage) -> Strike:
        """Comes back when each channel has read on in an item whose first URL was dead by then."""
        began_at, outlived = time.monotonic(), set[str]()
        first_read_at: dict[str, float] = {}
        known = {read.video_id for read in await stage.youtube.ranges()}
        await stage.youtube.behave(url_life_seconds=self.life_seconds)

        async def every_channel_outlived_one() -> bool:
            now = time.monotonic()
            for read in await stage.youtube.ranges():
                if read.itag == _VIDEO_ITAG and read.video_id not in known and read.status < 300:
                    first_at = first_read_at.setdefault(read.video_id, now)
                    if read.start and now > first_at + self.life_seconds:
                        outlived.add(read.video_id)
            return all(any(v.startswith(c.name) for v in outlived) for c in stage.scenery.channels)

        try:
            await stage.until(every_channel_outlived_one, "items outlive their URLs", limit_seconds=self.limit_seconds)
        finally:
            await stage.youtube.behave(url_life_seconds=_USUAL_LIFE_SECONDS)
        for channel in stage.scenery.channels:
            await next_item(stage, channel)
        return Strike(
            self.name,
            stage.scenery.keys,
            began_at,
            time.monotonic(),
            self.cost,
            f"{len(outlived)} items outlived a URL",
        )


@dataclass(frozen=True, slots=True)
class MediaTrouble:
    """One request in the midst of an item that nobody has asked for yet goes wrong, on each of the channels."""

    name: ClassVar[str] = "media request fails mid-item"
    cost: ClassVar[Cost] = UNSEEN
    trouble: int | Trouble
    channels: tuple[str, ...] = ()
    """None named: all of them."""
    fraction: float = 0.9
    limit_seconds: float = 150.0

    async def inject(self, stage: Stage) -> Strike:
        """Comes back when every channel has met it and has read on."""
        began_at = time.monotonic()
        channels = chosen(stage, self.channels)
        at_byte = int(stage.scenery.seconds * _BYTES_PER_SECOND * self.fraction)
        videos = [channel.video_id(await _unasked(stage, channel)) for channel in channels]
        for video_id in videos:
            await stage.youtube.fail(
                "media", self.trouble, video_id=video_id, itag=_VIDEO_ITAG, at_byte=at_byte, times=1
            )

        async def all_met_it() -> bool:
            reads = [r for r in await stage.youtube.ranges() if r.itag == _VIDEO_ITAG and r.start <= at_byte <= r.end]
            answers = [[read.status for read in reads if read.video_id == video_id] for video_id in videos]
            return all(len(given) > 1 and self.trouble in (*given, *Trouble) for given in answers)

        await stage.until(all_met_it, f"{videos} meet {self.trouble}", limit_seconds=self.limit_seconds)
        over_at = time.monotonic()
        for channel in channels:  # what went wrong was far ahead of what is on air
            await next_item(stage, channel)
        what = f"{self.name} ({self.trouble})"
        return Strike(what, keys_of(channels), began_at, over_at, self.cost, f"met by {len(videos)} items")


@dataclass(frozen=True, slots=True)
class YouTubeStalls:
    """Everything of YouTube's stands still for a while; before that it is barely faster than real time."""

    name: ClassVar[str] = "YouTube stalls"
    cost: ClassVar[Cost] = UNSEEN
    seconds: float = 20.0
    pace: float = 1.5
    """Times real time; 0: as fast as it can."""

    async def inject(self, stage: Stage) -> Strike:
        """With a pace, waits until every channel plays an item that was read at that pace, and has its lead."""
        if self.pace:
            await stage.youtube.behave(pace_bytes_per_second=self.pace * _BYTES_PER_SECOND)
            for channel in stage.scenery.channels:
                await next_item(stage, channel)
            await stage.settled()
        began_at = time.monotonic()
        await held(stage.youtube_process, self.seconds)
        over_at = time.monotonic()
        if self.pace:
            await stage.youtube.behave(pace_bytes_per_second=0.0)
        return Strike(f"{self.name} for {self.seconds:.0f} s", stage.scenery.keys, began_at, over_at, self.cost)


@dataclass(frozen=True, slots=True)
class ItemsUnopenable:
    """An item that nobody has asked for yet cannot be opened, on each channel in another way."""

    name: ClassVar[str] = "item cannot be opened"
    cost: ClassVar[Cost] = Cost(skipped_items=1)
    channels: tuple[str, ...] = ()
    limit_seconds: float = 200.0

    async def inject(self, stage: Stage) -> Strike:
        """Comes back when every channel plays what comes behind it."""
        began_at, channels = time.monotonic(), chosen(stage, self.channels)
        numbers = {channel: await _unasked(stage, channel) for channel in channels}
        for way, channel in enumerate(channels):
            await self._spoil(stage, channel.video_id(numbers[channel]), way)

        async def all_are_past_it() -> bool:
            return all([await stage.playing(channel) > numbers[channel] for channel in channels])

        await stage.until(all_are_past_it, "the items are passed over", limit_seconds=self.limit_seconds)
        return Strike(self.name, keys_of(channels), began_at, time.monotonic(), self.cost)

    @staticmethod
    async def _spoil(stage: Stage, video_id: str, way: int) -> None:
        match way % 3:
            case 0:
                await stage.youtube.add_video(video_id, "Gone", state=VideoState.PRIVATE)
            case 1:
                await stage.youtube.fail("media", 403, video_id=video_id, times=1000)
            case _:
                await stage.youtube.fail("media", Trouble.RESET, video_id=video_id, times=1000)


@dataclass(frozen=True, slots=True)
class ResolversHang:
    """Every process with yt-dlp in it stands still; whichever is asked must be killed at its limit."""

    name: ClassVar[str] = "resolver hangs"
    cost: ClassVar[Cost] = UNSEEN
    limit_seconds: float = 120.0

    async def inject(self, stage: Stage) -> Strike:
        """Comes back when one of them was found out."""
        workers, began_at = stage.resolvers(), time.monotonic()
        for worker in workers:
            worker.send_signal(signal.SIGSTOP)

        async def one_is_gone() -> bool:
            return not all(map(is_alive, workers))

        try:
            await stage.until(one_is_gone, "a resolver that hangs is killed", limit_seconds=self.limit_seconds)
        finally:
            for worker in filter(is_alive, workers):
                worker.send_signal(signal.SIGCONT)
        over_at = time.monotonic()
        evidence = f"found out after {over_at - began_at:.0f} s"
        return Strike(self.name, stage.scenery.keys, began_at, over_at, self.cost, evidence)


@dataclass(frozen=True, slots=True)
class ResolversKilled:
    """`kill -9` of every process with yt-dlp in it."""

    name: ClassVar[str] = "resolver killed"
    cost: ClassVar[Cost] = UNSEEN

    async def inject(self, stage: Stage) -> Strike:
        """Comes back when the channels have gone on to items that were resolved since."""
        workers, began_at = stage.resolvers(), time.monotonic()
        kill(workers)
        for channel in stage.scenery.channels:
            await next_item(stage, channel)
        return Strike(self.name, stage.scenery.keys, began_at, time.monotonic(), self.cost, f"{len(workers)} killed")


async def _unasked(stage: Stage, channel: Channel) -> int:
    """The item after the next one, which may be open already; towards the end of an item, so may that one."""
    now = (await stage.status(channel)).now_playing
    is_late = now is not None and now.position_seconds > stage.scenery.seconds / 2
    return await stage.playing(channel) + (3 if is_late else 2)
