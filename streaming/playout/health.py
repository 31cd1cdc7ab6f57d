"""Checks a playout once a second, acts on each diagnosis, and logs it."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from streaming.ffmpeg.treatment import Fault, FaultKind
from streaming.model.events import PlayoutEvents
from streaming.model.message import Message
from streaming.model.states import LogLevel
from streaming.output.uplink import Uplink
from streaming.playout.detection import (
    CHECK_PERIOD_SECONDS,
    LIMITS,
    Action,
    Diagnosis,
    FeederDetector,
    FeederObservation,
    Limits,
    ProgramDetector,
    ProgramObservation,
    UplinkDetector,
    UplinkObservation,
)
from streaming.playout.messages import Alerts, Plays
from streaming.playout.sequencer import Sequencer
from streaming.timeline.program import Program

_PATIENCE_SECONDS = 2 * LIMITS.uplink_seconds
"""How long an action may take to help an uplink."""


@dataclass(slots=True)
class _Freed:
    """The last action for a stuck uplink, and the play that was on air then."""

    play_id: int
    at: float


class HealthMonitor:
    """Monitors one playout: its feeder, its program, and each uplink by itself."""

    def __init__(
        self,
        program: Program,
        sequencer: Sequencer,
        uplinks: Sequence[Uplink],
        *,
        events: PlayoutEvents,
        limits: Limits = LIMITS,
    ) -> None:
        self._program = program
        self._sequencer = sequencer
        self._events = events
        self._feeder_detector = FeederDetector(limits)
        self._program_detector = ProgramDetector(limits)
        self._uplink_detectors = {uplink: UplinkDetector(limits) for uplink in uplinks}
        self._freed: dict[Uplink, _Freed] = {}
        self._feeder_alert, self._program_alert = AlertState(None, events), AlertState(None, events)
        self._uplink_alerts = {uplink: AlertState(uplink, events) for uplink in uplinks}

    async def run(self) -> None:
        """Checks until it is cancelled."""
        while True:
            await asyncio.sleep(CHECK_PERIOD_SECONDS)
            self.check(time.monotonic())

    @property
    def reason(self) -> Message:
        """What is wrong with the stream itself and what is done about it; empty when nothing is."""
        return self._feeder_detector.diagnosis.sentence or self._program_detector.diagnosis.sentence

    def reason_of(self, uplink: Uplink) -> Message:
        """The same for one uplink."""
        return self._uplink_detectors[uplink].diagnosis.sentence

    def is_stalled(self, uplink: Uplink) -> bool:
        """Whether an uplink sends nothing though it is connected."""
        return self._uplink_detectors[uplink].diagnosis.action is Action.RESTART_UPLINK

    def check(self, now: float) -> None:
        """Checks once, and acts; `now` is of the monotonic clock."""
        if self._feeder_detector.observe(self._observe_feeder(), now) is not None:
            self._sequencer.restart_feeder()
        self._program_detector.observe(self._observe_program(), now)
        for uplink, detector in self._uplink_detectors.items():
            self._act(uplink, detector.observe(self._observe_uplink(uplink), now), now)
        is_changed = [
            self._feeder_alert.update(self._feeder_detector.diagnosis, now),
            self._program_alert.update(self._program_detector.diagnosis, now),
            *(
                alert.update(self._uplink_detectors[uplink].diagnosis, now)
                for uplink, alert in self._uplink_alerts.items()
            ),
        ]
        if any(is_changed):
            self._events.changed()

    def _act(self, uplink: Uplink, found: Diagnosis | None, now: float) -> None:
        if found is Diagnosis.UPLINK_STUCK:
            self._free(uplink, found, now)
        elif found and found.action is Action.RESTART_UPLINK:
            uplink.restart(found.sentence)
        elif found and found.action is Action.JUMP:
            self._program.jump(uplink.position)

    def _free(self, uplink: Uplink, found: Diagnosis, now: float) -> None:
        """Restarts a stuck uplink once per play. When that does not help, the item is treated otherwise."""
        airing = self._program.on_air
        play_id = airing.play_id if airing else 0
        freed = self._freed.get(uplink)
        if freed is None or freed.play_id != play_id:
            self._freed[uplink] = _Freed(play_id, now)
            uplink.restart(found.sentence)
        elif now - freed.at >= _PATIENCE_SECONDS:
            freed.at = now
            self._sequencer.change_treatment(Fault(FaultKind.BROKEN, Plays.NOT_COPYABLE()))

    def _observe_uplink(self, uplink: Uplink) -> UplinkObservation:
        progress = uplink.status.progress
        return UplinkObservation(
            process=uplink.process,
            reports=uplink.status.reports,
            sent_seconds=uplink.position.sent_ms / 1000,
            written_bytes=progress.total_bytes if progress else 0,
            unsent_bytes=uplink.measure_unsent(),
            is_owed=self._program.owes(uplink.position),
            lag_seconds=(self._program.sent_ms - uplink.position.sent_ms) / 1000,
        )

    def _observe_feeder(self) -> FeederObservation:
        feeding = self._sequencer.feeding
        return FeederObservation(
            process=feeding.feeder.pid if feeding else None,
            clusters=self._sequencer.clusters_fed,
            has_room=self._program.has_room,
            awaits_source=feeding is not None and feeding.source.awaits_origin,
        )

    def _observe_program(self) -> ProgramObservation:
        newest, airing = self._program.newest, self._program.on_air
        sound_end_ms = newest.sound_end_ms if newest else None
        drift_ms = newest.end_ms - sound_end_ms if newest and sound_end_ms is not None else 0.0
        return ProgramObservation(drift_seconds=drift_ms / 1000, is_slate=airing is not None and airing.item is None)


class AlertState:
    """Logs one problem once when it begins and once when it is over."""

    def __init__(self, uplink: Uplink | None, events: PlayoutEvents) -> None:
        """`uplink` is the one it is about; None for the stream itself."""
        self._uplink = uplink
        self._events = events
        self._current = Diagnosis.WELL
        self._began = 0.0

    def update(self, diagnosis: Diagnosis, now: float) -> bool:
        """Records the present diagnosis, and returns whether it has changed."""
        if diagnosis is self._current:
            return False
        if self._current is not Diagnosis.WELL:
            self._log(LogLevel.INFO, Alerts.RESOLVED(seconds=now - self._began, finding=self._current.finding))
        if diagnosis is not Diagnosis.WELL:
            self._log(LogLevel.WARNING, diagnosis.sentence)
        self._current, self._began = diagnosis, now
        return True

    def _log(self, level: LogLevel, message: Message) -> None:
        if self._uplink:
            message = Alerts.OF_TARGET(target=self._uplink.destination.name, message=message)
        self._events.log(level, message)
