"""The read position of one uplink in the program: what it was given, and what its FFmpeg says it has sent."""

from collections import deque
from dataclasses import dataclass, field
from enum import Enum, auto

from streaming.timeline.splice import Airing, TimelineCluster

_UNREPORTED_MS = 150.0
"""What an uplink may have sent since its last report: the period of reports, and media on its way to the ingest."""


_STARVED_AFTER_REPORTS = 20
"""Two seconds of them: less than until an uplink counts as stuck."""
_PICTURES_AHEAD = 3
"""FFmpeg sends sound only once it has the picture behind it. Pictures may come in another order than they are shown."""


class Drain(Enum):
    """Where an uplink stops reading in order to publish again."""

    AT_BOUNDARY = auto()
    AT_KEYFRAME = auto()


@dataclass(eq=False, slots=True)
class ReadPosition:
    """Where one uplink reads; times are on the program's timeline."""

    next_number: int = 0
    handed_ms: float = 0.0
    """The end of the last cluster it was given."""
    sent_ms: float = 0.0
    is_connected: bool = False
    has_started: bool = False
    """Whether it has ever sent anything. Its place means nothing before."""
    jumped: bool = False
    """Whether the next cluster does not follow the last one: it needs a new slot."""
    missed_ms: float = 0.0
    passed_over_ms: float = 0.0
    """What it has missed if it sends again: a try that sends nothing misses nothing."""
    drain: Drain | None = None
    is_drained: bool = False
    """Whether it stopped where `drain` says, and goes on from there."""
    airing: Airing | None = None
    """The airing of the last cluster it was given."""
    reached_ms: float = 0.0
    """The furthest it has ever sent. After a break its place may lie before that."""
    unsent_ms: float = 0.0
    """How much of that still waits in the kernel because the ingest has not accepted it."""
    reports_without_progress: int = 0
    """How many reports in a row say the same while there is more to send."""
    _pictures_ms: deque[float] = field(default_factory=lambda: deque(maxlen=_PICTURES_AHEAD))
    """When the last pictures it was given are shown."""
    _out_time_ms: float = 0.0
    _slot_start_ms: float = 0.0
    _slots_before_ms: float = 0.0
    """How long all earlier slots are by FFmpeg's count."""

    def start_slot(self, first: TimelineCluster) -> None:
        """Ties FFmpeg's output time, which runs on across slots, to this place on the timeline.

        FFmpeg opens a slot when it has read the one before, so its output time is here now, but for what it has not
        reported yet. Otherwise small differences between its count and ours would add up.
        """
        expected_ms = self._slots_before_ms + self.handed_ms - self._slot_start_ms
        self._slots_before_ms = max(self._out_time_ms, min(expected_ms, self._out_time_ms + _UNREPORTED_MS))
        self._slot_start_ms = first.start_ms
        self.jumped = False

    def program_time_ms(self, out_time_ms: float) -> float:
        """The time on the program's timeline at an output time of FFmpeg."""
        self._out_time_ms = out_time_ms
        return min(out_time_ms - self._slots_before_ms + self._slot_start_ms, self.handed_ms)

    def advance(self, placed: TimelineCluster) -> None:
        """Moves on by a cluster that was given to FFmpeg."""
        self.next_number += 1
        self.airing = placed.airing
        self.handed_ms = placed.end_ms
        self._pictures_ms.extend(placed.pictures_ms)

    @property
    def waits_for_a_picture(self) -> bool:
        """Whether its FFmpeg has no picture ahead of what it has sent: it cannot send sound either then."""
        return len(self._pictures_ms) < _PICTURES_AHEAD or self._pictures_ms[0] <= self.sent_ms

    @property
    def is_starved(self) -> bool:
        """Whether its FFmpeg runs but sends nothing: it may need more than it was given to understand a slot."""
        return self.reports_without_progress >= _STARVED_AFTER_REPORTS

    def start_over(self) -> None:
        """A new FFmpeg counts from zero, and has been handed nothing."""
        self.handed_ms = self._slot_start_ms = self.sent_ms
        self._out_time_ms = self._slots_before_ms = self.unsent_ms = 0.0
        self.reports_without_progress = 0
        self._pictures_ms.clear()
