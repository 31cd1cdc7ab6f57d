"""The program of one stream: placed clusters, written once and read by every uplink at its own place.

The fastest healthy uplink sets the pace: the playout may run only so far ahead of what that one has sent. With no
uplink healthy the program holds its place. Clusters stay for a while after they were sent, so that an uplink that comes
back can go on where it was.
"""

from collections import deque
from collections.abc import Callable

from streaming.process.notifier import Waiting
from streaming.timeline.read_position import Cursor, Drain
from streaming.timeline.splice import Airing, Placed

_KEPT_SECONDS = 30.0
_KEPT_BYTES = 64 << 20
_HANDED_AHEAD_MS = 360.0
"""How far beyond what it has sent an uplink is given media. FFmpeg swallows whatever it is given: of a quiet picture,
minutes; and what it has swallowed can neither be skipped nor counted as sent."""
LONGEST_LAG_SECONDS = 10.0
_SURELY_SENT_MS = 1_500.0
"""What was sent in the last moments before a break may have been lost on the way."""


class Program:
    """The bounded queue between playout and uplinks."""

    def __init__(self, *, lead_seconds: float) -> None:
        self._lead_ms = lead_seconds * 1000
        self._clusters: deque[Placed] = deque()
        self._first_number = 0
        self._airings: list[Airing] = []
        self._bytes = 0
        self._cursors: list[Cursor] = []
        self._waiting = Waiting()
        self._sent_ms = 0.0
        self._over = False

    def attach(self) -> Cursor:
        """A cursor for a new uplink, at the place where the program is."""
        cursor = Cursor()
        self._cursors.append(cursor)
        return cursor

    # --- written by the playout ---

    def append(self, placed: Placed) -> None:
        """Adds a cluster at the end."""
        self._clusters.append(placed)
        self._bytes += placed.length_bytes
        if not self._airings or self._airings[-1] is not placed.airing:
            self._airings.append(placed.airing)
        self._drop_old()
        self._waiting.tell()

    async def room(self) -> None:
        """Waits until the program runs ahead by less than the lead."""
        await self._waiting.until(lambda: self.ahead_ms < self._lead_ms)

    def cut(self, is_unwanted: Callable[[Airing], bool]) -> list[Placed]:
        """Takes back, and gives, what no uplink was handed yet of unwanted airings, with all that follows it."""
        first = self._first_unread - self._first_number
        unread = range(first, len(self._clusters))
        kept = next((n for n in unread if is_unwanted(self._clusters[n].airing)), None)
        if kept is None:
            return []
        taken = [self._clusters.pop() for _ in range(len(self._clusters) - kept)][::-1]
        self._bytes -= sum(placed.length_bytes for placed in taken)
        while self._airings and (not self._clusters or self._airings[-1] is not self._clusters[-1].airing):
            self._airings.pop()
        self._waiting.tell()
        return taken

    @property
    def _first_unread(self) -> int:
        """The first cluster that is nobody's yet; with no uplink reading, the first beyond the place that is held."""
        reading = [c.next_number for c in self._cursors if c.is_connected or c.is_drained]
        if reading:
            return max(self._first_number, *reading)
        later = (n for n, placed in enumerate(self._clusters, self._first_number) if placed.start_ms >= self._sent_ms)
        return next(later, self._next_number)

    def finish(self) -> None:
        """Nothing will be added any more."""
        self._over = True
        self._waiting.tell()

    # --- seen by everybody ---

    @property
    def end_ms(self) -> float:
        """The end of the newest cluster."""
        return self._clusters[-1].end_ms if self._clusters else self._sent_ms

    @property
    def sent_ms(self) -> float:
        """What the uplink that sets the pace has sent; the place that is held while there is none."""
        return self._sent_ms

    @property
    def ahead_ms(self) -> float:
        """How far the newest cluster lies before what was sent."""
        return self.end_ms - self.sent_ms

    @property
    def has_room(self) -> bool:
        """Whether it would take more than it holds."""
        return self.ahead_ms < self._lead_ms and not self._over

    def owes(self, cursor: Cursor) -> bool:
        """Whether there is more for an uplink than it was handed."""
        return self.end_ms > cursor.handed_ms

    @property
    def is_over(self) -> bool:
        """Whether nothing will be added any more."""
        return self._over

    def is_played_out(self, cursor: Cursor) -> bool:
        """Whether an uplink was handed everything there will ever be."""
        return self._over and cursor.next_number >= self._next_number

    def is_drained(self, cursor: Cursor) -> bool:
        """Whether an uplink was handed everything it is to have for now."""
        if cursor.next_number >= self._next_number:
            return self._over
        return self._holds(cursor.next_number) and self._stops_at(cursor, self._at(cursor))

    @property
    def on_air(self) -> Airing | None:
        """What viewers see: the airing at what was sent. None before anything was."""
        if not any(c.has_started for c in self._cursors):
            return None
        started = (airing for airing in reversed(self._airings) if airing.start_ms <= self.sent_ms)
        return next(started, self._airings[0] if self._airings else None)

    @property
    def newest(self) -> Placed | None:
        """The last cluster there is."""
        return self._clusters[-1] if self._clusters else None

    @property
    def keyframe(self) -> Placed | None:
        """The last cluster sent that a picture can be decoded from; None before anything was sent."""
        number = self._keyframe_before(self._sent_ms)
        return self._clusters[number - self._first_number] if self.on_air and self._holds(number) else None

    async def until(self, condition: Callable[["Program"], bool]) -> None:
        """Waits until something holds of the program."""
        await self._waiting.until(lambda: condition(self))

    # --- read by uplinks ---

    def join(self, cursor: Cursor) -> None:
        """Puts an uplink that connects at its place.

        A new one begins at what goes on air; one that drained goes on where it stopped; one that broke off, at a
        keyframe not after what it has surely sent, unless the others have left it too far behind.
        """
        if not cursor.is_drained or not self._first_number <= cursor.next_number <= self._next_number:
            self._move(cursor, self._keyframe_before(self._rejoin_ms(cursor)))
        cursor.drain, cursor.is_drained = None, False
        cursor.start_over()
        cursor.is_connected = True
        self._set_pace()
        self._waiting.tell()

    def _rejoin_ms(self, cursor: Cursor) -> float:
        if not cursor.has_started:
            return self._sent_ms
        others = any(c.is_connected and c.has_started for c in self._cursors)
        place_ms = cursor.reached_ms - cursor.unsent_ms - _SURELY_SENT_MS
        return self._sent_ms if others and self._is_too_far(place_ms) else place_ms

    def leave(self, cursor: Cursor, *, is_drained: bool = False) -> None:
        """The uplink is gone for the moment; its place is kept as long as the window is.

        One that `is_drained` has sent all it was handed, and goes on with the very next cluster.
        """
        cursor.is_connected, cursor.is_drained = False, is_drained
        self._set_pace()
        self._waiting.tell()

    def sent(self, cursor: Cursor, out_time_ms: float) -> None:
        """An uplink's FFmpeg tells how far it has sent."""
        time_ms = cursor.hear(out_time_ms)
        if time_ms > cursor.sent_ms or not cursor.has_started:
            cursor.sent_ms, cursor.has_started = time_ms, True
            cursor.missed_ms, cursor.passed_over_ms = cursor.missed_ms + cursor.passed_over_ms, 0.0
            cursor.reached_ms = max(cursor.reached_ms, time_ms)
            self._set_pace()
            self._waiting.tell()

    def _set_pace(self) -> None:
        """The fastest healthy uplink sets the pace; without any, the place is held."""
        self._sent_ms = max(
            (c.sent_ms for c in self._cursors if c.is_connected and c.has_started), default=self._sent_ms
        )

    async def coming(self, cursor: Cursor) -> Placed:
        """Waits for the cluster an uplink may have next; `take` it once it was written."""
        await self._waiting.until(lambda: self._may_have(cursor) or self._is_left_behind(cursor))
        if self._is_left_behind(cursor):
            self._move(cursor, self._keyframe_before(self._sent_ms))
            await self._waiting.until(lambda: self._may_have(cursor))
        return self._at(cursor)

    def jump(self, cursor: Cursor) -> None:
        """Moves an uplink to the newest keyframe at what the others send, with or without a keyframe where it is."""
        number = self._keyframe_before(self._sent_ms)
        if number > cursor.next_number:
            self._move(cursor, number)
            self._waiting.tell()

    def take(self, cursor: Cursor) -> None:
        """Moves an uplink on by the cluster it was given."""
        cursor.give(self._at(cursor))
        self._waiting.tell()

    def _may_have(self, cursor: Cursor) -> bool:
        if not self._holds(cursor.next_number):
            return False
        placed = self._at(cursor)
        is_due = placed.start_ms < cursor.sent_ms + _HANDED_AHEAD_MS or cursor.waits_for_a_picture
        return is_due and not self._stops_at(cursor, placed)

    def _stops_at(self, cursor: Cursor, placed: Placed) -> bool:
        if cursor.drain is None or not placed.is_keyframe:
            return False
        return cursor.drain is Drain.AT_KEYFRAME or cursor.airing not in (None, placed.airing)

    def _is_left_behind(self, cursor: Cursor) -> bool:
        """Whether an uplink has to jump: the window has moved past it, or it is at a keyframe far behind."""
        if cursor.next_number < self._first_number:
            return True
        if not self._holds(cursor.next_number):
            return False
        placed = self._at(cursor)
        return (
            placed.is_keyframe
            and self._is_too_far(placed.start_ms)
            and self._keyframe_before(self._sent_ms) > cursor.next_number
        )

    def _is_too_far(self, place_ms: float) -> bool:
        return self._sent_ms - place_ms > LONGEST_LAG_SECONDS * 1000 + _SURELY_SENT_MS

    def _holds(self, number: int) -> bool:
        return self._first_number <= number < self._next_number

    def _at(self, cursor: Cursor) -> Placed:
        return self._clusters[cursor.next_number - self._first_number]

    def _move(self, cursor: Cursor, number: int) -> None:
        cursor.next_number = number
        if number >= self._next_number:  # nothing is there yet: the first cluster to come
            cursor.sent_ms = self._sent_ms
            return
        start_ms = self._at(cursor).start_ms
        if cursor.has_started:
            goes_on = cursor.is_connected and not cursor.jumped
            before_ms = cursor.passed_over_ms if goes_on else 0.0
            reached_ms = max(cursor.reached_ms, cursor.handed_ms) if cursor.is_connected else cursor.reached_ms
            cursor.passed_over_ms = before_ms + max(0.0, start_ms - reached_ms)
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
                self._bytes -= self._clusters.popleft().length_bytes
            self._first_number += length
            while self._airings[0] is not self._clusters[0].airing:
                del self._airings[0]

    def _first_gop_length(self) -> int:
        """Clusters before the second keyframe, or 0 when there is none."""
        return next((i for i, placed in enumerate(self._clusters) if i and placed.is_keyframe), 0)

    def _is_out_of_window(self, placed: Placed) -> bool:
        is_old = placed.end_ms < self._sent_ms - _KEPT_SECONDS * 1000
        return is_old or (self._bytes > _KEPT_BYTES and placed.end_ms < self._sent_ms)
