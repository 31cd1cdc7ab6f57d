"""The transport controls of one stream: skip, back, jump, next, remove.

The item on air plays on until the item that replaces it is ready.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

from streaming.model.errors import NotFound, WantedStateError
from streaming.model.events import PlayoutEvents
from streaming.model.items import Item
from streaming.model.message import Message
from streaming.model.states import LogLevel
from streaming.playout.cuer import Cuer
from streaming.playout.messages import Controls
from streaming.playout.order import Change, PlayOrder
from streaming.playout.sequencer import Sequencer
from streaming.playout.snapshot import LineupView
from streaming.timeline.program import Program

_SEEN_SECONDS = 2.0
_UPCOMING_ENTRIES = 100


class Transport:
    """Carries out what people ask of one stream."""

    def __init__(
        self,
        order: PlayOrder,
        sequencer: Sequencer,
        cuer: Cuer,
        program: Program,
        events: PlayoutEvents,
    ) -> None:
        self._order = order
        self._lineup = order.lineup
        self._sequencer = sequencer
        self._cuer = cuer
        self._program = program
        self._events = events
        self._lock = asyncio.Lock()  # of two commands at once, the second starts from what the first has changed
        self._view = LineupView()
        self._view_key = (-1, -1)

    async def skip(self) -> Item:
        """Leaves the item on air for the next one, and returns it. Raises NotFound when there is none."""
        skipped = await self._sequencer.skip()
        with suppress(TimeoutError):
            async with asyncio.timeout(_SEEN_SECONDS):
                await self._program.until(lambda p: p.on_air is None or p.on_air.item is not skipped)
        self._events.log(LogLevel.INFO, Controls.SKIPPED(title=skipped.title))
        return skipped

    async def previous(self) -> Item:
        """Goes back to the item that played before, and returns it; the item on air comes next again.

        Raises NotFound when none did, WantedStateError when it cannot be played now.
        """
        async with self._lock:
            found = self._lineup.before(self._play_number_on_air or self._lineup.play_number + 1)
            if found is None:
                raise NotFound(Controls.NO_PREVIOUS())
            play_number, item = found
            await self._go_to(item, lambda: self._order.rewind(play_number))
            return item

    async def jump(self, entry: str) -> Item:
        """Goes to an item of the list, and returns it. Raises what `previous` raises."""
        async with self._lock:
            item = self._listed(entry)
            await self._go_to(item, lambda: self._jump(entry))
            return item

    async def play_next(self, entry: str) -> Item:
        """Makes an item of the list the next one, and returns it. Raises NotFound."""
        item = self._listed(entry)
        await self._rearrange(lambda lineup: lineup.play_next(entry))
        self._events.log(LogLevel.INFO, Controls.COMES_NEXT(title=item.title))
        return item

    async def remove(self, entry: str) -> Item:
        """Takes an item out of the lineup, and returns it. Raises NotFound, and WantedStateError for the last one."""
        item = self._listed(entry)
        if not self._lineup.can_lose(entry):
            raise WantedStateError(Controls.LAST_ITEM(title=item.title), hint=Controls.STOP_INSTEAD())
        await self._rearrange(lambda lineup: lineup.remove(entry))
        self._events.log(LogLevel.INFO, Controls.REMOVED(title=item.title))
        return item

    async def set_order(self, *, loop: bool, shuffle: bool) -> None:
        """Changes the order behind the next item. Does nothing when it is the order already."""
        if (loop, shuffle) != (self._lineup.is_looped, self._lineup.is_shuffled):
            await self._rearrange(lambda lineup: lineup.set_order(loop=loop, shuffle=shuffle))
            self._events.log(LogLevel.INFO, _order_set(loop=loop, shuffle=shuffle))

    async def follow(self, listed: Sequence[Item]) -> None:
        """Goes on with a newer version of the list. Items that are fed already still play."""
        async with self._lock:
            cued, was_over = self._lineup.chosen, self._lineup.is_over
            self._order.replace(listed)
            if was_over or (cued and self._lineup.chosen is None):
                await self._sequencer.recue()
            self._events.changed()

    def lineup_view(self) -> LineupView:
        """The lineup as viewers see it. It is worked out again only after a change."""
        play_number = self._play_number_on_air
        if self._view_key != (play_number, self._lineup.version):
            self._view_key = (play_number, self._lineup.version)
            self._view = self._seen_from(play_number)
        return self._view

    def _seen_from(self, play_number: int) -> LineupView:
        seen = self._lineup.seen_from(play_number or self._lineup.play_number)
        entries = seen.upcoming_entries(min(_UPCOMING_ENTRIES, seen.length))
        upcoming = seen.find(entries[0]) if entries else None
        return LineupView(seen.cursor() if play_number else "", tuple(entries), upcoming.title if upcoming else "")

    @property
    def _play_number_on_air(self) -> int:
        """The play number of the item on air; 0 while a filler is, and before anything is."""
        return self._program.on_air.play_number if self._program.on_air else 0

    def _listed(self, entry: str) -> Item:
        item = self._lineup.find(entry)
        if item is None:
            raise NotFound(Controls.NOT_LISTED(), hint=Controls.SEE_QUEUE())
        self._check_is_not_over()
        return item

    def _comes_next(self, item: Item) -> bool:
        upcoming = self._lineup.upcoming()
        return upcoming is not None and upcoming.entry == item.entry

    def _check_is_not_over(self) -> None:
        if self._program.is_over:
            raise NotFound(Controls.FINISHED(), hint=Controls.START_AGAIN())

    def _jump(self, entry: str) -> None:
        # Viewers have not seen the items in the lead, so they are still to come.
        self._order.rewind((self._play_number_on_air or self._lineup.play_number) + 1)
        self._order.jump(entry)

    async def _go_to(self, item: Item, change: Callable[[], None]) -> None:
        """Cues an item, changes the lineup so that it comes next, and cuts to it. A failure changes nothing."""
        if self._program.on_air is None:
            raise NotFound(Controls.NOTHING_ON_AIR(), hint=Controls.TRY_AGAIN())
        cued = await self._cuer.cue_now(item)
        try:
            self._check_is_not_over()
        except NotFound:
            await cued.close()
            raise
        change()
        before = self._program.on_air
        await self._sequencer.go_to(cued)
        with suppress(TimeoutError):
            async with asyncio.timeout(_SEEN_SECONDS):
                await self._program.until(lambda p: p.on_air is not before)

    async def _rearrange(self, change: Change) -> None:
        """Changes the lineup. When another item comes next, it replaces the one that is cued or fed already."""
        async with self._lock:
            if self._changes_lead(change):
                await self._replace_lead(change)
            else:
                await self._replace_next(change)
            self._events.changed()

    async def _replace_next(self, change: Change) -> None:
        before = self._lineup.upcoming()
        self._order.apply(change)
        if self._lineup.upcoming() is not before:
            await self._sequencer.recue()

    def _changes_lead(self, change: Change) -> bool:
        """Whether the change moves or removes items that are fed already and that viewers have not seen."""
        play_number = self._play_number_on_air
        fed = self._lineup.play_number - play_number if play_number else 0
        seen = self._lineup.seen_from(play_number)
        before = seen.upcoming_entries(fed)
        change(seen)
        return seen.upcoming_entries(fed) != before

    async def _replace_lead(self, change: Change) -> None:
        """Changes the lineup behind the item on air, and takes back what is fed there once the new cue is ready."""
        future = self._lineup.seen_from(self._play_number_on_air)
        change(future)
        item, cued = future.upcoming(), None
        with suppress(WantedStateError):  # the cuer passes over an item that cannot be played
            cued = await self._cuer.cue_now(item) if item else None
        airing, fitting = self._program.on_air, None
        if airing and airing.play_number:
            self._order.rewind(airing.play_number + 1)
            self._order.apply(change)
            fitting = cued if cued and self._comes_next(cued.item) else None
            await self._sequencer.go_to(fitting, behind=airing)
        else:  # a filler is on air by now, so no item waits in the lead
            await self._replace_next(change)
        if cued and not fitting:
            await cued.close()


def _order_set(*, loop: bool, shuffle: bool) -> Message:
    if shuffle:
        return Controls.SHUFFLED_LOOPED() if loop else Controls.SHUFFLED_ONCE()
    return Controls.IN_ORDER_LOOPED() if loop else Controls.IN_ORDER_ONCE()
