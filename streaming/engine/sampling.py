"""Sampling: a run's health, target by target, from what its uplinks have sent since the last look."""

from dataclasses import dataclass, field

from streaming.model.states import RunStatus
from streaming.playout.snapshot import Snapshot, TargetSnapshot
from streaming.storage.tables import Sample


@dataclass(frozen=True, slots=True)
class _Measured:
    at: float
    sent_seconds: float
    sent_bytes: int


@dataclass(slots=True)
class Sampler:
    """Takes the samples of one run. Which run that is, their writer fills in."""

    _last: dict[int, _Measured] = field(default_factory=dict)

    def take(self, snapshot: Snapshot, now: float) -> list[Sample]:
        """A sample for each target that media ever went to; `now` is in seconds of a clock that never goes back."""
        samples = []
        for target in snapshot.targets:
            before = self._last.get(target.target_id)
            measured = _measure(target, now)
            if before is None and not measured.sent_bytes:
                continue  # on its way to air there is nothing to measure yet, which is not the same as nothing sent
            self._last[target.target_id] = measured
            if before:
                samples.append(self._sample(snapshot, target, before, measured))
        return samples

    def _sample(self, snapshot: Snapshot, target: TargetSnapshot, before: _Measured, now: _Measured) -> Sample:
        seconds = max(now.at - before.at, 1e-3)
        progress = target.status.progress
        return Sample(
            target_id=target.target_id,
            speed=max(0.0, now.sent_seconds - before.sent_seconds) / seconds,
            bitrate_kbps=max(0, now.sent_bytes - before.sent_bytes) * 8 / 1000 / seconds,
            lead_seconds=snapshot.lead_seconds,
            dropped_frames=progress.dropped_frames if progress else 0,
            is_slate=snapshot.status is RunStatus.SLATE,
            reconnects=target.status.reconnects,
        )


def _measure(target: TargetSnapshot, now: float) -> _Measured:
    progress = target.status.progress
    return _Measured(now, target.sent_seconds, progress.total_bytes if progress else 0)
