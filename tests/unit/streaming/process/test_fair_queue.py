"""Turns: the most urgent first, among equals one owner after the other, and a place is never lost."""

import asyncio
from collections.abc import Hashable

import pytest

from streaming.model.errors import TransientError
from streaming.process.fair_queue import FairQueue, Urgency


class Line:
    """A place, who had it in which order, and a way to have many ask for it before it is free."""

    def __init__(self, turns: FairQueue) -> None:
        self.turns = turns
        self.served: list[Hashable] = []
        self.let_on = asyncio.Event()
        self.tasks: list[asyncio.Task[None]] = []

    async def ask(self, owner: Hashable, urgency: Urgency = Urgency.ON_AIR) -> asyncio.Task[None]:
        """Has somebody stand in line, and hold the place until all have asked."""
        task = asyncio.create_task(self._hold(owner, urgency))
        self.tasks.append(task)
        await asyncio.sleep(0)
        return task

    async def served_all(self) -> list[Hashable]:
        self.let_on.set()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        return self.served

    async def _hold(self, owner: Hashable, urgency: Urgency) -> None:
        async with self.turns.turn(owner, urgency):
            self.served.append(owner)
            await self.let_on.wait()


async def test_owners_are_served_in_turn_however_many_one_of_them_asks_for() -> None:
    line = Line(FairQueue())
    for owner in ("a", "a", "a", "a", "b", "c", "b"):
        await line.ask(owner)
    assert await line.served_all() == ["a", "a", "b", "c", "a", "b", "a"]


async def test_what_is_urgent_comes_first() -> None:
    line = Line(FairQueue())
    for owner, urgency in (("a", Urgency.ASIDE), ("a", Urgency.ASIDE), ("b", Urgency.ASIDE), ("a", Urgency.ON_AIR)):
        await line.ask(owner if urgency is Urgency.ASIDE else f"{owner}!", urgency)
    assert await line.served_all() == ["a", "a!", "a", "b"]


async def test_as_many_are_served_at_once_as_there_are_places() -> None:
    line = Line(FairQueue(2))
    for owner in "abc":
        await line.ask(owner)
    assert line.served == ["a", "b"]
    assert await line.served_all() == ["a", "b", "c"]


async def test_one_owner_waits_for_so_many_turns_and_no_more() -> None:
    line = Line(FairQueue(most_waiting=2))
    for _ in range(3):
        await line.ask("a")
    refused = await line.ask("a")
    with pytest.raises(TransientError, match="Too many requests"):
        await refused
    await line.ask("b")
    assert await line.served_all() == ["a", "a", "b", "a"]


@pytest.mark.parametrize("who", [1, 2, 3])
async def test_who_goes_away_takes_nobodys_turn(who: int) -> None:
    line = Line(FairQueue())
    for owner in "aabc":
        await line.ask(owner)
    line.tasks[who].cancel()
    expected = ["a", *[owner for number, owner in enumerate("abc", start=1) if number != who]]
    assert await line.served_all() == expected
    async with asyncio.timeout(1), line.turns.turn("d"):
        pass


async def test_who_goes_away_just_when_it_is_their_turn_passes_it_on() -> None:
    turns = FairQueue()
    waiting: asyncio.Task[None]
    line = Line(turns)
    async with turns.turn("first"):
        waiting = await line.ask("a")
        await line.ask("b")
    waiting.cancel()  # its turn has come, and it does not know yet
    assert await line.served_all() == ["b"]
    async with asyncio.timeout(1), turns.turn("c"):
        pass


async def test_what_fails_gives_its_place_back() -> None:
    turns = FairQueue()
    with pytest.raises(ZeroDivisionError):
        async with turns.turn("a"):
            raise ZeroDivisionError
    async with asyncio.timeout(1), turns.turn("a"):
        pass
