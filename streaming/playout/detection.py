"""Detects what is wrong with a playout from observations of it. Pure logic: the clock is passed in."""

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from streaming.ffmpeg.encoding import WAIT_FOR_SOUND_SECONDS
from streaming.ffmpeg.progress import PERIOD_SECONDS
from streaming.model.message import NOTHING, Message
from streaming.model.patience import PATIENCE
from streaming.playout.messages import Diagnoses, Findings
from streaming.timeline.program import LONGEST_LAG_SECONDS

CHECK_PERIOD_SECONDS = 1.0
FFMPEG_CONNECT_SECONDS = 5.0
"""How long FFmpeg's TCP waits for an answer (`open_timeout` of libavformat's tcp protocol)."""
NAME_LOOKUP_SECONDS = 10.0
"""How long the C library looks for a name: two tries of five seconds (resolv.conf(5))."""
_A_LITTLE_BYTES = 64 << 10
"""What may wait inside FFmpeg, neither sent nor queued. Less than this is no sign of life."""


class Diagnosis(StrEnum):
    """What is wrong. Each diagnosis leads to one action."""

    WELL = auto()
    INGEST_SILENT = auto()
    INGEST_TAKES_NOTHING = auto()
    UPLINK_STUCK = auto()
    UPLINK_BEHIND = auto()
    UPLINK_SLOW = auto()
    FEEDER_STUCK = auto()
    SOURCE_SILENT = auto()
    DRIFT = auto()
    SLATE = auto()

    @property
    def action(self) -> "Action":
        """What a playout does about it."""
        return _ACTIONS[self]

    @property
    def sentence(self) -> Message:
        """What is wrong and what is done about it; empty when all is well."""
        return _SENTENCES.get(self, NOTHING)

    @property
    def finding(self) -> Message:
        """What is wrong, as a clause; empty when all is well."""
        return _FINDINGS.get(self, NOTHING)


class Action(Enum):
    """What a playout can do by itself."""

    NONE = auto()
    RESTART_UPLINK = auto()
    RESTART_FEEDER = auto()
    JUMP = auto()
    REPORT = auto()


_ACTIONS = {
    Diagnosis.WELL: Action.NONE,
    Diagnosis.INGEST_SILENT: Action.RESTART_UPLINK,
    Diagnosis.INGEST_TAKES_NOTHING: Action.RESTART_UPLINK,
    Diagnosis.UPLINK_STUCK: Action.RESTART_UPLINK,
    Diagnosis.UPLINK_BEHIND: Action.JUMP,
    Diagnosis.UPLINK_SLOW: Action.REPORT,
    Diagnosis.FEEDER_STUCK: Action.RESTART_FEEDER,
    Diagnosis.SOURCE_SILENT: Action.RESTART_FEEDER,
    Diagnosis.DRIFT: Action.REPORT,
    Diagnosis.SLATE: Action.REPORT,
}
_SENTENCES = {
    Diagnosis.INGEST_SILENT: Diagnoses.INGEST_SILENT(),
    Diagnosis.INGEST_TAKES_NOTHING: Diagnoses.INGEST_TAKES_NOTHING(),
    Diagnosis.UPLINK_STUCK: Diagnoses.UPLINK_STUCK(),
    Diagnosis.UPLINK_BEHIND: Diagnoses.UPLINK_BEHIND(),
    Diagnosis.UPLINK_SLOW: Diagnoses.UPLINK_SLOW(),
    Diagnosis.FEEDER_STUCK: Diagnoses.FEEDER_STUCK(),
    Diagnosis.SOURCE_SILENT: Diagnoses.SOURCE_SILENT(),
    Diagnosis.DRIFT: Diagnoses.DRIFT(),
    Diagnosis.SLATE: Diagnoses.SLATE(),
}
_FINDINGS = {
    Diagnosis.INGEST_SILENT: Findings.INGEST_SILENT(),
    Diagnosis.INGEST_TAKES_NOTHING: Findings.INGEST_TAKES_NOTHING(),
    Diagnosis.UPLINK_STUCK: Findings.UPLINK_STUCK(),
    Diagnosis.UPLINK_BEHIND: Findings.UPLINK_BEHIND(),
    Diagnosis.UPLINK_SLOW: Findings.UPLINK_SLOW(),
    Diagnosis.FEEDER_STUCK: Findings.FEEDER_STUCK(),
    Diagnosis.SOURCE_SILENT: Findings.SOURCE_SILENT(),
    Diagnosis.DRIFT: Findings.DRIFT(),
    Diagnosis.SLATE: Findings.SLATE(),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How long each condition may last. All limits are above the time-outs of the parts, which so act first."""

    connect_seconds: float = NAME_LOOKUP_SECONDS + FFMPEG_CONNECT_SECONDS + 5.0
    ingest_seconds: float = 15.0
    """Ingests were seen to pause for ten seconds and then to accept everything."""
    uplink_seconds: float = 50 * PERIOD_SECONDS
    """How long an uplink may report or send nothing, and how long it must send again to be well."""
    lag_seconds: float = LONGEST_LAG_SECONDS + 5.0
    """The program moves a late uplink at the next keyframe; this is for a stream in which none comes."""
    pace_seconds: float = 30.0
    slowest_pace: float = 0.9
    """Media seconds a second, over all of `pace_seconds`."""
    feeder_seconds: float = WAIT_FOR_SOUND_SECONDS + 3.0
    source_seconds: float = PATIENCE.longest_silence_seconds + 10.0
    drift_seconds: float = WAIT_FOR_SOUND_SECONDS + 1.0
    slate_seconds: float = 10.0


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class UplinkObservation:
    """An uplink at one moment. Without a process it is between two tries, for a reason that it reports itself."""

    process: int | None
    reports: int = 0
    """How many reports its FFmpeg has made."""
    sent_seconds: float = 0.0
    """How far it has sent, on the program's timeline."""
    written_bytes: int = 0
    unsent_bytes: int | None = None
    """What waits in the kernel because the ingest has not accepted it; None where the system does not say."""
    is_owed: bool = True
    """Whether there is media for it to send."""
    lag_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class FeederObservation:
    """The feeder of the present item at one moment. Without a process, an item is being cued."""

    process: int | None
    clusters: int
    """How many clusters feeders have given, ever."""
    has_room: bool
    """Whether the program would take more."""
    awaits_source: bool
    """Whether it waits for bytes from the item's server."""


@dataclass(frozen=True, slots=True)
class ProgramObservation:
    """The written program at one moment."""

    drift_seconds: float = 0.0
    """How much earlier the sound ends than the picture."""
    is_slate: bool = False


class _Since:
    """Measures for how long a value has been the same."""

    def __init__(self) -> None:
        self._value: Hashable = None
        self._began = 0.0

    def seconds(self, value: Hashable, now: float) -> float:
        if value != self._value:
            self._value, self._began = value, now
        return now - self._began


class UplinkDetector:
    """Diagnoses one uplink, observation by observation; `now` is of a monotonic clock."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.diagnosis = Diagnosis.WELL
        """What is wrong. A restart alone does not clear it: the new FFmpeg has to send first."""
        self._limits = limits
        self._connecting, self._silent, self._still = _Since(), _Since(), _Since()
        self._stalled, self._moving = _Since(), _Since()
        self._paces: deque[tuple[float, float]] = deque()
        self._before = UplinkObservation(None)
        self._taken_bytes = 0
        self._takings = 0

    def observe(self, observed: UplinkObservation, now: float) -> Diagnosis | None:
        """The diagnosis to be acted on at once, if any."""
        if observed.process != self._before.process:
            self._paces.clear()
            self._taken_bytes = 0
        takes = self._ingest_takes(observed)
        is_moving = (
            takes and observed.process == self._before.process and observed.sent_seconds > self._before.sent_seconds
        )
        moving_seconds = self._moving.seconds((observed.process, is_moving), now)
        found = None if observed.process is None else self._find(observed, now)
        is_proven_well = is_moving and moving_seconds >= self._limits.uplink_seconds
        if found or is_proven_well or self.diagnosis.action is not Action.RESTART_UPLINK:
            self.diagnosis = found or Diagnosis.WELL
        self._before = observed
        return found

    def _ingest_takes(self, observed: UplinkObservation) -> bool:
        """Whether the ingest has accepted something since the last observation, or has nothing to accept."""
        unsent, unsent_before = observed.unsent_bytes or 0, self._before.unsent_bytes or 0
        taken = observed.written_bytes - unsent
        takes = not unsent or unsent < unsent_before or taken > self._taken_bytes + _A_LITTLE_BYTES
        if takes:
            self._taken_bytes = taken
            self._takings += 1
        return takes

    def _find(self, observed: UplinkObservation, now: float) -> Diagnosis | None:
        if not observed.reports:
            waited_seconds = self._connecting.seconds((observed.process, observed.is_owed), now)
            return (
                Diagnosis.INGEST_SILENT if observed.is_owed and waited_seconds >= self._limits.connect_seconds else None
            )
        if blocked := self._find_blocked(observed, now):
            return blocked
        if observed.lag_seconds > self._limits.lag_seconds:
            return Diagnosis.UPLINK_BEHIND
        return Diagnosis.UPLINK_SLOW if self._is_slow(observed, now) else None

    def _find_blocked(self, observed: UplinkObservation, now: float) -> Diagnosis | None:
        """FFmpeg's reports go on while it waits for the ingest: only the kernel's send queue shows that wait."""
        limits = self._limits
        stalled_seconds = self._stalled.seconds((observed.process, self._takings), now)
        silent_seconds = self._silent.seconds((observed.process, observed.reports), now)
        still_seconds = self._still.seconds((observed.process, observed.sent_seconds, observed.is_owed), now)
        still_seconds = still_seconds if observed.is_owed else 0.0
        if silent_seconds >= limits.uplink_seconds:
            return Diagnosis.UPLINK_STUCK
        if observed.unsent_bytes == 0 and still_seconds >= limits.uplink_seconds:
            return Diagnosis.UPLINK_STUCK
        if max(stalled_seconds, still_seconds) >= limits.ingest_seconds:
            return Diagnosis.INGEST_TAKES_NOTHING
        return None

    def _is_slow(self, observed: UplinkObservation, now: float) -> bool:
        if not observed.is_owed:
            self._paces.clear()
        self._paces.append((now, observed.sent_seconds))
        began, sent_seconds = self._paces[0]
        seconds = now - began
        if seconds < self._limits.pace_seconds:
            return False
        self._paces.popleft()
        return observed.sent_seconds - sent_seconds < self._limits.slowest_pace * seconds


class FeederDetector:
    """Diagnoses the feeder of the present item."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.diagnosis = Diagnosis.WELL
        """What is wrong, until a feeder gives a cluster again."""
        self._limits = limits
        self._silent = _Since()
        self._clusters = 0

    def observe(self, observed: FeederObservation, now: float) -> Diagnosis | None:
        """The diagnosis to be acted on at once, if any."""
        found = None if observed.process is None else self._find(observed, self._silent.seconds(observed, now))
        if found or observed.clusters != self._clusters:
            self.diagnosis = found or Diagnosis.WELL
        self._clusters = observed.clusters
        return found

    def _find(self, observed: FeederObservation, silent_seconds: float) -> Diagnosis | None:
        if not observed.has_room:
            return None
        if observed.awaits_source:
            return Diagnosis.SOURCE_SILENT if silent_seconds >= self._limits.source_seconds else None
        return Diagnosis.FEEDER_STUCK if silent_seconds >= self._limits.feeder_seconds else None


class ProgramDetector:
    """Diagnoses the program itself."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.diagnosis = Diagnosis.WELL
        self._limits = limits
        self._slate = _Since()

    def observe(self, observed: ProgramObservation, now: float) -> Diagnosis | None:
        """The diagnosis, if anything is wrong."""
        slate_seconds = self._slate.seconds(observed.is_slate, now)
        found = None
        if observed.is_slate and slate_seconds >= self._limits.slate_seconds:
            found = Diagnosis.SLATE
        elif abs(observed.drift_seconds) > self._limits.drift_seconds:
            found = Diagnosis.DRIFT
        self.diagnosis = found or Diagnosis.WELL
        return found
