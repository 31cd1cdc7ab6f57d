"""When a list is read again, what of it is believed, and what is told."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random

import pytest

from streaming.lineup.lineup import Lineup
from streaming.lineup.occurrences import numbered
from streaming.lineup.relisting import Relister, Schedule, changes_between
from streaming.model.errors import NonstopError, PlatformTrouble, PlaylistError, TransientError
from streaming.model.items import Item, Media
from streaming.model.message import Message
from streaming.model.states import LogLevel
from tests.standins.paper_events import PaperEvents

SCHEDULE = Schedule()


def listed(keys: str) -> list[Item]:
    return numbered(Item(key, key.upper()) for key in keys)


@dataclass
class Paper:
    """A playlist as it is written down."""

    keys: str
    fault: NonstopError | None = None
    breaks_after: int = 1_000_000
    is_stuck: bool = False
    readings: int = 0

    reference = title = "paper"

    async def items(self) -> AsyncIterator[Item]:
        self.readings += 1
        if self.is_stuck:
            await asyncio.Event().wait()
        for number, key in enumerate(self.keys):
            if self.fault and number >= self.breaks_after:
                raise self.fault
            yield Item(key, key.upper())
        if self.fault:
            raise self.fault

    async def resolve(self, item: Item, *, fresh: bool = False, avoid: frozenset[str] = frozenset()) -> Media:
        raise NotImplementedError

    def is_at_hand(self, item: Item) -> bool:  # noqa: ARG002
        return True


@dataclass
class Scene:
    """A relister whose seconds pass at once."""

    playlist: Paper
    lineup: Lineup
    now: float = 0.0
    until: float = 0.0
    events: PaperEvents = field(default_factory=PaperEvents)
    followed: list[str] = field(default_factory=list)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    going_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def sleep(self, seconds: float) -> None:
        if self.now >= self.until:
            self.reached.set()
            await self.going_on.wait()
            self.going_on.clear()
        self.now += seconds

    async def follow(self, items: Sequence[Item]) -> None:
        self.followed.append("".join(item.key for item in items))
        self.lineup.replace(items)

    async def pass_seconds(self, seconds: float) -> int:
        """Gives how often the list was read meanwhile."""
        before = self.playlist.readings
        self.until = self.now + seconds
        self.reached.clear()
        self.going_on.set()
        async with asyncio.timeout(20):
            await self.reached.wait()
        return self.playlist.readings - before


@asynccontextmanager
async def scene(keys: str, *, loop: bool = True, seed: int = 0, schedule: Schedule = SCHEDULE) -> AsyncIterator[Scene]:
    lineup = Lineup(loop=loop, shuffle=False, random=Random(0))
    lineup.add(listed(keys))
    lineup.listing_ended()
    lineup.advance()
    shown = Scene(Paper(keys), lineup)
    relister = Relister(
        shown.playlist,
        lineup,
        follow=shown.follow,
        events=shown.events,
        random=Random(seed),
        schedule=schedule,
        clock=lambda: shown.now,
        sleep=shown.sleep,
    )
    running = asyncio.create_task(relister.run())
    try:
        yield shown
    finally:
        running.cancel()
        await asyncio.wait([running])
    assert running.cancelled(), running.exception()


# When


@pytest.mark.parametrize("loop", [False, True])
async def test_a_list_is_read_again_every_hour_while_it_plays(loop: bool) -> None:
    async with scene("abcdefgh", loop=loop) as shown:
        assert 24 <= await shown.pass_seconds(24 * 3600) <= 48


async def test_streams_that_begin_together_do_not_read_together() -> None:
    moments = set()
    for seed in range(20):
        async with scene("abcdefgh", seed=seed) as shown:
            while not await shown.pass_seconds(60):
                pass
            moments.add(shown.now)
    assert len(moments) > 10


async def test_a_list_is_read_again_once_a_round_before_the_next_one_begins() -> None:
    async with scene("abcde") as shown:
        assert await shown.pass_seconds(600) == 0
        for _ in range(5):
            readings = 0
            for _ in range(5):
                shown.lineup.advance()
                readings += await shown.pass_seconds(200)
            assert readings == 1


async def test_short_rounds_do_not_read_all_the_time() -> None:
    async with scene("ab") as shown:
        readings = 0
        for _ in range(600):
            shown.lineup.advance()
            readings += await shown.pass_seconds(1)
        assert 30 <= readings <= 60


async def test_nothing_is_read_before_the_list_was_listed() -> None:
    async with scene("abc") as shown:
        shown.lineup._rotation.is_listed = False
        assert await shown.pass_seconds(10_000) == 0


# What


async def test_what_is_new_gone_or_moved_is_followed_and_told_in_a_line() -> None:
    async with scene("abcdefgh") as shown:
        shown.playlist.keys = "xadcbefgyy"
        await shown.pass_seconds(3600)
        assert "".join(item.key for item in shown.lineup.items()) == "xadcbefgyy"
        assert shown.events.lines == [(LogLevel.INFO, "The playlist has changed: 3 new, 1 gone, in another order.")]
        heard = "".join(item.key for _ in range(9) if (item := shown.lineup.advance()))
        assert heard == "xdcbefgyy"


async def test_what_has_not_changed_is_neither_followed_nor_told() -> None:
    async with scene("abcabc") as shown:
        assert await shown.pass_seconds(10 * 3600)
        assert (shown.followed, shown.events.lines) == ([], [])


async def test_a_list_that_grows_without_loop_is_played_to_its_new_end() -> None:
    async with scene("abc", loop=False) as shown:
        shown.lineup.advance()
        shown.playlist.keys = "abcd"
        await shown.pass_seconds(30)
        assert "".join(item.key for _ in range(9) if (item := shown.lineup.advance())) == "cd"


async def test_a_round_in_vain_does_not_begin_again_because_the_list_was_read() -> None:
    async with scene("ab") as shown:
        while upcoming := shown.lineup.upcoming():
            shown.lineup.rule_out(upcoming.key)
        assert shown.lineup.is_exhausted or shown.lineup.is_over
        version = shown.lineup.version
        assert await shown.pass_seconds(3600)
        assert shown.lineup.version == version


# What is not believed


@pytest.mark.parametrize(
    "fault",
    [
        PlatformTrouble(Message("YouTube asks this address to prove that it is not a bot.")),
        TransientError(Message("it did not answer")),
        PlaylistError(Message("The playlist is empty.")),
    ],
)
@pytest.mark.parametrize("breaks_after", [0, 5])
async def test_a_list_that_cannot_be_read_plays_on_and_that_is_told_once(
    fault: NonstopError, breaks_after: int
) -> None:
    async with scene("abcdefgh") as shown:
        shown.playlist.fault, shown.playlist.breaks_after = fault, breaks_after
        assert 8 <= await shown.pass_seconds(8 * 3600) <= 40
        assert shown.lineup.length == 8
        (line,) = shown.events.lines
        assert line == (LogLevel.WARNING, f"The playlist could not be read again and plays on unchanged: {fault}")
        shown.playlist.fault, shown.playlist.keys = None, "abcdefghi"
        await shown.pass_seconds(3600)
        assert shown.events.lines[1:] == [(LogLevel.INFO, "The playlist has changed: 1 new.")]


async def test_an_empty_list_empties_nothing() -> None:
    async with scene("abc") as shown:
        shown.playlist.keys = ""
        await shown.pass_seconds(24 * 3600)
        assert (shown.lineup.length, shown.followed, len(shown.events.lines)) == (3, [], 1)


async def test_a_list_that_is_short_for_once_is_not_believed() -> None:
    async with scene("abcdefgh") as shown:
        shown.playlist.keys = "abc"
        while not await shown.pass_seconds(1):
            pass
        shown.playlist.keys = "abcdefgh"
        assert await shown.pass_seconds(3600)
        assert (shown.followed, shown.events.lines) == ([], [])


async def test_a_list_that_stays_short_is_believed() -> None:
    async with scene("abcdefgh") as shown:
        shown.playlist.keys = "abc"
        assert await shown.pass_seconds(3700) >= 2
        assert shown.followed == ["abc"]
        assert shown.events.lines == [(LogLevel.INFO, "The playlist has changed: 5 gone.")]


async def test_a_reading_that_never_ends_is_given_up() -> None:
    async with scene("abc", schedule=Schedule(limit_seconds=0.01)) as shown:
        shown.playlist.is_stuck = True
        assert await shown.pass_seconds(4000)
        assert shown.events.lines == [
            (LogLevel.WARNING, "The playlist could not be read again and plays on unchanged: it takes too long")
        ]


# What is told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("ab", "abc", "1 new"),
        ("abc", "b", "2 gone"),
        ("abc", "cab", "in another order"),
        ("iaib", "iaibic", "2 new"),
        ("ab", "ab", ""),
        ("ab", "xy", "2 new, 2 gone"),
    ],
)
def test_changes_are_counted(old: str, new: str, told: str) -> None:
    assert changes_between(listed(old), listed(new)) == told
