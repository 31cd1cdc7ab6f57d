"""Reads a list again once a round and once an hour, and has the lineup follow its changes."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from random import Random

from streaming.lineup.messages import ListChanges, Relistings
from streaming.lineup.occurrences import Numbering
from streaming.lineup.reader import LineupReader
from streaming.model.backoff import Backoff
from streaming.model.errors import NonstopError
from streaming.model.events import PlayoutEvents
from streaming.model.items import Item, Playlist
from streaming.model.message import NOTHING, Message, joined
from streaming.model.states import LogLevel


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a list is read again."""

    longest_seconds: float = 3600.0
    """The list is never older than this. The moment is random, so that streams begun together do not read together."""
    least_seconds: float = 10.0
    """Rounds may be shorter than this; then the list is not read in each. This is random, too."""
    retry_seconds: float = 60.0
    """At most so long after the first failure; twice as long after each further one."""
    limit_seconds: float = 600.0
    """How long one reading may take."""
    look_seconds: float = 1.0
    """How often the schedule is checked."""


SCHEDULE = Schedule()


class Relister:
    """Reads one stream's list again. A list that fails, is empty or has shrunk for a moment changes nothing."""

    def __init__(
        self,
        playlist: Playlist,
        lineup: LineupReader,
        *,
        follow: Callable[[Sequence[Item]], Awaitable[None]],
        events: PlayoutEvents,
        random: Random,
        schedule: Schedule = SCHEDULE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`follow` replaces the list after a change; `clock` counts seconds and never goes back."""
        self._playlist = playlist
        self._lineup = lineup
        self._follow = follow
        self._events = events
        self._random = random
        self._schedule = schedule
        self._clock = clock
        self._sleep = sleep
        self._not_before = self._at_latest = float("inf")
        self._read_for_round = 0
        self._failures = 0
        self._shrunk: list[Item] = []

    async def run(self) -> None:
        """Keeps the lineup up to date once it was listed for the first time. It never ends."""
        while not self._lineup.is_listed:
            await self._sleep(self._schedule.look_seconds)
        self._read_for_round = self._lineup.round
        self._wait()
        while True:
            await self._sleep(self._schedule.look_seconds)
            if self._is_due:
                await self._read_again()

    @property
    def _is_due(self) -> bool:
        """Whether the list is old, or a round ends: the next one should play the list as it is then."""
        now = self._clock()
        is_round_over = self._lineup.next_round > self._read_for_round
        return now >= self._not_before and (now >= self._at_latest or is_round_over)

    def _wait(self) -> None:
        self._not_before = self._clock() + self._schedule.least_seconds * self._random.uniform(1, 2)
        self._at_latest = self._clock() + self._schedule.longest_seconds * self._random.uniform(0.5, 1)

    def _retry(self, failures: int) -> None:
        backoff = Backoff(self._schedule.retry_seconds, self._schedule.longest_seconds)
        self._not_before = self._at_latest = self._clock() + backoff.delay_seconds(failures, self._random.random())

    async def _read_again(self) -> None:
        next_round = self._lineup.next_round
        try:
            listed = await self._listed()
        except (NonstopError, TimeoutError) as error:
            self._fail(error.full_message if isinstance(error, NonstopError) else Relistings.TOO_SLOW())
            return
        if not listed:
            self._fail(Relistings.EMPTY())
            return
        self._failures = 0
        if not self._is_to_be_believed(listed):
            self._retry(1)
            return
        self._read_for_round = next_round
        self._wait()
        await self._apply(listed)

    async def _listed(self) -> list[Item]:
        """The whole list as it is now. Raises what `Playlist.items` raises, and TimeoutError."""
        numbering = Numbering()
        async with asyncio.timeout(self._schedule.limit_seconds):
            return [numbering.numbered(item) async for item in self._playlist.items()]

    def _is_to_be_believed(self, listed: list[Item]) -> bool:
        """Whether at least half of the list is left. A shorter one is believed when two readings agree."""
        is_shrunk = 2 * len(listed) < self._lineup.length and listed != self._shrunk
        self._shrunk = listed if is_shrunk else []
        return not is_shrunk

    async def _apply(self, listed: list[Item]) -> None:
        known = list(self._lineup.items())
        if listed == known:
            return
        await self._follow(listed)
        if changes := changes_between(known, listed):
            self._events.log(LogLevel.INFO, Relistings.CHANGED(changes=changes))

    def _fail(self, reason: Message) -> None:
        if not self._failures:
            self._events.log(LogLevel.WARNING, Relistings.FAILED(reason=reason))
        self._failures += 1
        self._retry(self._failures)


def changes_between(old: Sequence[Item], new: Sequence[Item]) -> Message:
    """A change of the list in words for people; empty when only titles have changed."""
    before, now = Counter(item.key for item in old), Counter(item.key for item in new)
    changes = list[Message]()
    if added := (now - before).total():
        changes.append(ListChanges.NEW(count=added))
    if gone := (before - now).total():
        changes.append(ListChanges.GONE(count=gone))
    staying = [
        dict.fromkeys(item.key for item in items if item.key in before and item.key in now) for items in (old, new)
    ]
    if list(staying[0]) != list(staying[1]):
        changes.append(ListChanges.REORDERED())
    return joined(changes, ListChanges.BOTH) if changes else NOTHING
