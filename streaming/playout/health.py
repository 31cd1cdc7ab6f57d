"""The watchman: looks at a playout once a second, does what the watch's verdicts call for, and tells of it."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from streaming.ffmpeg.treatment import Fault, FaultKind
from streaming.model.states import LogLevel
from streaming.output.uplink import Uplink
from streaming.playout.detection import (
    LIMITS,
    LOOK_EVERY_SECONDS,
    FeederJudge,
    FeederSeen,
    Limits,
    ProgramJudge,
    ProgramSeen,
    Remedy,
    UplinkJudge,
    UplinkSeen,
    Verdict,
)
from streaming.playout.sequencer import Sequencer
from streaming.timeline.program import Program

_PATIENCE_SECONDS = 2 * LIMITS.uplink_seconds
"""So long what was done for an uplink may take to help."""


@dataclass(slots=True)
class _Freed:
    """When an uplink was freed, or the item in its way treated otherwise, while something was shown."""

    showing: int
    at: float


class Watchman:
    """Watches one playout: its feeder, its program, and every uplink apart."""

    def __init__(
        self,
        program: Program,
        sequencer: Sequencer,
        uplinks: Sequence[Uplink],
        *,
        log: Callable[[LogLevel, str], None],
        on_change: Callable[[], None],
        limits: Limits = LIMITS,
    ) -> None:
        self._program = program
        self._sequencer = sequencer
        self._on_change = on_change
        self._feeder = FeederJudge(limits)
        self._whole = ProgramJudge(limits)
        self._uplinks = {uplink: UplinkJudge(limits) for uplink in uplinks}
        self._freed: dict[Uplink, _Freed] = {}
        self._feeder_story, self._whole_story = Story("", log), Story("", log)
        self._uplink_stories = {uplink: Story(f"{uplink.destination.name}: ", log) for uplink in uplinks}

    async def run(self) -> None:
        """Watches until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            self.look(time.monotonic())

    @property
    def reason(self) -> str:
        """What is the matter with the stream itself, and what is done about it; nothing when all is well."""
        return self._feeder.verdict.sentence or self._whole.verdict.sentence

    def reason_of(self, uplink: Uplink) -> str:
        """The same of one uplink."""
        return self._uplinks[uplink].verdict.sentence

    def stands_still(self, uplink: Uplink) -> bool:
        """Whether an uplink sends nothing though it is connected."""
        return self._uplinks[uplink].verdict.remedy is Remedy.RESTART_UPLINK

    def look(self, now: float) -> None:
        """Looks once, and acts; `now` is of the monotonic clock."""
        if self._feeder.judge(self._see_feeder(), now) is not None:
            self._sequencer.restart_feeder()
        self._whole.judge(self._see_program(), now)
        for uplink, judge in self._uplinks.items():
            self._remedy(uplink, judge.judge(self._see_uplink(uplink), now), now)
        told = [
            self._feeder_story.tell(self._feeder.verdict, now),
            self._whole_story.tell(self._whole.verdict, now),
            *(story.tell(self._uplinks[uplink].verdict, now) for uplink, story in self._uplink_stories.items()),
        ]
        if any(told):
            self._on_change()

    def _remedy(self, uplink: Uplink, found: Verdict | None, now: float) -> None:
        if found is Verdict.UPLINK_STUCK:
            self._free(uplink, found, now)
        elif found and found.remedy is Remedy.RESTART_UPLINK:
            uplink.restart(found.sentence)
        elif found and found.remedy is Remedy.JUMP:
            self._program.jump(uplink.cursor)

    def _free(self, uplink: Uplink, found: Verdict, now: float) -> None:
        """Frees a stuck uplink: by another one, once for an item; if that did not help, the item is to blame."""
        airing = self._program.on_air
        showing = airing.showing if airing else 0
        freed = self._freed.get(uplink)
        if freed is None or freed.showing != showing:
            self._freed[uplink] = _Freed(showing, now)
            uplink.restart(found.sentence)
        elif now - freed.at >= _PATIENCE_SECONDS:
            freed.at = now
            self._sequencer.treat_otherwise(Fault(FaultKind.BROKEN, "FFmpeg cannot send it on as it is"))

    def _see_uplink(self, uplink: Uplink) -> UplinkSeen:
        progress = uplink.status.progress
        return UplinkSeen(
            process=uplink.process,
            reports=uplink.status.reports,
            sent_seconds=uplink.cursor.sent_ms / 1000,
            written_bytes=progress.total_bytes if progress else 0,
            unsent_bytes=uplink.measure_unsent(),
            is_owed=self._program.owes(uplink.cursor),
            lag_seconds=(self._program.sent_ms - uplink.cursor.sent_ms) / 1000,
        )

    def _see_feeder(self) -> FeederSeen:
        feeding = self._sequencer.feeding
        return FeederSeen(
            process=feeding.feeder.pid if feeding else None,
            clusters=self._sequencer.clusters_fed,
            has_room=self._program.has_room,
            awaits_source=feeding is not None and feeding.source.awaits_origin,
        )

    def _see_program(self) -> ProgramSeen:
        newest, airing = self._program.newest, self._program.on_air
        sound_end_ms = newest.sound_end_ms if newest else None
        drift_ms = newest.end_ms - sound_end_ms if newest and sound_end_ms is not None else 0.0
        return ProgramSeen(drift_seconds=drift_ms / 1000, is_slate=airing is not None and airing.item is None)


class Story:
    """Tells of one trouble once when it begins and once when it is over."""

    def __init__(self, subject: str, log: Callable[[LogLevel, str], None]) -> None:
        self._subject = subject
        self._log = log
        self._told = Verdict.WELL
        self._began = 0.0

    def tell(self, verdict: Verdict, now: float) -> bool:
        """Takes the present verdict; says whether it is another one."""
        if verdict is self._told:
            return False
        if self._told is not Verdict.WELL:
            self._log(LogLevel.INFO, f"{self._subject}Over after {now - self._began:.0f} s: {self._told}.")
        if verdict is not Verdict.WELL:
            self._log(LogLevel.WARNING, f"{self._subject}{verdict.sentence}")
        self._told, self._began = verdict, now
        return True
