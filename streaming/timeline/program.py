"""The program of one stream: clusters on its timeline, written once and read by every uplink at its own position.

The fastest healthy uplink sets the pace: the playout keeps a limited lead over it. With no healthy uplink the program
holds its place. Sent clusters stay for a while, so that an uplink can come back to where it was.
"""

from collections import deque
from collections.abc import Callable

from streaming.process.notifier import Notifier
from streaming.timeline.read_position import Drain, ReadPosition
from streaming.timeline.splice import Airing, TimelineCluster

_KEPT_SECONDS = 30.0
_KEPT_BYTES = 64 << 20
_HANDED_AHEAD_MS = 360.0
"""How far ahead of its output time an uplink is given media. FFmpeg buffers whatever it is given, minutes of a quiet
picture, and media it has buffered can neither be skipped nor counted as sent."""
_STARVED_AHEAD_MS = 5_000.0
"""The same for an uplink that has come to a stop: FFmpeg analyses a new slot for so long (`-analyzeduration`)."""
LONGEST_LAG_SECONDS = 10.0
_SURELY_SENT_MS = 1_500.0
"""Media sent just before a break may be lost on its way."""


class Program:
    """The bounded queue between playout and uplinks."""

    def __init__(self, *, lead_seconds: float) -> None:
        self._lead_ms = lead_seconds * 1000
        self._clusters: deque[TimelineCluster] = deque()
        self._first_number = 0
        self._airings: list[Airing] = []
        self._bytes = 0
        self._positions: list[ReadPosition] = []
        self._notifier = Notifier()
        self._sent_ms = 0.0
        self._over = False

    def attach(self) -> ReadPosition:
        """The read position of a new uplink."""
        position = ReadPosition()
        self._positions.append(position)
        return position

    # --- Written by the playout ---

    def append(self, placed: TimelineCluster) -> None:
        """Adds a cluster at the end."""
        self._clusters.append(placed)
        self._bytes += placed.length_bytes
        if not self._airings or self._airings[-1] is not placed.airing:
            self._airings.append(placed.airing)
        self._drop_old()
        self._notifier.notify()

    async def wait_for_room(self) -> None:
        """Waits until the lead is shorter than it should be."""
        await self._notifier.until(lambda: self.ahead_ms < self._lead_ms)

    def cut(self, is_unwanted: Callable[[Airing], bool]) -> list[TimelineCluster]:
        """Removes the first unread cluster of an unwanted airing and all clusters after it. Returns them."""
        first = self._first_unread - self._first_number
        unread = range(first, len(self._clusters))
        kept = next((n for n in unread if is_unwanted(self._clusters[n].airing)), None)
        if kept is None:
            return []
        taken = [self._clusters.pop() for _ in range(len(self._clusters) - kept)][::-1]
        self._bytes -= sum(placed.length_bytes for placed in taken)
        while self._airings and (not self._clusters or self._airings[-1] is not self._clusters[-1].airing):
            self._airings.pop()
        self._notifier.notify()
        return taken

    @property
    def _first_unread(self) -> int:
        """The first cluster that no uplink has read; with no uplink reading, the first behind the held place."""
        reading = [c.next_number for c in self._positions if c.is_connected or c.is_drained]
        if reading:
            return max(self._first_number, *reading)
        later = (n for n, placed in enumerate(self._clusters, self._first_number) if placed.start_ms >= self._sent_ms)
        return next(later, self._next_number)

    def finish(self) -> None:
        """Marks the end: no cluster follows."""
        self._over = True
        self._notifier.notify()

    # --- Its state ---

    @property
    def end_ms(self) -> float:
        """The end of the newest cluster."""
        return self._clusters[-1].end_ms if self._clusters else self._sent_ms

    @property
    def sent_ms(self) -> float:
        """How far the uplink that sets the pace has sent; the held place while there is none."""
        return self._sent_ms

    @property
    def ahead_ms(self) -> float:
        """The lead: how far the newest cluster is ahead of what was sent."""
        return self.end_ms - self.sent_ms

    @property
    def has_room(self) -> bool:
        """Whether the lead is shorter than it should be."""
        return self.ahead_ms < self._lead_ms and not self._over

    def owes(self, position: ReadPosition) -> bool:
        """Whether there is media that an uplink was not given yet."""
        return self.end_ms > position.handed_ms

    @property
    def is_over(self) -> bool:
        """Whether nothing will be added any more."""
        return self._over

    def is_played_out(self, position: ReadPosition) -> bool:
        """Whether an uplink was given the whole program."""
        return self._over and position.next_number >= self._next_number

    def is_drained(self, position: ReadPosition) -> bool:
        """Whether an uplink was given all it may read before it drains."""
        if position.next_number >= self._next_number:
            return self._over
        return self._holds(position.next_number) and self._stops_at(position, self._at(position))

    @property
    def on_air(self) -> Airing | None:
        """The airing that viewers see. None before anything was sent."""
        if not any(c.has_started for c in self._positions):
            return None
        started = (airing for airing in reversed(self._airings) if airing.start_ms <= self.sent_ms)
        return next(started, self._airings[0] if self._airings else None)

    @property
    def newest(self) -> TimelineCluster | None:
        """The newest cluster."""
        return self._clusters[-1] if self._clusters else None

    @property
    def keyframe(self) -> TimelineCluster | None:
        """The last sent cluster that starts at a keyframe; None before anything was sent."""
        number = self._keyframe_before(self._sent_ms)
        return self._clusters[number - self._first_number] if self.on_air and self._holds(number) else None

    async def until(self, condition: Callable[["Program"], bool]) -> None:
        """Waits until a condition holds."""
        await self._notifier.until(lambda: condition(self))

    # --- Read by uplinks ---

    def join(self, position: ReadPosition) -> None:
        """Places an uplink that connects.

        A new one begins at the airing that viewers see. One that drained goes on where it stopped. One that broke off
        goes on at a keyframe not after what it has surely sent, unless it is too far behind the others.
        """
        if not position.is_drained or not self._first_number <= position.next_number <= self._next_number:
            self._move(position, self._keyframe_before(self._rejoin_ms(position)))
        position.drain, position.is_drained = None, False
        position.start_over()
        position.is_connected = True
        self._set_pace()
        self._notifier.notify()

    def _rejoin_ms(self, position: ReadPosition) -> float:
        if not position.has_started:
            return self._sent_ms
        others = any(c.is_connected and c.has_started for c in self._positions)
        place_ms = position.reached_ms - position.unsent_ms - _SURELY_SENT_MS
        return self._sent_ms if others and self._is_too_far(place_ms) else place_ms

    def leave(self, position: ReadPosition, *, is_drained: bool = False) -> None:
        """Notes that an uplink has disconnected. Its position stays as long as the window holds it.

        One that `is_drained` has sent all it was given, and goes on with the very next cluster.
        """
        position.is_connected, position.is_drained = False, is_drained
        self._set_pace()
        self._notifier.notify()

    def sent(self, position: ReadPosition, out_time_ms: float) -> None:
        """Takes a report of how far an uplink's FFmpeg has sent."""
        time_ms = position.program_time_ms(out_time_ms)
        if time_ms > position.sent_ms or not position.has_started:
            position.sent_ms, position.has_started = time_ms, True
            position.missed_ms, position.passed_over_ms = position.missed_ms + position.passed_over_ms, 0.0
            position.reached_ms = max(position.reached_ms, time_ms)
            position.reports_without_progress = 0
            self._set_pace()
            self._notifier.notify()
        elif self.owes(position):
            position.reports_without_progress += 1
            self._notifier.notify()
        else:
            position.reports_without_progress = 0

    def _set_pace(self) -> None:
        """The fastest healthy uplink sets the pace; without any, the place is held."""
        self._sent_ms = max(
            (c.sent_ms for c in self._positions if c.is_connected and c.has_started), default=self._sent_ms
        )

    async def next_cluster(self, position: ReadPosition) -> TimelineCluster:
        """Waits for the next cluster an uplink may read. Call `advance` once it was written."""
        await self._notifier.until(lambda: self._may_have(position) or self._is_left_behind(position))
        if self._is_left_behind(position):
            self._move(position, self._keyframe_before(self._sent_ms))
            await self._notifier.until(lambda: self._may_have(position))
        return self._at(position)

    def jump(self, position: ReadPosition) -> None:
        """Moves an uplink to the newest keyframe at the place the others send, wherever it is now."""
        number = self._keyframe_before(self._sent_ms)
        if number > position.next_number:
            self._move(position, number)
            self._notifier.notify()

    def advance(self, position: ReadPosition) -> None:
        """Moves an uplink on by one cluster."""
        position.advance(self._at(position))
        self._notifier.notify()

    def _may_have(self, position: ReadPosition) -> bool:
        if not self._holds(position.next_number):
            return False
        placed = self._at(position)
        ahead_ms = _STARVED_AHEAD_MS if position.is_starved else _HANDED_AHEAD_MS
        is_due = placed.start_ms < position.sent_ms + ahead_ms or position.waits_for_a_picture
        return is_due and not self._stops_at(position, placed)

    def _stops_at(self, position: ReadPosition, placed: TimelineCluster) -> bool:
        if position.drain is None or not placed.is_keyframe:
            return False
        return position.drain is Drain.AT_KEYFRAME or position.airing not in (None, placed.airing)

    def _is_left_behind(self, position: ReadPosition) -> bool:
        """Whether an uplink has to jump: its place has left the window, or it is at a keyframe far behind."""
        if position.next_number < self._first_number:
            return True
        if not self._holds(position.next_number):
            return False
        placed = self._at(position)
        return (
            placed.is_keyframe
            and self._is_too_far(placed.start_ms)
            and self._keyframe_before(self._sent_ms) > position.next_number
        )

    def _is_too_far(self, place_ms: float) -> bool:
        return self._sent_ms - place_ms > LONGEST_LAG_SECONDS * 1000 + _SURELY_SENT_MS

    def _holds(self, number: int) -> bool:
        return self._first_number <= number < self._next_number

    def _at(self, position: ReadPosition) -> TimelineCluster:
        return self._clusters[position.next_number - self._first_number]

    def _move(self, position: ReadPosition, number: int) -> None:
        position.next_number = number
        if number >= self._next_number:  # the first cluster that will be added
            position.sent_ms = self._sent_ms
            return
        start_ms = self._at(position).start_ms
        if position.has_started:
            goes_on = position.is_connected and not position.jumped
            before_ms = position.passed_over_ms if goes_on else 0.0
            reached_ms = max(position.reached_ms, position.handed_ms) if position.is_connected else position.reached_ms
            position.passed_over_ms = before_ms + max(0.0, start_ms - reached_ms)
        position.sent_ms = start_ms
        position.jumped = True

    def _keyframe_before(self, time_ms: float) -> int:
        """The number of the newest keyframe cluster that starts by a time, else of the oldest one."""
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

    def _is_out_of_window(self, placed: TimelineCluster) -> bool:
        is_old = placed.end_ms < self._sent_ms - _KEPT_SECONDS * 1000
        return is_old or (self._bytes > _KEPT_BYTES and placed.end_ms < self._sent_ms)
