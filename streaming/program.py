"""The program of one stream: placed clusters, written once and read by every uplink at its own place.

The fastest healthy uplink sets the pace: the playout may run only so far ahead of what that one has sent. With no
uplink healthy the program holds its place. Clusters stay for a while after they were sent, so that an uplink that comes
back can go on where it was.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from streaming.splice import Airing, Placed

_KEPT_SECONDS = 30.0
_KEPT_BYTES = 64 << 20
_HANDED_AHEAD_MS = 600.0
"""How far beyond what it has sent an uplink is given media. FFmpeg swallows whatever it is given: of a quiet picture,
minutes; and what it has swallowed can neither be skipped nor counted as sent."""
_LONGEST_LAG_MS = 10_000.0
_SURELY_SENT_MS = 2_000.0
"""What was sent in the last moments before a break may have been lost on the way."""


class Drain(Enum):
    """Where an uplink is to stop reading so that it can publish anew."""

    AT_BOUNDARY = auto()
    AT_KEYFRAME = auto()


@dataclass(eq=False, slots=True)
class Cursor:
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
    drain: Drain | None = None
    airing: Airing | None = None
    """What the last cluster it was given belongs to."""
    _given_ms: float = 0.0
    _out_time_starts_ms: float = 0.0

    def start_slot(self, first: Placed) -> None:
        """FFmpeg counts its slots on, one after the other: from here on it means this place."""
        self.jumped = False
        self._out_time_starts_ms = first.start_ms - self._given_ms

    def place_of(self, out_time_ms: float) -> float:
        """The program's time at what FFmpeg calls its output time."""
        return min(out_time_ms + self._out_time_starts_ms, self.handed_ms)

    def give(self, placed: Placed) -> None:
        """Counts a cluster as handed."""
        self.next_number += 1
        self.airing = placed.airing
        self.handed_ms = placed.end_ms
        self._given_ms += placed.end_ms - placed.start_ms

    def start_over(self) -> None:
        """A new FFmpeg counts from zero."""
        self._given_ms = 0.0


class Program:
    """The bounded queue between playout and uplinks."""

    def __init__(self, *, lead_seconds: float) -> None:
        self._lead_ms = lead_seconds * 1000
        self._clusters: deque[Placed] = deque()
        self._first_number = 0
        self._airings: list[Airing] = []
        self._bytes = 0
        self._cursors: list[Cursor] = []
        self._changed = asyncio.Event()
        self._held_place_ms = 0.0
        self._over = False

    def attach(self) -> Cursor:
        """A cursor for a new uplink, at the place where the program is."""
        cursor = Cursor()
        self._cursors.append(cursor)
        return cursor

    def detach(self, cursor: Cursor) -> None:
        """Forgets an uplink."""
        self._cursors.remove(cursor)
        self._tell()

    # --- written by the playout ---

    def append(self, placed: Placed) -> None:
        """Adds a cluster at the end."""
        self._clusters.append(placed)
        self._bytes += len(placed.data)
        if not self._airings or self._airings[-1] is not placed.airing:
            self._airings.append(placed.airing)
        self._drop_old()
        self._tell()

    async def room(self) -> None:
        """Waits until the program runs ahead by less than the lead."""
        await self._until(lambda: self.ahead_ms < self._lead_ms)

    def cut(self) -> list[Placed]:
        """Takes back, and gives, everything that no uplink was handed yet."""
        keep = max((c.next_number for c in self._cursors if c.is_connected), default=self._first_number)
        taken: list[Placed] = []
        while self._clusters and self._next_number > max(keep, self._first_number):
            taken.append(self._clusters.pop())
        self._bytes -= sum(len(placed.data) for placed in taken)
        while self._airings and (not self._clusters or self._airings[-1] is not self._clusters[-1].airing):
            self._airings.pop()
        self._tell()
        return taken[::-1]

    def finish(self) -> None:
        """Nothing will be added any more."""
        self._over = True
        self._tell()

    # --- seen by everybody ---

    @property
    def end_ms(self) -> float:
        """The end of the newest cluster."""
        return self._clusters[-1].end_ms if self._clusters else self._held_place_ms

    @property
    def sent_ms(self) -> float:
        """What the uplink that sets the pace has sent; the place that is held while there is none."""
        sent = [c.sent_ms for c in self._cursors if c.is_connected and c.has_started]
        if sent:
            self._held_place_ms = max(sent)
        return self._held_place_ms

    @property
    def ahead_ms(self) -> float:
        """How far the newest cluster lies before what was sent."""
        return self.end_ms - self.sent_ms

    @property
    def is_over(self) -> bool:
        """Whether nothing will be added any more."""
        return self._over

    def is_drained(self, cursor: Cursor) -> bool:
        """Whether an uplink was handed everything it is to have."""
        if cursor.next_number >= self._next_number:
            return self._over
        return self._stops_at(cursor, self._at(cursor))

    @property
    def on_air(self) -> Airing | None:
        """What viewers see: the airing at what was sent. None before anything was."""
        if not any(c.has_started for c in self._cursors):
            return None
        started = (airing for airing in reversed(self._airings) if airing.start_ms <= self.sent_ms)
        return next(started, self._airings[0] if self._airings else None)

    @property
    def handed(self) -> Airing | None:
        """What the uplink that is furthest ahead was given last."""
        reading = [c for c in self._cursors if c.is_connected]
        return max(reading, key=lambda c: c.next_number).airing if reading else None

    @property
    def newest(self) -> Placed | None:
        """The last cluster there is."""
        return self._clusters[-1] if self._clusters else None

    async def until(self, condition: Callable[["Program"], bool]) -> None:
        """Waits until something holds of the program."""
        await self._until(lambda: condition(self))

    # --- read by uplinks ---

    def join(self, cursor: Cursor) -> None:
        """Puts an uplink that connects at its place.

        A new one begins at what goes on air; one that drained goes on where it stopped; one that broke off, at a
        keyframe not after what it has surely sent, unless the others have left it too far behind.
        """
        if cursor.drain is None or not self._holds(cursor.next_number):
            self._move(cursor, self._keyframe_before(self._rejoin_ms(cursor)))
        cursor.drain = None
        cursor.start_over()
        cursor.is_connected = True
        self._tell()

    def _rejoin_ms(self, cursor: Cursor) -> float:
        if not cursor.has_started:
            return self.sent_ms
        others = any(c.is_connected and c.has_started for c in self._cursors)
        place_ms = cursor.sent_ms - _SURELY_SENT_MS
        return self.sent_ms if others and self._is_too_far(place_ms) else place_ms

    def leave(self, cursor: Cursor) -> None:
        """The uplink is gone for the moment; its place is kept as long as the window is."""
        _ = self.sent_ms
        cursor.is_connected = False
        self._tell()

    def sent(self, cursor: Cursor, out_time_ms: float) -> None:
        """An uplink's FFmpeg tells how far it has sent."""
        time_ms = cursor.place_of(out_time_ms)
        if time_ms > cursor.sent_ms or not cursor.has_started:
            cursor.sent_ms, cursor.has_started = time_ms, True
            self._tell()

    async def coming(self, cursor: Cursor) -> Placed:
        """Waits for the cluster an uplink may have next; `take` it once it was written."""
        await self._until(lambda: self._may_have(cursor))
        if self._lags(cursor):
            self._move(cursor, self._keyframe_before(self.sent_ms))
        return self._at(cursor)

    def take(self, cursor: Cursor) -> None:
        """Moves an uplink on by the cluster it was given."""
        cursor.give(self._at(cursor))
        self._tell()

    def _may_have(self, cursor: Cursor) -> bool:
        if not self._holds(cursor.next_number):
            return False
        placed = self._at(cursor)
        return placed.start_ms < cursor.sent_ms + _HANDED_AHEAD_MS and not self._stops_at(cursor, placed)

    def _stops_at(self, cursor: Cursor, placed: Placed) -> bool:
        if cursor.drain is None or not placed.is_keyframe:
            return False
        return cursor.drain is Drain.AT_KEYFRAME or placed.airing is not cursor.airing

    def _lags(self, cursor: Cursor) -> bool:
        placed = self._at(cursor)
        return placed.is_keyframe and self._is_too_far(placed.start_ms)

    def _is_too_far(self, place_ms: float) -> bool:
        return self.sent_ms - place_ms > _LONGEST_LAG_MS + _SURELY_SENT_MS

    def _holds(self, number: int) -> bool:
        return self._first_number <= number < self._next_number

    def _at(self, cursor: Cursor) -> Placed:
        return self._clusters[cursor.next_number - self._first_number]

    def _move(self, cursor: Cursor, number: int) -> None:
        cursor.next_number = number
        if number >= self._next_number:  # nothing is there yet: the first cluster to come
            cursor.sent_ms = self._held_place_ms
            return
        start_ms = self._clusters[number - self._first_number].start_ms
        if cursor.has_started:
            cursor.missed_ms += max(0.0, start_ms - cursor.sent_ms)
        cursor.sent_ms = start_ms
        cursor.jumped = True

    def _keyframe_before(self, time_ms: float) -> int:
        """The newest keyframe cluster that starts at or before a time; the oldest one there is, when none does."""
        found = None
        for number, placed in enumerate(self._clusters, self._first_number):
            if placed.is_keyframe and (found is None or placed.start_ms <= time_ms):
                found = number
        return self._next_number if found is None else found

    @property
    def _next_number(self) -> int:
        return self._first_number + len(self._clusters)

    def _drop_old(self) -> None:
        """Drops whole GOPs from the front, so that what is left starts at a keyframe."""
        while (length := self._first_gop_length()) and self._is_out_of_window(self._clusters[length - 1]):
            for _ in range(length):
                self._bytes -= len(self._clusters.popleft().data)
            self._first_number += length
            while self._airings[0] is not self._clusters[0].airing:
                del self._airings[0]

    def _first_gop_length(self) -> int:
        """Clusters before the second keyframe, or 0 when there is none."""
        return next((i for i, placed in enumerate(self._clusters) if i and placed.is_keyframe), 0)

    def _is_out_of_window(self, placed: Placed) -> bool:
        is_old = placed.end_ms < self.sent_ms - _KEPT_SECONDS * 1000
        return is_old or (self._bytes > _KEPT_BYTES and placed.end_ms < self.sent_ms)

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            await self._changed.wait()
