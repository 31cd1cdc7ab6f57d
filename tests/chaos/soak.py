"""The long run: what must not grow does not grow. Memory, open files, children and lip-sync, as slopes an hour."""

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from tests.chaos.stage import YARDSTICK, Stage
from tests.chaos.tapes import remove
from tests.standins.clips import ClipSpec
from tests.standins.recording import beeps, frames, lip_sync

_SAMPLE_SECONDS = 10.0
_LIP_SYNC_EVERY_SECONDS = 600.0
_WARM_UP = 0.2
"""The first part of a run, in which caches fill."""
_HOUR_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Sample:
    """How much there is of everything at one moment; nothing for what was not looked at."""

    at_seconds: float
    memory_mb: float | None = None
    open_files: float | None = None
    children: float | None = None
    lip_sync_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """How fast something may grow in an hour, and how much of it is noise whatever the slope."""

    name: str
    unit: str
    value: Callable[[Sample], float | None]
    an_hour: float
    noise: float


LIMITS = (
    Limit("memory", "MB", lambda sample: sample.memory_mb, an_hour=4.0, noise=24.0),
    Limit("open files", "", lambda sample: sample.open_files, an_hour=1.0, noise=6.0),
    Limit("children", "", lambda sample: sample.children, an_hour=0.5, noise=2.0),
    Limit("lip-sync", "ms", lambda sample: sample.lip_sync_ms, an_hour=1.0, noise=3.0),
)


@dataclass(frozen=True, slots=True)
class Slope:
    """How something went: an hour's growth, and all of it over the time measured."""

    limit: Limit
    begins: float
    an_hour: float
    in_all: float

    @property
    def is_met(self) -> bool:
        """Whether it stays within its limit, or its noise."""
        return abs(self.an_hour) <= self.limit.an_hour or abs(self.in_all) <= self.limit.noise


def slope(samples: Sequence[Sample], limit: Limit) -> Slope:
    """The straight line through what came after the warm-up. Raises StatisticsError with fewer than two samples."""
    from_seconds = samples[0].at_seconds + _WARM_UP * (samples[-1].at_seconds - samples[0].at_seconds)
    points = [(s.at_seconds, value) for s in samples if (value := limit.value(s)) is not None]
    late = [point for point in points if point[0] >= from_seconds]
    times, values = zip(*(late if len(late) > 1 else points), strict=True)
    line = statistics.linear_regression(times, values)
    return Slope(
        limit,
        begins=line.intercept + line.slope * times[0],
        an_hour=line.slope * _HOUR_SECONDS,
        in_all=line.slope * (times[-1] - times[0]),
    )


async def watch(stage: Stage, seconds: float, console: Console) -> list[Sample]:
    """Samples the engine's processes, and now and then what arrives; what has arrived is thrown away."""
    began_at, samples = time.monotonic(), list[Sample]()
    looked_at = -_LIP_SYNC_EVERY_SECONDS
    while (at_seconds := time.monotonic() - began_at) < seconds:
        samples.append(await asyncio.to_thread(_processes, stage, at_seconds))
        is_due = at_seconds - looked_at >= min(_LIP_SYNC_EVERY_SECONDS, seconds / 6)
        looked_at = at_seconds if is_due else looked_at
        samples += [
            Sample(at_seconds, lip_sync_ms=late_ms) for late_ms in await _throw_away(stage, is_looked_at=is_due)
        ]
        if is_due:
            console.print(f"{at_seconds / _HOUR_SECONDS:6.2f} h  {samples[-1]}")
        await asyncio.sleep(_SAMPLE_SECONDS)
    return samples


def _processes(stage: Stage, at_seconds: float) -> Sample:
    memory_bytes, open_files, processes = 0, 0, 0
    for process in stage.engine.tree():
        try:
            memory_bytes += process.memory_info().rss
            open_files += process.num_fds()
            processes += 1
        except psutil.Error:
            continue  # it ended while we looked
    return Sample(at_seconds, memory_bytes / 2**20, open_files, processes - 1)


async def _throw_away(stage: Stage, *, is_looked_at: bool) -> list[float]:
    """Removes the parts on disk; of one of each key, the lip-sync is measured first."""
    found: list[float] = []
    for tape in await stage.ingests.forget():
        if is_looked_at and tape.key != YARDSTICK and tape.parts:
            specs = stage.scenery.specs
            found += await asyncio.to_thread(_lip_sync_ms, tape.parts[-1], specs)
        for part in tape.parts:
            remove(part)
    return found


def _lip_sync_ms(part: Path, specs: Sequence[ClipSpec]) -> list[float]:
    """The median of a part, or nothing where no second was both seen and heard."""
    syncs = [sync.late_ms for sync in lip_sync(frames(part), beeps(part), specs)]
    return [statistics.median(syncs)] if syncs else []


def show(samples: Sequence[Sample], console: Console) -> bool:
    """Prints the slopes; says whether all are within their limits."""
    table = Table("what", "at first", "an hour", "limit", "in all", "verdict")
    slopes = [slope(samples, limit) for limit in LIMITS]
    for found in slopes:
        unit = f" {found.limit.unit}".rstrip()
        table.add_row(
            found.limit.name,
            f"{found.begins:.1f}{unit}",
            f"{found.an_hour:+.2f}{unit}",
            f"{found.limit.an_hour:.1f}{unit}, or {found.limit.noise:.0f}{unit} in all",
            f"{found.in_all:+.2f}{unit}",
            "met" if found.is_met else "missed",
        )
    console.print(table)
    return all(found.is_met for found in slopes)
