"""The watch: is time advancing, are bytes leaving, and who is to blame when not. It judges; it looks at no clock."""

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from streaming.ffmpeg.encoding import WAIT_FOR_SOUND_SECONDS
from streaming.ffmpeg.progress import PERIOD_SECONDS
from streaming.model.patience import PATIENCE
from streaming.timeline.program import LONGEST_LAG_SECONDS

LOOK_EVERY_SECONDS = 1.0
FFMPEG_CONNECT_SECONDS = 5.0
"""How long FFmpeg's TCP waits for an answer (`open_timeout` of libavformat's tcp protocol)."""
NAME_LOOKUP_SECONDS = 10.0
"""How long the C library looks for a name: two tries of five seconds (resolv.conf(5))."""
_A_LITTLE_BYTES = 64 << 10
"""What may wait inside FFmpeg, and so is neither sent nor queued; less than this is no sign of life."""


class Verdict(StrEnum):
    """What is the matter, in words for people. Each has one remedy."""

    WELL = "all is well"
    INGEST_SILENT = "the ingest does not answer"
    INGEST_TAKES_NOTHING = "the ingest takes nothing"
    UPLINK_STUCK = "the uplink is stuck"
    UPLINK_BEHIND = "the uplink is behind"
    UPLINK_SLOW = "the uplink is too slow"
    FEEDER_STUCK = "the feeder is stuck"
    SOURCE_SILENT = "the item's server sends nothing"
    DRIFT = "sound and picture drift apart"
    SLATE = "the slate is on air"

    @property
    def remedy(self) -> "Remedy":
        """What a playout does about it."""
        return _REMEDIES[self]

    @property
    def sentence(self) -> str:
        """What is the matter and what is done about it; nothing when all is well."""
        return "" if self is Verdict.WELL else f"{self[0].upper()}{self[1:]}: {_DONE[self]}."


class Remedy(Enum):
    """What a playout can do by itself."""

    NONE = auto()
    RESTART_UPLINK = auto()
    RESTART_FEEDER = auto()
    JUMP = auto()
    TELL = auto()


_REMEDIES = {
    Verdict.WELL: Remedy.NONE,
    Verdict.INGEST_SILENT: Remedy.RESTART_UPLINK,
    Verdict.INGEST_TAKES_NOTHING: Remedy.RESTART_UPLINK,
    Verdict.UPLINK_STUCK: Remedy.RESTART_UPLINK,
    Verdict.UPLINK_BEHIND: Remedy.JUMP,
    Verdict.UPLINK_SLOW: Remedy.TELL,
    Verdict.FEEDER_STUCK: Remedy.RESTART_FEEDER,
    Verdict.SOURCE_SILENT: Remedy.RESTART_FEEDER,
    Verdict.DRIFT: Remedy.TELL,
    Verdict.SLATE: Remedy.TELL,
}
_DONE = {
    Verdict.INGEST_SILENT: "the uplink connects anew",
    Verdict.INGEST_TAKES_NOTHING: "the uplink connects anew",
    Verdict.UPLINK_STUCK: "another one takes its place",
    Verdict.UPLINK_BEHIND: "it goes on at the newest keyframe",
    Verdict.UPLINK_SLOW: "this network or machine carries less than the stream needs",
    Verdict.FEEDER_STUCK: "another one goes on where it stopped",
    Verdict.SOURCE_SILENT: "the item is opened again where it stopped",
    Verdict.DRIFT: "the item has no sound or no picture here",
    Verdict.SLATE: "it stays until an item can be played",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How long each thing may last. All are above the time-outs that others wait for, so the watch is never first."""

    connect_seconds: float = NAME_LOOKUP_SECONDS + FFMPEG_CONNECT_SECONDS + 5.0
    ingest_seconds: float = 15.0
    """Ingests were seen to pause for ten seconds and then take it all."""
    uplink_seconds: float = 50 * PERIOD_SECONDS
    """How long an uplink may be silent, or send nothing of what it has; and must send again to be well."""
    lag_seconds: float = LONGEST_LAG_SECONDS + 5.0
    """The program itself lets go at the next keyframe; here none came."""
    pace_seconds: float = 30.0
    slowest_pace: float = 0.9
    """Media seconds a second, over all of `pace_seconds`."""
    feeder_seconds: float = WAIT_FOR_SOUND_SECONDS + 3.0
    source_seconds: float = PATIENCE.longest_silence_seconds + 10.0
    drift_seconds: float = WAIT_FOR_SOUND_SECONDS + 1.0
    slate_seconds: float = 10.0


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class UplinkSeen:
    """One look at an uplink; without a process it is between two tries, and whoever runs it knows why."""

    process: int | None
    reports: int = 0
    """How many reports its FFmpeg has made."""
    sent_seconds: float = 0.0
    """How far it is, on the program's timeline."""
    written_bytes: int = 0
    unsent_bytes: int | None = None
    """What the kernel holds because the ingest has not taken it; None where that cannot be known."""
    is_owed: bool = True
    """Whether there is media for it to send."""
    lag_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class FeederSeen:
    """One look at the feeder of the present item; without a process, one is being prepared."""

    process: int | None
    clusters: int
    """How many feeders have given, ever."""
    has_room: bool
    """Whether the program would take more."""
    awaits_source: bool
    """Whether it waits for bytes that have not come from the item's server."""


@dataclass(frozen=True, slots=True)
class ProgramSeen:
    """One look at what is written for the uplinks."""

    drift_seconds: float = 0.0
    """How much earlier the sound ends than the picture."""
    is_slate: bool = False


class _Since:
    """For how long something has been the same."""

    def __init__(self) -> None:
        self._value: Hashable = None
        self._began = 0.0

    def seconds(self, value: Hashable, now: float) -> float:
        if value != self._value:
            self._value, self._began = value, now
        return now - self._began


class UplinkJudge:
    """Judges one uplink, look by look; `now` is of a monotonic clock."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.verdict = Verdict.WELL
        """What is the matter. A restart alone mends nothing: it stands until the new uplink is seen to send."""
        self._limits = limits
        self._connecting, self._silent, self._still = _Since(), _Since(), _Since()
        self._stalled, self._moving = _Since(), _Since()
        self._paces: deque[tuple[float, float]] = deque()
        self._before = UplinkSeen(None)
        self._taken_bytes = 0
        self._takings = 0

    def judge(self, seen: UplinkSeen, now: float) -> Verdict | None:
        """What this look finds, to be remedied at once."""
        if seen.process != self._before.process:
            self._paces.clear()
            self._taken_bytes = 0
        takes = self._takes(seen)
        is_moving = takes and seen.process == self._before.process and seen.sent_seconds > self._before.sent_seconds
        moving_seconds = self._moving.seconds((seen.process, is_moving), now)
        found = None if seen.process is None else self._find(seen, now)
        is_proven_well = is_moving and moving_seconds >= self._limits.uplink_seconds
        if found or is_proven_well or self.verdict.remedy is not Remedy.RESTART_UPLINK:
            self.verdict = found or Verdict.WELL
        self._before = seen
        return found

    def _takes(self, seen: UplinkSeen) -> bool:
        """Whether the ingest has taken something since the last look, or has nothing to take."""
        unsent, unsent_before = seen.unsent_bytes or 0, self._before.unsent_bytes or 0
        taken = seen.written_bytes - unsent
        takes = not unsent or unsent < unsent_before or taken > self._taken_bytes + _A_LITTLE_BYTES
        if takes:
            self._taken_bytes = taken
            self._takings += 1
        return takes

    def _find(self, seen: UplinkSeen, now: float) -> Verdict | None:
        if not seen.reports:
            waited_seconds = self._connecting.seconds((seen.process, seen.is_owed), now)
            return Verdict.INGEST_SILENT if seen.is_owed and waited_seconds >= self._limits.connect_seconds else None
        if blocked := self._find_blocked(seen, now):
            return blocked
        if seen.lag_seconds > self._limits.lag_seconds:
            return Verdict.UPLINK_BEHIND
        return Verdict.UPLINK_SLOW if self._is_slow(seen, now) else None

    def _find_blocked(self, seen: UplinkSeen, now: float) -> Verdict | None:
        """FFmpeg's reports go on while it waits for the ingest; what it waits for then lies in the kernel's queue."""
        limits = self._limits
        stalled_seconds = self._stalled.seconds((seen.process, self._takings), now)
        silent_seconds = self._silent.seconds((seen.process, seen.reports), now)
        still_seconds = self._still.seconds((seen.process, seen.sent_seconds, seen.is_owed), now)
        still_seconds = still_seconds if seen.is_owed else 0.0
        if silent_seconds >= limits.uplink_seconds:
            return Verdict.UPLINK_STUCK
        if seen.unsent_bytes == 0 and still_seconds >= limits.uplink_seconds:
            return Verdict.UPLINK_STUCK
        if max(stalled_seconds, still_seconds) >= limits.ingest_seconds:
            return Verdict.INGEST_TAKES_NOTHING
        return None

    def _is_slow(self, seen: UplinkSeen, now: float) -> bool:
        if not seen.is_owed:
            self._paces.clear()
        self._paces.append((now, seen.sent_seconds))
        began, sent_seconds = self._paces[0]
        seconds = now - began
        if seconds < self._limits.pace_seconds:
            return False
        self._paces.popleft()
        return seen.sent_seconds - sent_seconds < self._limits.slowest_pace * seconds


class FeederJudge:
    """Judges the feeder of the present item, whichever that is."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.verdict = Verdict.WELL
        """What is the matter; it stands until another feeder, or this one after all, gives something."""
        self._limits = limits
        self._silent = _Since()
        self._clusters = 0

    def judge(self, seen: FeederSeen, now: float) -> Verdict | None:
        """What this look finds, to be remedied at once."""
        found = None if seen.process is None else self._find(seen, self._silent.seconds(seen, now))
        if found or seen.clusters != self._clusters:
            self.verdict = found or Verdict.WELL
        self._clusters = seen.clusters
        return found

    def _find(self, seen: FeederSeen, silent_seconds: float) -> Verdict | None:
        if not seen.has_room:
            return None
        if seen.awaits_source:
            return Verdict.SOURCE_SILENT if silent_seconds >= self._limits.source_seconds else None
        return Verdict.FEEDER_STUCK if silent_seconds >= self._limits.feeder_seconds else None


class ProgramJudge:
    """Judges what is on the program itself."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.verdict = Verdict.WELL
        self._limits = limits
        self._slate = _Since()

    def judge(self, seen: ProgramSeen, now: float) -> Verdict | None:
        """What this look finds."""
        slate_seconds = self._slate.seconds(seen.is_slate, now)
        found = None
        if seen.is_slate and slate_seconds >= self._limits.slate_seconds:
            found = Verdict.SLATE
        elif abs(seen.drift_seconds) > self._limits.drift_seconds:
            found = Verdict.DRIFT
        self.verdict = found or Verdict.WELL
        return found
