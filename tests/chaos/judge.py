"""The judge: what viewers would have seen, read off what the ingests received, and nothing else."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

FPS = 30
_FIRST_BURST_SECONDS = 1.0
"""The first burst of a publication is not a change of item."""
_LONGEST_REPEAT_SECONDS = 60.0
"""A step back is never taken for more than this: in a loop, everything further back is ahead."""
_UNSEEN_SECONDS = 0.5
"""What a broken connection may cost unmentioned: publishing again within half a second is the goal."""
_MOST_PASSED_OVER = 2
"""Behind the end of an item, one that is further on than this was played before: it fills the time."""


@dataclass(frozen=True, slots=True)
class Loop:
    """How many frames each clip has; the clips follow each other again and again, numbered from 1."""

    frames: tuple[int, ...]

    @property
    def length(self) -> int:
        """How many frames come before the first one comes again."""
        return sum(self.frames)

    def place(self, sight: "Sight") -> int:
        """Where in the loop a frame is."""
        assert sight.clip_number is not None and sight.frame_number is not None
        return sum(self.frames[: sight.clip_number - 1]) + sight.frame_number

    def step(self, earlier: "Sight", later: "Sight") -> int:
        """How many frames lie from one to the other: 1 is as it should be, more are lost, fewer are repeated."""
        ahead = (self.place(later) - self.place(earlier)) % self.length
        longest_repeat = min(_LONGEST_REPEAT_SECONDS * FPS, self.length / 2)
        return ahead if ahead < self.length - longest_repeat else ahead - self.length

    def is_last_of_clip(self, sight: "Sight") -> bool:
        """Whether a clip ends with a frame."""
        assert sight.clip_number
        return sight.frame_number == self.frames[sight.clip_number - 1] - 1

    def items_between(self, earlier: "Sight", later: "Sight") -> int:
        """How many whole clips lie between those of two frames."""
        assert earlier.clip_number and later.clip_number
        return (later.clip_number - earlier.clip_number - 1) % len(self.frames)


@dataclass(frozen=True, slots=True)
class Sight:
    """A picture as it arrived; without numbers it shows no clip, which is the slate."""

    arrival: float
    clip_number: int | None
    frame_number: int | None

    @property
    def is_slate(self) -> bool:
        """Whether no clip is seen."""
        return self.clip_number is None


@dataclass(frozen=True, slots=True)
class Publication:
    """One publication: its life, when media came, and the pictures in their order (as far as they were looked at)."""

    key: str
    opened_at: float
    closed_at: float | None
    arrivals: NDArray[np.float64]
    sights: Sequence[Sight] = ()

    @property
    def first_media_at(self) -> float | None:
        """When the first picture or sound arrived."""
        return float(self.arrivals[0]) if len(self.arrivals) else None


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment to another, on the monotonic clock."""

    begins: float
    ends: float

    @property
    def seconds(self) -> float:
        """How long it is."""
        return max(0.0, self.ends - self.begins)

    def holds(self, moment: float) -> bool:
        """Whether a moment lies in it."""
        return self.begins <= moment <= self.ends

    def shared(self, other: "Span") -> "Span":
        """What it has in common with another."""
        return Span(max(self.begins, other.begins), min(self.ends, other.ends))


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the content does not go on as it should: `after` one picture arrived, `at` the next one."""

    after: float
    at: float
    lost_frames: int = 0
    repeated_frames: int = 0
    skipped_items: int = 0
    """Whole items that were passed over; their frames are not counted as lost."""
    is_rerun: bool = False
    """An item is played again while the next one is not ready."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two publications of one key at once."""

    key: str
    span: Span


def worst_gap_seconds(publications: Iterable[Publication], span: Span) -> float:
    """The longest wait for media within a publication. What lies between two publications is another matter."""
    return max((gap for publication in publications for gap in gaps_seconds(publication, span)), default=0.0)


def gaps_seconds(publication: Publication, span: Span) -> list[float]:
    """Every wait for media within a publication, but for those of its first burst."""
    arrivals = publication.arrivals
    if len(arrivals) < 2:
        return []
    ends = arrivals[1:]
    counted = (ends > arrivals[0] + _FIRST_BURST_SECONDS) & (ends >= span.begins) & (arrivals[:-1] <= span.ends)
    gaps: list[float] = np.diff(arrivals)[counted].tolist()
    return gaps


def overlaps(publications: Sequence[Publication], *, until: float) -> list[Overlap]:
    """Where two publications of one key were open at once."""
    found = []
    for earlier, later in itertools.combinations(sorted(publications, key=lambda p: p.opened_at), 2):
        span = _life(earlier, until).shared(_life(later, until))
        if earlier.key == later.key and span.seconds > 0:
            found.append(Overlap(earlier.key, span))
    return found


def _life(publication: Publication, until: float) -> Span:
    return Span(publication.opened_at, until if publication.closed_at is None else publication.closed_at)


def breaks(publications: Iterable[Publication], loop: Loop, span: Span) -> list[Break]:
    """Where content was lost, repeated, played again or passed over, across the publications of one key in order.

    Pictures do not arrive in their order: what is missing just before a publication breaks off may come in the next.
    """
    sights = [sight for p in publications for sight in p.sights if not sight.is_slate]
    found: list[tuple[int, Break]] = []  # each with the place, counted on and on, from which something is missing
    last, place = None, 0
    for begins, ends in _stretches(sights):
        broken = _break(last, begins, loop) if last else None
        if broken and broken.is_rerun:
            found.append((place, broken))
            continue
        if last and broken:
            goes_on_at = place + loop.step(last, begins)
            found = [(missing, b) for missing, b in found if not (b.lost_frames and goes_on_at <= missing)]
            found.append((place + 1, broken))
        place += (loop.step(last, begins) if last else 0) + loop.step(begins, ends)
        last = ends
    return [broken for _, broken in found if span.holds(broken.after) and span.holds(broken.at)]


def _stretches(sights: Sequence[Sight]) -> Iterator[tuple[Sight, Sight]]:
    """The first and last picture of each stretch of one clip that goes on as it should."""
    first: Sight | None = None
    for earlier, later in itertools.pairwise([*sights, None]):
        assert earlier
        first = first or earlier
        if later is None or not _goes_on(earlier, later):
            yield first, earlier
            first = None


def _goes_on(earlier: Sight, later: Sight) -> bool:
    assert earlier.frame_number is not None
    return later.clip_number == earlier.clip_number and later.frame_number == earlier.frame_number + 1


def _break(earlier: Sight, later: Sight, loop: Loop) -> Break | None:
    step, when = loop.step(earlier, later), (earlier.arrival, later.arrival)
    if step == 1:
        return None
    if later.frame_number == 0 and loop.is_last_of_clip(earlier):
        between = loop.items_between(earlier, later)
        return Break(*when, is_rerun=True) if between > _MOST_PASSED_OVER else Break(*when, skipped_items=between)
    return Break(*when, lost_frames=step - 1) if step > 1 else Break(*when, repeated_frames=1 - step)


def first_media_after(publications: Iterable[Publication], moment: float) -> float | None:
    """When media first came in a publication that was opened after a moment."""
    found = (p.first_media_at for p in publications if p.opened_at >= moment and p.first_media_at is not None)
    return min(found, default=None)


# The account of every second


class Account(StrEnum):
    """What a second was spent on."""

    ITEM = "item"
    SLATE = "slate"
    DARK = "dark"


@dataclass(slots=True)
class Ledger:
    """Every second of one key: by what was seen, by what excused that nothing was, and what nothing explains."""

    spent: dict[str, float] = field(default_factory=dict)
    dark: list[Span] = field(default_factory=list)

    def book(self, name: str, seconds: float) -> None:
        """Adds seconds to a heading."""
        self.spent[name] = self.spent.get(name, 0.0) + seconds

    @property
    def total_seconds(self) -> float:
        """All of it."""
        return sum(self.spent.values())


@dataclass(frozen=True, slots=True)
class Excuse:
    """Why nothing could arrive for a while."""

    name: str
    span: Span


def account(publications: Iterable[Publication], span: Span, excuses: Sequence[Excuse]) -> Ledger:
    """Books a span of one key's time.

    The time up to the next picture belongs to what the one before it showed; of a longer wait, what an excuse covers
    goes to the excuse, and what is left over is dark.
    """
    ledger = Ledger()
    seen = sorted((s for p in publications for s in p.sights if span.holds(s.arrival)), key=lambda s: s.arrival)
    edges = [Sight(span.begins, None, None), *seen, Sight(span.ends, None, None)]
    for earlier, later in itertools.pairwise(edges):
        shown = Account.SLATE if earlier.is_slate and earlier is not edges[0] else Account.ITEM
        _book(ledger, Span(earlier.arrival, later.arrival), shown, excuses)
    return ledger


def _book(ledger: Ledger, wait: Span, shown: Account, excuses: Sequence[Excuse]) -> None:
    if wait.seconds <= _UNSEEN_SECONDS:
        ledger.book(shown, wait.seconds)
        return
    left_seconds = wait.seconds
    for excuse in _one_after_the_other(excuses, wait):
        ledger.book(excuse.name, excuse.span.seconds)
        left_seconds -= excuse.span.seconds
    if left_seconds <= _UNSEEN_SECONDS:
        ledger.book(shown, left_seconds)
        return
    ledger.book(Account.DARK, left_seconds)
    ledger.dark.append(wait)


def _one_after_the_other(excuses: Iterable[Excuse], wait: Span) -> Iterator[Excuse]:
    """The parts of the excuses that lie in a wait, none of them twice."""
    begins = wait.begins
    for excuse in sorted(excuses, key=lambda e: e.span.begins):
        part = excuse.span.shared(Span(begins, wait.ends))
        if part.seconds > 0:
            yield Excuse(excuse.name, part)
            begins = part.ends
