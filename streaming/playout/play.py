"""One play of one item, from its first feeder to its last, and the states of a sequencer around it."""

import asyncio
from dataclasses import dataclass, field

from streaming.ffmpeg.treatment import Fault
from streaming.input.loader import CuedItem
from streaming.input.resume import ResumePoint
from streaming.model.errors import ItemUnavailable, TransientError
from streaming.timeline.splice import Airing

_MOST_BREAKS = 3
"""How often a feeder may break off without getting on before its item is left."""
PROGRESS_SECONDS = 3.0
"""A feeder that comes further than this has got on."""
_ROUNDED_END_SECONDS = 0.5
"""The stated length of an item need not be exact."""


@dataclass(eq=False, slots=True)
class Play:
    """One play of one item. Several feeders may take part: a feeder that breaks off is followed by another."""

    play_id: int
    play_number: int
    reached: ResumePoint = field(default_factory=ResumePoint)
    is_left: bool = False
    """Whether people have gone on to another item: no further feeder takes part."""
    fault: Fault | None = None
    """Why the next feeder treats the item otherwise."""
    cut_at_seconds: float | None = None
    """Where in the item the next feeder begins, when what was fed behind that is taken back."""
    _breaks: int = 0
    _broke_at_seconds: float = 0.0

    def airing(self, cued: CuedItem) -> Airing:
        """The airing of one of its feeders."""
        return Airing(
            cued.item,
            cued.header,
            play_id=self.play_id,
            base_seconds=0.0 if cued.treatment.copy_video else cued.start_seconds,
            is_copy=cued.treatment.copy_video,
            treatment=cued.treatment.reason,
            begins_anew=not cued.continues,
            play_number=self.play_number,
        )

    def rewind_to_cut(self) -> float:
        """Returns the second of the item at which the next feeder begins."""
        if self.cut_at_seconds is not None:
            self.reached.pictures_end_ms, self.cut_at_seconds = self.cut_at_seconds * 1000, None
        return self.reached.pictures_end_ms / 1000

    def pop_fault(self, broken: CuedItem) -> Fault | None:
        """The fault to be treated. When the item's source failed, the fault may come from that alone."""
        fault, self.fault = self.fault, None
        return fault if broken.source.failure is None else None

    def note_break(self, at_seconds: float) -> None:
        """Counts the breaks since the last progress."""
        has_progressed = at_seconds >= self._broke_at_seconds + PROGRESS_SECONDS
        self._breaks = 0 if has_progressed else self._breaks + 1
        self._broke_at_seconds = at_seconds

    @property
    def has_broken_again(self) -> bool:
        """Whether it broke off twice at about the same place."""
        return self._breaks > 0

    @property
    def breaks_too_often(self) -> bool:
        """Whether another feeder is not worth a try."""
        return self._breaks >= _MOST_BREAKS

    def is_complete(self, cued: CuedItem) -> bool:
        """Whether it came to its stated end, so that no other feeder has anything to add."""
        return cued.source.failure is None and self.reached.left_seconds(cued.length_seconds) < _ROUNDED_END_SECONDS

    def is_short(self, cued: CuedItem) -> bool:
        """Whether it ended long before its end: FFmpeg calls it a success when a seek of its own is refused."""
        failure, length_seconds = cued.source.failure, cued.media.duration_seconds
        if failure is None:
            return False
        if length_seconds is None:
            return isinstance(failure, TransientError | ItemUnavailable)
        return self.reached.pictures_end_ms / 1000 < length_seconds - PROGRESS_SECONDS


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing runs: not begun, or ended."""


@dataclass(frozen=True, slots=True)
class Cueing:
    """No item is fed. The next one is awaited, or the end of the last one."""


@dataclass(frozen=True, slots=True)
class Playing:
    """A feeder is read into the program."""

    play: Play
    cued: CuedItem
    feeding: "asyncio.Task[bool]"


@dataclass(frozen=True, slots=True)
class BetweenFeeders:
    """One feeder of an item is being closed, or the next one is about to be read."""

    play: Play


@dataclass(frozen=True, slots=True)
class Resuming:
    """A feeder broke off. Another one of the same item is awaited."""

    play: Play
    cue: "asyncio.Task[CuedItem | None]"


State = Idle | Cueing | Playing | BetweenFeeders | Resuming
