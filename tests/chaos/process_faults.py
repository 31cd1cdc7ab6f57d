"""Faults of our own processes, of the ingests, and of the database between bot and engine."""

import asyncio
import time
from dataclasses import dataclass
from typing import ClassVar

from tests.chaos.faults import BROKEN, REPEATED_SECONDS, UNSEEN, Cost, Strike, is_alive, kill
from tests.chaos.stage import Stage

_ABSENT_LONG_SECONDS = 60.0
_MOST_BEHIND_SECONDS = 15.0
"""A target further behind the others than this is moved up to them; what it was behind before is missed, too."""
_ORPHANS_SECONDS = 5.0


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
            repeated_seconds=REPEATED_SECONDS,
            lost_seconds=0.0 if self.is_alone else self.seconds + _MOST_BEHIND_SECONDS,
        )

    async def inject(self, stage: Stage) -> Strike:
        """Waits for its return and for media; beside another target, until it is told what was missed."""
        before_seconds = await self._told_missed_seconds(stage)
        began_at, over_at = await stage.ingests.away(self.key, seconds=self.seconds)
        await stage.ingests.media_after(self.key, over_at, timeout_seconds=30)
        if not self.is_alone:
            await stage.played_on(over_at)
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
    cost: ClassVar[Cost] = Cost(back_seconds=3.0, lost_seconds=REPEATED_SECONDS, repeated_seconds=REPEATED_SECONDS)

    async def inject(self, stage: Stage) -> Strike:
        """Waits until every key has media again, and sees that nothing of the old engine runs on."""
        began_at = time.monotonic()
        orphans, over_at = await stage.engine.kill_and_start()
        for key in stage.scenery.keys:
            await stage.ingests.media_after(key, over_at, timeout_seconds=60)

        async def nothing_is_left() -> bool:
            return not any(map(is_alive, orphans))

        await stage.until(nothing_is_left, "nothing of a killed engine runs on", limit_seconds=_ORPHANS_SECONDS)
        return Strike(
            self.name, stage.scenery.keys, began_at, over_at, self.cost, f"{len(orphans)} processes went with it"
        )


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
class DiscordUnreachable:
    """A bot is started that cannot reach Discord for a while."""

    name: ClassVar[str] = "Discord unreachable"
    cost: ClassVar[Cost] = UNSEEN
    seconds: float = 8.0

    async def inject(self, stage: Stage) -> Strike:
        """Sees that the bot stays, and waits until it has logged in."""
        began_at = time.monotonic()
        async with stage.bot_without_discord() as process:
            await asyncio.sleep(self.seconds)
            assert process.returncode is None, "a bot that cannot reach Discord has ended"
        return Strike(self.name, stage.scenery.keys, began_at, time.monotonic(), self.cost, "logged in after it")


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
