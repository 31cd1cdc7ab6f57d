"""A fair queue for a few places: the most urgent goes first, and among equals one owner after the other."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from enum import IntEnum

from streaming.model.errors import TransientError
from streaming.process.messages import Turns

_MOST_WAITING = 64


class Urgency(IntEnum):
    """How urgent work is; the lowest value goes first."""

    ON_AIR = 0
    """A stream waits for it."""
    ASIDE = 1


class FairQueue:
    """Places for blocks of work. An owner that asks a hundred times delays the others by one turn, not by a hundred."""

    def __init__(self, places: int = 1, *, most_waiting: int = _MOST_WAITING) -> None:
        """`most_waiting` is how many turns one owner may wait for at the same time."""
        self._free = places
        self._most_waiting = most_waiting
        self._waiting: dict[Urgency, OrderedDict[Hashable, deque[asyncio.Future[None]]]] = {
            urgency: OrderedDict() for urgency in Urgency
        }

    @asynccontextmanager
    async def turn(self, owner: Hashable, urgency: Urgency = Urgency.ON_AIR) -> AsyncIterator[None]:
        """Waits for a place and holds it. Raises TransientError when too many turns of the owner wait already."""
        await self._acquire(owner, urgency)
        try:
            yield
        finally:
            self._release()

    async def _acquire(self, owner: Hashable, urgency: Urgency) -> None:
        if self._free:
            self._free -= 1
            return
        waiting = self._waiting[urgency].setdefault(owner, deque())
        if len(waiting) >= self._most_waiting:
            raise TransientError(Turns.TOO_MANY(), hint=Turns.TRY_LATER())
        turn = asyncio.get_running_loop().create_future()
        waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # the place was given just before the cancellation
                self._release()
            else:
                self._forget(owner, urgency, turn)
            raise

    def _release(self) -> None:
        """Passes a place on to the next owner, or frees it."""
        for waiting in self._waiting.values():
            while waiting:
                owner, turns = waiting.popitem(last=False)
                turn = turns.popleft()
                if turns:
                    waiting[owner] = turns  # behind all others
                if not turn.done():
                    turn.set_result(None)
                    return
        self._free += 1

    def _forget(self, owner: Hashable, urgency: Urgency, turn: "asyncio.Future[None]") -> None:
        turns = self._waiting[urgency].get(owner, deque())
        if turn in turns:
            turns.remove(turn)
        if not turns:
            self._waiting[urgency].pop(owner, None)
