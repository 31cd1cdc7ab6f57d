"""The faults: what can go wrong from outside, each done for real, and what it may cost at the ingest."""

import asyncio
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import psutil

from streaming.ffmpeg.profiles import PROFILES
from tests.chaos.stage import PROFILE, Channel, Stage
from tests.standins.youtube import Fault as Trouble
from tests.standins.youtube import VideoState

VIDEO_ITAG = 134
GOP_SECONDS = float(PROFILES[PROFILE].gop_seconds)
_REPEATED_SECONDS = GOP_SECONDS + 2.0
_ABSENT_LONG_SECONDS = 60.0
_BYTES_PER_SECOND = 165_000 / 8
"""Of the clips' pictures, about."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a fault may cost at the ingest. Without `back_seconds` the publication goes on and no gap is seen."""

    back_seconds: float | None = None
    lost_seconds: float = 0.0
    repeated_seconds: float = 0.0
    skipped_items: int = 0


UNSEEN = Cost()
BROKEN = Cost(back_seconds=0.5, repeated_seconds=_REPEATED_SECONDS)


@dataclass(frozen=True, slots=True)
class Strike:
    """A fault that was done: when, whom it may concern, and when what was broken was there again."""

    fault: str
    keys: tuple[str, ...]
    at: float
    over_at: float
    cost: Cost
    evidence: str = ""
    """How it is known that it had an effect at all, in words for people."""
    told_missed_seconds: float | None = None
    """What operators are told that a target missed."""


class Fault(Protocol):
    """Something that goes wrong."""

    name: ClassVar[str]

    @property
    def cost(self) -> Cost:
        """What it may cost at the ingest."""

    async def inject(self, stage: Stage) -> Strike:
        """Does it, and comes back when its cause is over and its effect was seen. Raises TimeoutError without one."""


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
                if read.itag == VIDEO_ITAG and read.video_id not in known and read.status < 300:
                    first_at = first_read_at.setdefault(read.video_id, now)
                    if read.start and now > first_at + self.life_seconds:
                        outlived.add(read.video_id)
            return all(any(v.startswith(c.name) for v in outlived) for c in stage.scenery.channels)

        try:
            await stage.until(every_channel_outlived_one, "items outlive their URLs", limit_seconds=self.limit_seconds)
        finally:
            await stage.youtube.behave(url_life_seconds=6 * 3600.0)
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
    """One request in the midst of the next item goes wrong, on each of the channels."""

    name: ClassVar[str] = "media request fails mid-item"
    cost: ClassVar[Cost] = UNSEEN
    trouble: int | Trouble
    channels: tuple[str, ...] = ()
    """None named: all of them."""
    fraction: float = 0.9
    limit_seconds: float = 90.0

    async def inject(self, stage: Stage) -> Strike:
        """Comes back when every channel has met it and has read on."""
        began_at = time.monotonic()
        channels = chosen(stage, self.channels)
        at_byte = int(stage.scenery.seconds * _BYTES_PER_SECOND * self.fraction)
        videos = [channel.video_id(await stage.playing(channel) + 1) for channel in channels]
        for video_id in videos:
            await stage.youtube.fail(
                "media", self.trouble, video_id=video_id, itag=VIDEO_ITAG, at_byte=at_byte, times=1
            )

        async def all_met_it() -> bool:
            reads = [r for r in await stage.youtube.ranges() if r.itag == VIDEO_ITAG and r.start <= at_byte <= r.end]
            return all(sum(read.video_id == video_id for read in reads) > 1 for video_id in videos)

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
    pace: float = 2.0
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
    """The item after the next one cannot be opened, on each channel in another way."""

    name: ClassVar[str] = "item cannot be opened"
    cost: ClassVar[Cost] = Cost(skipped_items=1)
    channels: tuple[str, ...] = ()
    limit_seconds: float = 150.0

    async def inject(self, stage: Stage) -> Strike:
        """Comes back when every channel plays what comes behind it."""
        began_at, channels = time.monotonic(), chosen(stage, self.channels)
        numbers = {channel: await stage.playing(channel) + 2 for channel in channels}
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
class FeedersKilled:
    """`kill -9` of feeders: one of them, chosen by `lot` from 0 to 1, or all."""

    name: ClassVar[str] = "feeder killed"
    cost: ClassVar[Cost] = UNSEEN
    lot: float | None = None

    async def inject(self, stage: Stage) -> Strike:
        """Kills them, as soon as there are as many as channels; a feeder is there while its item is read."""

        async def are_there() -> bool:
            return self.lot is not None or len(stage.feeders()) >= len(stage.scenery.channels)

        await stage.until(are_there, "every channel has a feeder")
        feeders = stage.feeders()
        victims = feeders if self.lot is None else feeders[int(self.lot * len(feeders)) :][:1]
        began_at = time.monotonic()
        kill(victims)
        return Strike(self.name, stage.scenery.keys, began_at, began_at, self.cost, f"{len(victims)} killed")


@dataclass(frozen=True, slots=True)
class UplinkKilled:
    """`kill -9` of the uplink that publishes under a key."""

    name: ClassVar[str] = "uplink killed"
    cost: ClassVar[Cost] = BROKEN
    key: str

    async def inject(self, stage: Stage) -> Strike:
        """Kills it and waits for media to come again."""
        victims = stage.uplinks(self.key)
        began_at = time.monotonic()
        kill(victims)
        await stage.ingests.media_after(self.key, began_at + 0.2, timeout_seconds=30)
        return Strike(self.name, (self.key,), began_at, began_at, self.cost, f"{len(victims)} killed")


@dataclass(frozen=True, slots=True)
class IngestResets:
    """The ingest resets the connection (RST)."""

    name: ClassVar[str] = "ingest resets it"
    cost: ClassVar[Cost] = BROKEN
    key: str

    async def inject(self, stage: Stage) -> Strike:
        """Resets it and waits for media to come again."""
        began_at = await stage.ingests.drop(self.key)
        await stage.ingests.media_after(self.key, began_at + 0.2, timeout_seconds=30)
        return Strike(self.name, (self.key,), began_at, began_at, self.cost)


@dataclass(frozen=True, slots=True)
class IngestRefuses:
    """The ingest resets the connection and refuses new ones for a while."""

    name: ClassVar[str] = "ingest refuses"
    key: str
    seconds: float = 8.0
    is_alone: bool = True
    """Whether nothing else publishes the same stream meanwhile."""

    @property
    def cost(self) -> Cost:
        """Beside another target, what is too far behind is missed."""
        return Cost(
            back_seconds=1.5 if self.seconds < _ABSENT_LONG_SECONDS else 5.0,
            repeated_seconds=_REPEATED_SECONDS,
            lost_seconds=0.0 if self.is_alone else self.seconds + _REPEATED_SECONDS,
        )

    async def inject(self, stage: Stage) -> Strike:
        """Waits for its return, and for media."""
        before_seconds = await self._told_missed_seconds(stage)
        began_at, over_at = await stage.ingests.away(self.key, seconds=self.seconds)
        await stage.ingests.media_after(self.key, over_at, timeout_seconds=30)
        missed_seconds = await self._told_missed_seconds(stage) - before_seconds
        what, told = f"{self.name} for {self.seconds:.0f} s", f"{missed_seconds:.1f} s told as missed"
        if self.is_alone:
            return Strike(what, (self.key,), began_at, over_at, self.cost)
        return Strike(f"{what}, beside another", (self.key,), began_at, over_at, self.cost, told, missed_seconds)

    async def _told_missed_seconds(self, stage: Stage) -> float:
        """What people are told that the target missed; it is written down once a second."""
        targets = (await stage.status(stage.scenery.channel_of(self.key))).targets
        return next(target.missed_seconds for target in targets if target.name == self.key)


@dataclass(frozen=True, slots=True)
class EngineKilled:
    """`kill -9` of the engine, which is started again at once."""

    name: ClassVar[str] = "engine killed and restarted"
    cost: ClassVar[Cost] = Cost(back_seconds=3.0, lost_seconds=_REPEATED_SECONDS, repeated_seconds=_REPEATED_SECONDS)

    async def inject(self, stage: Stage) -> Strike:
        """Waits until every key has media again, and sees that nothing of the old engine runs on."""
        began_at = time.monotonic()
        orphans, over_at = await stage.engine.kill_and_start()
        for key in stage.scenery.keys:
            await stage.ingests.media_after(key, over_at, timeout_seconds=60)
        left = [process for process in orphans if is_alive(process)]
        return Strike(self.name, stage.scenery.keys, began_at, over_at, self.cost, f"{len(left)} orphans")


@dataclass(frozen=True, slots=True)
class BotKilled:
    """`kill -9` of the bot, which is started again."""

    name: ClassVar[str] = "bot killed and restarted"
    cost: ClassVar[Cost] = UNSEEN

    async def inject(self, stage: Stage) -> Strike:
        """Waits until the second one has logged in."""
        async with stage.bot() as process:
            began_at = time.monotonic()
            process.kill()
            await process.wait()
        async with stage.bot():
            return Strike(self.name, stage.scenery.keys, began_at, time.monotonic(), self.cost, "logged in again")


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


@dataclass(frozen=True, slots=True)
class DatabaseLocked:
    """Somebody else writes to the database, and takes their time."""

    name: ClassVar[str] = "database locked"
    cost: ClassVar[Cost] = UNSEEN
    seconds: float = 30.0

    async def inject(self, stage: Stage) -> Strike:
        """Holds it."""
        began_at = time.monotonic()
        await asyncio.to_thread(stage.lock_database, self.seconds)
        what = f"{self.name} for {self.seconds:.0f} s"
        return Strike(what, stage.scenery.keys, began_at, time.monotonic(), self.cost)


# What faults have in common


def chosen(stage: Stage, names: Sequence[str]) -> list[Channel]:
    """The channels named, or all."""
    return [channel for channel in stage.scenery.channels if not names or channel.name in names]


def keys_of(channels: Sequence[Channel]) -> tuple[str, ...]:
    """All that they publish."""
    return tuple(key for channel in channels for key in channel.keys)


async def next_item(stage: Stage, channel: Channel, *, limit_seconds: float = 120.0) -> None:
    """Waits until a channel plays another video than now."""
    before = await stage.playing(channel)

    async def has_changed() -> bool:
        return await stage.playing(channel) > before

    await stage.until(has_changed, f"{channel.name} goes on to its next item", limit_seconds=limit_seconds)


async def held(process: psutil.Process, seconds: float) -> None:
    """Lets a process stand still for a while."""
    process.send_signal(signal.SIGSTOP)
    try:
        await asyncio.sleep(seconds)
    finally:
        process.send_signal(signal.SIGCONT)


def kill(processes: Sequence[psutil.Process]) -> None:
    """SIGKILL to each that is still there."""
    for process in filter(is_alive, processes):
        process.kill()


def is_alive(process: psutil.Process) -> bool:
    """Whether it runs or hangs; what has ended and was not fetched by its parent does not count."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
