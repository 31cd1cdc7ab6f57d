"""Steering: what people ask of a stream on air. What plays plays on until what they want is ready."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from streaming.lineup.lineup import Lineup
from streaming.model.errors import NotFound, WantedStateError
from streaming.model.items import Item
from streaming.model.states import LogLevel
from streaming.playout.cuer import Cuer
from streaming.playout.sequencer import Sequencer
from streaming.timeline.program import Program

_SEEN_SECONDS = 2.0
_UPCOMING_ENTRIES = 100


@dataclass(frozen=True, slots=True)
class LineupView:
    """The lineup as it is for viewers: they are behind what is being fed by the lead."""

    cursor: str = ""
    """The place to go on from after a restart; nothing while something else stands in."""
    upcoming: tuple[str, ...] = ()
    """What comes next, entry by entry, in order of play: a hundred at most, and no more than the list is long."""
    next_title: str = ""


class Transport:
    """One stream's order of play in people's hands."""

    def __init__(
        self,
        lineup: Lineup,
        sequencer: Sequencer,
        cuer: Cuer,
        program: Program,
        *,
        log: Callable[[LogLevel, str], None],
        on_change: Callable[[], None],
    ) -> None:
        self._lineup = lineup
        self._sequencer = sequencer
        self._cuer = cuer
        self._program = program
        self._log = log
        self._changed = on_change
        self._lock = asyncio.Lock()  # two who press at once are meant one after the other
        self._view = LineupView()
        self._view_key = (-1, -1)

    async def skip(self) -> Item:
        """Leaves the present item for the next one; gives the one that was left. Raises NotFound when there is none."""
        skipped = await self._sequencer.skip()
        with suppress(TimeoutError):
            async with asyncio.timeout(_SEEN_SECONDS):
                await self._program.until(lambda p: p.on_air is None or p.on_air.item is not skipped)
        self._log(LogLevel.INFO, f"Skipped “{skipped.title}”.")
        return skipped

    async def previous(self) -> Item:
        """Goes back to what played before, and gives it; what is on air comes next again.

        Raises NotFound when nothing did, WantedStateError when that item cannot be had now.
        """
        async with self._lock:
            found = self._lineup.before(self._play_number_on_air or self._lineup.play_number + 1)
            if found is None:
                raise NotFound("Nothing has played before this.")
            play_number, item = found
            await self._go_to(item, lambda: self._lineup.rewind(play_number))
            return item

    async def jump(self, entry: str) -> Item:
        """Goes to an item of the list, and gives it. Raises what `previous` does."""
        async with self._lock:
            item = self._listed(entry)
            await self._go_to(item, lambda: self._jump(entry))
            return item

    async def play_next(self, entry: str) -> Item:
        """Has an item of the list come next, and gives it. Raises NotFound."""
        item = self._listed(entry)
        await self._rearrange(lambda lineup: lineup.play_next(entry))
        self._log(LogLevel.INFO, f"“{item.title}” comes next.")
        return item

    async def remove(self, entry: str) -> Item:
        """Has an item play no more, and gives it. Raises NotFound, and WantedStateError for the last one."""
        item = self._listed(entry)
        if not self._lineup.can_lose(entry):
            raise WantedStateError(f"“{item.title}” is all that is left to play.", hint="Stop the stream instead.")
        await self._rearrange(lambda lineup: lineup.remove(entry))
        self._log(LogLevel.INFO, f"“{item.title}” will not play any more.")
        return item

    def has_order(self, *, loop: bool, shuffle: bool) -> bool:
        """Whether it goes on like this already."""
        return (loop, shuffle) == (self._lineup.is_looped, self._lineup.is_shuffled)

    async def set_order(self, *, loop: bool, shuffle: bool) -> None:
        """Changes how it goes on behind the next item, if that is a change."""
        if not self.has_order(loop=loop, shuffle=shuffle):
            await self._rearrange(lambda lineup: lineup.set_order(loop=loop, shuffle=shuffle))
            self._log(LogLevel.INFO, f"{'Shuffled' if shuffle else 'In order'} and {'looped' if loop else 'once'}.")

    async def follow(self, listed: Sequence[Item]) -> None:
        """Goes on with the list as it was read anew. What plays plays on, and so does what was fed already."""
        async with self._lock:
            cued, was_over = self._lineup.chosen, self._lineup.is_over
            self._lineup.replace(listed)
            if was_over or (cued and self._lineup.chosen is None):
                await self._sequencer.recue()
            self._changed()

    def lineup_view(self) -> LineupView:
        """How things stand; found out anew only when they have changed."""
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
        """The turn viewers see; 0 while something else stands in, or nothing was seen yet."""
        return self._program.on_air.play_number if self._program.on_air else 0

    def _listed(self, entry: str) -> Item:
        item = self._lineup.find(entry)
        if item is None:
            raise NotFound("That item is not in the list.", hint="See /stream queue.")
        self._check_is_not_over()
        return item

    def _comes_next(self, item: Item) -> bool:
        upcoming = self._lineup.upcoming()
        return upcoming is not None and upcoming.entry == item.entry

    def _check_is_not_over(self) -> None:
        if self._program.is_over:
            raise NotFound("The lineup has come to its end.", hint="Start it again with /stream restart.")

    def _jump(self, entry: str) -> None:
        self._lineup.rewind(
            (self._play_number_on_air or self._lineup.play_number) + 1
        )  # what waits in the lead was not seen
        self._lineup.jump(entry)

    async def _go_to(self, item: Item, arrange: Callable[[], None]) -> None:
        """Changes the lineup so that an item comes next, and cuts to that; nothing has changed when it fails."""
        if self._program.on_air is None:
            raise NotFound("Nothing is on air yet.", hint="Try again in a moment.")
        cued = await self._cuer.cue_now(item)
        try:
            self._check_is_not_over()
        except NotFound:
            await cued.close()
            raise
        arrange()
        before = self._program.on_air
        await self._sequencer.go_to(cued)
        with suppress(TimeoutError):
            async with asyncio.timeout(_SEEN_SECONDS):
                await self._program.until(lambda p: p.on_air is not before)

    async def _rearrange(self, arrange: Callable[[Lineup], None]) -> None:
        """Changes the lineup; when that changes what comes next, so does what is prepared and what was fed."""
        async with self._lock:
            if self._changes_lead(arrange):
                await self._replace_lead(arrange)
            else:
                await self._replace_next(arrange)
            self._changed()

    async def _replace_next(self, arrange: Callable[[Lineup], None]) -> None:
        before = self._lineup.upcoming()
        arrange(self._lineup)
        if self._lineup.upcoming() is not before:
            await self._sequencer.recue()

    def _changes_lead(self, arrange: Callable[[Lineup], None]) -> bool:
        """Whether later items than what is seen were fed already that are then to come later, or not at all."""
        play_number = self._play_number_on_air
        fed = self._lineup.play_number - play_number if play_number else 0
        seen = self._lineup.seen_from(play_number)
        before = seen.upcoming_entries(fed)
        arrange(seen)
        return seen.upcoming_entries(fed) != before

    async def _replace_lead(self, arrange: Callable[[Lineup], None]) -> None:
        """Changes the lineup as viewers have it, and takes back what was fed, once what is to follow is ready."""
        future = self._lineup.seen_from(self._play_number_on_air)
        arrange(future)
        item, cued = future.upcoming(), None
        with suppress(WantedStateError):  # what cannot be had is passed over as ever
            cued = await self._cuer.cue_now(item) if item else None
        airing, fitting = self._program.on_air, None
        if airing and airing.play_number:
            self._lineup.rewind(airing.play_number + 1)
            arrange(self._lineup)
            fitting = cued if cued and self._comes_next(cued.item) else None
            await self._sequencer.go_to(fitting, behind=airing)
        else:  # something stands in by now, so nothing waits in the lead
            await self._replace_next(arrange)
        if cued and not fitting:
            await cued.close()
