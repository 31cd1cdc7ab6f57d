"""The seam between an engine and its playouts.

Whatever crosses it is a value that can be pickled, and every method is asynchronous, so that a playout may run in
another process. `LocalPlayout` runs it in this one.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from streaming.model.events import Changed, ItemStarted, LogLine, PlayoutEvent, PlayoutEvents
from streaming.model.items import Item
from streaming.model.message import Message
from streaming.model.states import LogLevel
from streaming.output.uplink import Destination
from streaming.playout.playout import Playout
from streaming.playout.snapshot import QueuePart, Snapshot
from streaming.playout.transport import Transport


@dataclass(frozen=True, slots=True)
class Skip:
    """Leave the item on air for the next one."""


@dataclass(frozen=True, slots=True)
class Previous:
    """Go back to the item that played before."""


@dataclass(frozen=True, slots=True)
class Jump:
    """Go to an item of the list."""

    entry: str


@dataclass(frozen=True, slots=True)
class PlayNext:
    """Make an item of the list the next one."""

    entry: str


@dataclass(frozen=True, slots=True)
class Remove:
    """Take an item out of the lineup."""

    entry: str


@dataclass(frozen=True, slots=True)
class SetOrder:
    """Change the order behind the next item."""

    loop: bool
    shuffle: bool


ItemCommand = Skip | Previous | Jump | PlayNext | Remove


class PlayoutHandle(Protocol):
    """One playout, as an engine uses it."""

    async def run(self) -> None:
        """Plays until the lineup has ended. Raises what `Playout.run` raises."""

    def events(self) -> AsyncIterator[PlayoutEvent]:
        """The events of the run, in their order; they end with it. For one reader."""

    async def snapshot(self) -> Snapshot:
        """The state at this moment."""

    async def queue(self, start: int, count: int) -> QueuePart:
        """At most `count` items of the list from a place on, and the state of the whole list."""

    async def keyframe(self) -> bytes | None:
        """The newest keyframe sent to viewers, as a Matroska stream of its own; None before there is one."""

    async def command(self, command: ItemCommand) -> Item:
        """Carries out a command, and returns the item it concerns. Raises NotFound and WantedStateError."""

    async def set_order(self, order: SetOrder) -> None:
        """Changes the order of play, unless it is the order already. Raises NotFound."""

    async def redirect(self, destinations: Sequence[Destination]) -> None:
        """Gives targets another address or key, from their next connection on."""


class LocalPlayout:
    """A playout in this process."""

    def __init__(self, make: Callable[[PlayoutEvents], Playout]) -> None:
        """`make` makes the playout, which reports to what it is given."""
        self._events: asyncio.Queue[PlayoutEvent | None] = asyncio.Queue()
        self._playout = make(_QueuedEvents(self._events))

    async def run(self) -> None:
        try:
            await self._playout.run()
        finally:
            self._events.put_nowait(None)

    async def events(self) -> AsyncIterator[PlayoutEvent]:
        while (event := await self._events.get()) is not None:
            yield event

    async def snapshot(self) -> Snapshot:
        return self._playout.snapshot()

    async def queue(self, start: int, count: int) -> QueuePart:
        return self._playout.queue(start, count)

    async def keyframe(self) -> bytes | None:
        return self._playout.keyframe()

    async def command(self, command: ItemCommand) -> Item:
        return await _carry_out(self._playout.transport, command)

    async def set_order(self, order: SetOrder) -> None:
        await self._playout.transport.set_order(loop=order.loop, shuffle=order.shuffle)

    async def redirect(self, destinations: Sequence[Destination]) -> None:
        self._playout.redirect(destinations)


async def _carry_out(transport: Transport, command: ItemCommand) -> Item:
    match command:
        case Skip():
            return await transport.skip()
        case Previous():
            return await transport.previous()
        case Jump(entry):
            return await transport.jump(entry)
        case PlayNext(entry):
            return await transport.play_next(entry)
        case Remove(entry):
            return await transport.remove(entry)


class _QueuedEvents:
    """Turns what a playout reports into a stream of values. Its reader only takes notes, so the queue stays short."""

    def __init__(self, queue: "asyncio.Queue[PlayoutEvent | None]") -> None:
        self._queue = queue

    def log(self, level: LogLevel, message: Message) -> None:
        self._queue.put_nowait(LogLine(level, message))

    def changed(self) -> None:
        self._queue.put_nowait(Changed())

    def item_started(self, item: Item) -> None:
        self._queue.put_nowait(ItemStarted(item))
