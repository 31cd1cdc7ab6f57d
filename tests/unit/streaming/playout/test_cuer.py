"""Which item is prepared next when some cannot be had: now, ever, or because everything is in trouble."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, cast

import pytest

from streaming.ffmpeg.treatment import Fault, Treatment
from streaming.input.loader import CuedItem, ItemLoader
from streaming.lineup.lineup import Lineup
from streaming.lineup.occurrences import numbered
from streaming.model.errors import (
    ItemUnavailable,
    ItemUnplayable,
    NonstopError,
    PlatformTrouble,
    PlaylistError,
    TransientError,
)
from streaming.model.items import Item, Media
from streaming.model.message import Message
from streaming.model.states import LogLevel
from streaming.playout.cuer import Cuer
from streaming.playout.order import PlayOrder
from streaming.playout.outage import PlatformOutage
from tests.standins.paper_events import PaperEvents

NOT_THERE = cast("Any", None)  # nothing here reads a source or runs a feeder
BOT_CHECK = PlatformTrouble(Message("YouTube asks this address to prove that it is not a bot."))
GONE = ItemUnavailable(Message("unavailable at the moment"))


@dataclass
class Platform:
    """A playlist and a loader in one; `answers` says what asking for an item leads to, if not to the item."""

    keys: str
    answers: dict[str, NonstopError] = field(default_factory=dict)
    at_hand: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    reference = title = "paper"

    async def items(self) -> AsyncIterator[Item]:
        for key in self.keys:
            yield Item(key, key.upper())

    async def resolve(self, item: Item, *, fresh: bool = False, avoid: frozenset[str] = frozenset()) -> Media:
        raise NotImplementedError

    def is_at_hand(self, item: Item) -> bool:
        return item.key in self.at_hand


class PaperLoader(ItemLoader):
    """Opens nothing."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    async def open(
        self,
        item: Item,
        start_seconds: float,
        *,
        avoid: frozenset[str] = frozenset(),
        after: Treatment | None = None,  # noqa: ARG002  (nothing is treated here)
        fault: Fault | None = None,  # noqa: ARG002
    ) -> CuedItem:
        if item.key not in self._platform.at_hand:
            self._platform.asked.append(item.key)
            if answer := self._platform.answers.get(item.key):
                raise answer
        media = Media(item, ())
        return CuedItem(media, NOT_THERE, NOT_THERE, NOT_THERE, NOT_THERE, NOT_THERE, start_seconds, avoid)

    async def go_on(self, broken: CuedItem, start_seconds: float, fault: Fault | None = None) -> CuedItem:
        return await self.open(broken.item, start_seconds, fault=fault)


@dataclass
class Scene:
    """A cuer whose waits pass at once; `on_wait` is called with the number of each."""

    platform: Platform
    cuer: Cuer
    lineup: Lineup
    events: PaperEvents
    waits: list[float]
    on_wait: Callable[[int], None] = lambda _: None

    async def next(self) -> str:
        """The key of the next item, on air from now on; nothing at the end."""
        async with asyncio.timeout(10):
            cued = await self.cuer.next()
        if cued is None:
            return ""
        assert cued.item == self.lineup.upcoming()
        self.lineup.advance()
        return cued.item.key

    async def play(self, count: int) -> str:
        return "".join([await self.next() for _ in range(count)])

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.on_wait(len(self.waits))
        await asyncio.sleep(0)

    def told(self, level: LogLevel) -> list[str]:
        return [line for each, line in self.events.lines if each is level]


async def opened(platform: Platform, *, loop: bool = False) -> Scene:
    lineup = Lineup(loop=loop, shuffle=False, random=Random(0))
    lineup.add(numbered([item async for item in platform.items()]))
    lineup.listing_ended()
    events = PaperEvents()
    scene = Scene(platform, NOT_THERE, lineup, events, [])
    scene.cuer = Cuer(
        platform,
        PlayOrder(lineup),
        PaperLoader(platform),
        PlatformOutage(events),
        wait_for_more=NOT_THERE,
        events=events,
        sleep=scene.sleep,
    )
    return scene


async def test_an_item_that_cannot_be_played_is_passed_over_with_one_clause() -> None:
    scene = await opened(Platform("abc", {"b": ItemUnplayable(Message("private"))}))
    assert await scene.play(3) == "ac"
    assert scene.events.lines == [(LogLevel.WARNING, "Skipped “B”: private.")]


async def test_an_unavailable_video_has_another_chance_in_the_next_round() -> None:
    scene = await opened(Platform("abc", {"b": GONE}), loop=True)
    assert await scene.play(2) == "ac"
    scene.platform.answers.clear()
    assert await scene.play(3) == "abc"


async def test_what_is_unavailable_round_after_round_is_told_once() -> None:
    scene = await opened(Platform("abc", {"b": GONE}), loop=True)
    assert await scene.play(8) == "acacacac"
    assert scene.told(LogLevel.WARNING) == ["Skipped “B”: unavailable at the moment."]


async def test_what_cannot_be_played_is_tried_and_told_once_for_all_its_occurrences() -> None:
    scene = await opened(Platform("xaxbxcx", {"x": ItemUnplayable(Message("private"))}), loop=True)
    assert await scene.play(3) == "abc"
    assert scene.platform.asked.count("x") == 1
    assert await scene.play(3) == "abc"
    assert scene.platform.asked.count("x") == 2
    assert scene.events.lines == [(LogLevel.WARNING, "Skipped “X”: private.")]


async def test_what_cannot_be_reached_for_once_is_tried_again_at_its_next_occurrence() -> None:
    scene = await opened(Platform("axbxc"))
    assert await scene.play(1) == "a"
    scene.platform.answers = {"x": TransientError(Message("it did not answer"))}
    assert await scene.play(1) == "b"
    scene.platform.answers.clear()
    assert await scene.play(3) == "xc"


async def test_a_lineup_in_which_nothing_could_ever_be_played_fails_with_a_clear_sentence() -> None:
    for loop in (False, True):
        scene = await opened(Platform("ab", {"a": GONE, "b": GONE}), loop=loop)
        with pytest.raises(PlaylistError, match="Nothing in this playlist can be played"):
            await scene.next()
        assert scene.waits == []


async def test_a_looping_lineup_that_was_ever_on_air_waits_for_better_times() -> None:
    scene = await opened(Platform("ab"), loop=True)
    assert await scene.play(2) == "ab"
    scene.platform.answers = {"a": GONE, "b": GONE}

    def recover(waits: int) -> None:
        if waits == 8:
            scene.platform.answers.clear()

    scene.on_wait = recover
    assert await scene.play(2) == "ab"
    limits = [10, 20, 40, 80, 160, 300, 300, 300]
    assert all(limit / 2 <= wait <= limit for wait, limit in zip(scene.waits, limits, strict=True))
    assert len(scene.told(LogLevel.WARNING)) == 2


async def test_trouble_is_told_once_at_its_beginning_and_once_at_its_end() -> None:
    scene = await opened(Platform("abc"))
    assert await scene.next() == "a"
    scene.platform.answers = {"b": BOT_CHECK}

    def pass_by(waits: int) -> None:
        if waits == 50:
            scene.platform.answers.clear()

    scene.on_wait = pass_by
    assert await scene.play(2) == "bc"
    assert len(scene.told(LogLevel.ERROR)) == len(scene.told(LogLevel.INFO)) == 1
    assert scene.told(LogLevel.WARNING) == []


async def test_in_trouble_what_is_at_hand_is_played_first_and_the_rest_in_its_order_afterwards() -> None:
    platform = Platform("abcde", dict.fromkeys("abcde", cast("NonstopError", BOT_CHECK)), at_hand={"b", "d"})
    scene = await opened(platform)
    assert await scene.play(2) == "bd"
    scene.on_wait = lambda _: platform.answers.clear()
    assert await scene.play(4) == "ace"
    assert len(scene.told(LogLevel.ERROR)) == 1


async def test_a_new_kind_of_trouble_is_told_as_well() -> None:
    scene = await opened(Platform("a", {"a": BOT_CHECK}))

    def change(waits: int) -> None:
        scene.platform.answers = {"a": PlatformTrouble(Message("YouTube asks for a pause."))} if waits < 5 else {}

    scene.on_wait = change
    assert await scene.next() == "a"
    assert len(scene.told(LogLevel.ERROR)) == 2


async def test_one_item_out_of_reach_is_passed_over_but_not_one_after_the_other() -> None:
    """When the network is away no item can be reached: waiting loses less than passing over everything."""
    away = TransientError(Message("YouTube could not be reached."))
    scene = await opened(Platform("abcde"))
    assert await scene.next() == "a"
    scene.platform.answers = dict.fromkeys("bcde", cast("NonstopError", away))

    def return_(waits: int) -> None:
        if waits == 3:
            scene.platform.answers.clear()

    scene.on_wait = return_
    assert await scene.play(4) == "cde"
    assert scene.told(LogLevel.WARNING) == ["Skipped “B”: YouTube could not be reached (3 tries)."]


async def test_an_item_that_broke_off_waits_for_the_platform_rather_than_for_nothing() -> None:
    scene = await opened(Platform("ab"))
    cued = await scene.cuer.next()
    assert cued
    scene.platform.answers = {"a": BOT_CHECK, "b": BOT_CHECK}
    scene.on_wait = lambda waits: scene.platform.answers.clear() if waits == 9 else None
    again = await scene.cuer.resume(cued, 42.0)
    assert again
    assert (again.item.key, again.start_seconds) == ("a", 42.0)
    assert len(scene.told(LogLevel.ERROR)) == len(scene.told(LogLevel.INFO)) == 1


async def test_an_item_that_broke_off_for_good_is_left() -> None:
    scene = await opened(Platform("ab"))
    cued = await scene.cuer.next()
    assert cued
    scene.platform.answers = {"a": ItemUnplayable(Message("deleted"))}
    assert await scene.cuer.resume(cued, 42.0) is None
    assert scene.told(LogLevel.WARNING) == ["Cannot resume “A”: deleted."]
