"""What a fault is: something done from outside, and what it may cost at the ingest."""

import asyncio
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import psutil

from streaming.model.profiles import PROFILES
from tests.chaos.scenery import Channel
from tests.chaos.stage import PROFILE, Stage

REPEATED_SECONDS = PROFILES[PROFILE].gop_seconds + 2.0
"""A GOP, and what may have been lost on the way when a connection broke."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a fault may cost at the ingest. Without `back_seconds` the publication goes on and no gap is seen."""

    back_seconds: float | None = None
    lost_seconds: float = 0.0
    repeated_seconds: float = 0.0
    skipped_items: int = 0


UNSEEN = Cost()
BROKEN = Cost(back_seconds=0.5, repeated_seconds=REPEATED_SECONDS)


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
