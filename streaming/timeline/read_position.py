"""One uplink's place in the program: what it was handed, and what it has sent by its FFmpeg's own count."""

from collections import deque
from dataclasses import dataclass, field
from enum import Enum, auto

from streaming.timeline.splice import Airing, TimelineCluster

_UNREPORTED_MS = 150.0
"""What an uplink may have sent and not told of yet: a report's period, and what is on its way to the ingest."""


_PICTURES_AHEAD = 3
"""FFmpeg sends a sound when it knows the picture behind it; pictures may be shown in another order than they come."""


class Drain(Enum):
    """Where an uplink is to stop reading so that it can publish anew."""

    AT_BOUNDARY = auto()
    AT_KEYFRAME = auto()


@dataclass(eq=False, slots=True)
class ReadPosition:
    """One uplink's place in the program; times are on the program's timeline."""

    next_number: int = 0
    handed_ms: float = 0.0
    """The end of the last cluster it was given."""
    sent_ms: float = 0.0
    is_connected: bool = False
    has_started: bool = False
    """Whether it has ever sent anything: its place means nothing before."""
    jumped: bool = False
    """Whether the next cluster does not follow the last one, so that it needs a slot of its own."""
    missed_ms: float = 0.0
    passed_over_ms: float = 0.0
    """What it will have missed once it sends again: a try that sends nothing misses nothing."""
    drain: Drain | None = None
    is_drained: bool = False
    """Whether it stopped where `drain` asked it to, and is to go on from there."""
    airing: Airing | None = None
    """What the last cluster it was given belongs to."""
    reached_ms: float = 0.0
    """The furthest it has ever sent; its place can lie before that when it has come back."""
    unsent_ms: float = 0.0
    """How much of that still waits in this machine's kernel, because the ingest has not taken it."""
    _pictures_ms: deque[float] = field(default_factory=lambda: deque(maxlen=_PICTURES_AHEAD))
    """When the last pictures it was given are shown."""
    _out_time_ms: float = 0.0
    _slot_start_ms: float = 0.0
    _slots_before_ms: float = 0.0
    """How long FFmpeg takes the slots before the present one to be."""

    def start_slot(self, first: TimelineCluster) -> None:
        """FFmpeg counts its slots on, one after the other: from here on it means this place.

        It opens a slot when it has read all there was before, so by its own count it is there now, but for what it has
        not reported yet. Without that, small differences in how long we and FFmpeg take slots to be would add up.
        """
        expected_ms = self._slots_before_ms + self.handed_ms - self._slot_start_ms
        self._slots_before_ms = max(self._out_time_ms, min(expected_ms, self._out_time_ms + _UNREPORTED_MS))
        self._slot_start_ms = first.start_ms
        self.jumped = False

    def program_time_ms(self, out_time_ms: float) -> float:
        """Takes what FFmpeg calls its output time, and gives the program's time there."""
        self._out_time_ms = out_time_ms
        return min(out_time_ms - self._slots_before_ms + self._slot_start_ms, self.handed_ms)

    def advance(self, placed: TimelineCluster) -> None:
        """Counts a cluster as handed."""
        self.next_number += 1
        self.airing = placed.airing
        self.handed_ms = placed.end_ms
        self._pictures_ms.extend(placed.pictures_ms)

    @property
    def waits_for_a_picture(self) -> bool:
        """Whether its FFmpeg has no picture beyond what it has sent, and so can send no sound either."""
        return len(self._pictures_ms) < _PICTURES_AHEAD or self._pictures_ms[0] <= self.sent_ms

    def start_over(self) -> None:
        """A new FFmpeg counts from zero, and has been handed nothing."""
        self.handed_ms = self._slot_start_ms = self.sent_ms
        self._out_time_ms = self._slots_before_ms = self.unsent_ms = 0.0
        self._pictures_ms.clear()
