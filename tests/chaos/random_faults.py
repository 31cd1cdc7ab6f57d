"""Random faults: a plan made of a seed, carried out against three streams, and the account of every second."""

import asyncio
import itertools
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from rich.console import Console
from rich.table import Table

from streaming.timeline.program import LONGEST_LAG_SECONDS
from tests.chaos import process_faults, youtube_faults
from tests.chaos.faults import BROKEN, REPEATED_SECONDS, Fault, Strike
from tests.chaos.judge import (
    FPS,
    Break,
    Excuse,
    Ledger,
    Overlap,
    Publication,
    Span,
    account,
    breaks,
    gaps_seconds,
    overlaps,
)
from tests.chaos.reading import publications
from tests.chaos.scenery import Scenery
from tests.chaos.stage import YARDSTICK, Stage
from tests.chaos.table import GAP_SECONDS
from tests.chaos.tapes import Tape
from tests.standins.youtube import Fault as Trouble

_FIRST_SECONDS = 2.0
_LONG_ABSENCE_SECONDS = 300.0
_LONG_FROM_SECONDS = 900.0
"""From this length on, a run has one ingest away for five minutes."""
_SEEN_WITHIN_SECONDS = 60.0
"""What went wrong at YouTube is far ahead of what is on air."""
_PASSED_WITHIN_SECONDS = 200.0
_SECOND_RETRY_SECONDS = 1.7
"""A connection that breaks for the second time within a minute is tried again after about a second."""

_STALL = youtube_faults.YouTubeStalls.name

Draw = random.Random
Maker = Callable[[Draw, Scenery], Fault]


@dataclass(frozen=True, slots=True)
class Planned:
    """A fault and when it is done, in seconds from the beginning."""

    at_seconds: float
    fault: Fault

    def __str__(self) -> str:
        return f"{self.at_seconds:7.1f} s  {self.fault!r}"


def _one_channel(draw: Draw, scenery: Scenery) -> tuple[str, ...]:
    return (draw.choice(scenery.channels).name,)


def _absence(draw: Draw, scenery: Scenery, seconds: float) -> Fault:
    key = draw.choice(scenery.keys)
    return process_faults.IngestRefuses(key, seconds, is_alone=len(scenery.channel_of(key).keys) == 1)


def _media_trouble(trouble: int | Trouble, draw: Draw, scenery: Scenery) -> Fault:
    return youtube_faults.MediaTrouble(trouble, _one_channel(draw, scenery), round(draw.uniform(0.05, 0.95), 2))


QUICK: tuple[Maker, ...] = (
    lambda draw, _scenery: process_faults.FeedersKilled(round(draw.random(), 2)),
    lambda draw, scenery: process_faults.UplinkKilled(draw.choice(scenery.keys)),
    lambda draw, scenery: process_faults.IngestResets(draw.choice(scenery.keys)),
    lambda draw, scenery: _absence(draw, scenery, round(draw.uniform(2, 10))),
    lambda _draw, _scenery: process_faults.EngineKilled(),
)
"""What shows within seconds, however short the items are."""
SLOW: tuple[Maker, ...] = (
    partial(_media_trouble, 403),
    partial(_media_trouble, Trouble.RESET),
    lambda _draw, _scenery: youtube_faults.UrlsExpire(),
    lambda draw, _scenery: youtube_faults.YouTubeStalls(round(draw.uniform(5, 20)), pace=0),
    lambda draw, scenery: youtube_faults.ItemsUnopenable(_one_channel(draw, scenery)),
    lambda _draw, _scenery: process_faults.BotKilled(),
    lambda _draw, _scenery: youtube_faults.ResolversHang(),
    lambda _draw, _scenery: youtube_faults.ResolversKilled(),
    lambda draw, _scenery: process_faults.DatabaseLocked(round(draw.uniform(2, 30))),
)
"""What shows only when items are opened, read on or asked for."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How close the faults come: the seconds between two, and how long before the end the last one is done."""

    between_seconds: tuple[float, float] = (4.0, 25.0)
    quiet_seconds: float = 45.0


def plan(
    seed: int,
    seconds: float,
    scenery: Scenery,
    *,
    makers: Sequence[Maker] = (*QUICK, *SLOW),
    pace: Pace = Pace(),
) -> list[Planned]:
    """What happens when; the same for the same seed. Each kind comes once before any comes again."""
    draw, at_seconds, planned = Draw(seed), _FIRST_SECONDS, list[Planned]()
    kinds = itertools.chain.from_iterable(draw.sample(makers, len(makers)) for _ in itertools.count())
    if seconds >= _LONG_FROM_SECONDS:
        at = round(draw.uniform(60, seconds / 2), 1)
        planned.append(Planned(at, _absence(draw, scenery, _LONG_ABSENCE_SECONDS)))
    while at_seconds < seconds - pace.quiet_seconds:
        planned.append(Planned(round(at_seconds, 1), next(kinds)(draw, scenery)))
        at_seconds += draw.uniform(*pace.between_seconds)
    return sorted(planned, key=lambda one: one.at_seconds)


@dataclass(frozen=True, slots=True)
class Carried:
    """A run: from when to when, the faults that were done, and what could not be seen to have an effect."""

    span: Span
    strikes: tuple[Strike, ...]
    unseen: tuple[str, ...]


async def carry_out(stage: Stage, planned: Sequence[Planned], seconds: float, console: Console) -> Carried:
    """Does the faults at their times, whatever others are under way."""
    began_at = time.monotonic()

    async def do(one: Planned) -> Strike:
        await asyncio.sleep(max(0.0, began_at + one.at_seconds - time.monotonic()))
        console.print(f"{time.monotonic() - began_at:7.1f} s  {one.fault!r}")
        return await one.fault.inject(stage)

    injecting = [asyncio.create_task(do(one), name=repr(one.fault)) for one in planned]
    await asyncio.sleep(seconds)
    span = Span(began_at, time.monotonic())
    for task in injecting:
        task.cancel()
    results = await asyncio.gather(*injecting, return_exceptions=True)
    strikes, unseen = list[Strike](), list[str]()
    for one, result in zip(planned, results, strict=True):
        if isinstance(result, Strike):
            strikes.append(result)
        elif isinstance(result, TimeoutError | AssertionError | asyncio.CancelledError):
            unseen.append(f"{one.fault!r}: {result or 'the run was over'}")
            strikes += _perhaps(one, stage, span)
        else:
            raise result
    return Carried(span, tuple(strikes), tuple(unseen))


def _perhaps(one: Planned, stage: Stage, span: Span) -> list[Strike]:
    """A fault that others hid, or the end of the run cut short, may still have had the effect it is allowed."""
    if one.fault.cost.back_seconds is not None:
        return []
    return [Strike(one.fault.name, stage.scenery.keys, span.begins + one.at_seconds, span.ends, one.fault.cost)]


# Judging


@dataclass(frozen=True, slots=True)
class Report:
    """What one key showed over a run."""

    key: str
    ledger: Ledger
    broken: tuple[Break, ...]
    unexplained: tuple[Break, ...]
    overlapping: tuple[Overlap, ...]
    publications: int
    gaps: int
    """Waits over the item-change limit within a publication."""
    worst_gap_seconds: float

    @property
    def is_met(self) -> bool:
        """Whether every second is accounted for, and everything lost or repeated is explained."""
        return not (self.ledger.dark or self.unexplained or self.overlapping)


def judge(carried: Carried, tapes: Sequence[Tape], scenery: Scenery) -> list[Report]:
    """Reads every key's account off the tapes."""
    return [_report(carried, key, publications(tapes, key, [carried.span]), scenery) for key in scenery.keys]


def yardstick_gaps(carried: Carried, tapes: Sequence[Tape], limit_seconds: float) -> int:
    """How many waits over a limit a plain FFmpeg had beside the engine."""
    return len(_gaps_over(publications(tapes, YARDSTICK, ()), carried.span, limit_seconds))


def _report(carried: Carried, key: str, heard: Sequence[Publication], scenery: Scenery) -> Report:
    strikes = [strike for strike in carried.strikes if key in strike.keys]
    broken = breaks(heard, scenery.loop, carried.span)
    gaps = _gaps_over(heard, carried.span, GAP_SECONDS[scenery.channel_of(key).encode])
    return Report(
        key,
        account(heard, carried.span, [excuse for strike in strikes for excuse in excuses(strike, strikes)]),
        tuple(broken),
        tuple(found for found in broken if not _is_explained(found, strikes, key, scenery)),
        tuple(overlaps(heard, until=carried.span.ends)),
        publications=len(heard),
        gaps=len(gaps),
        worst_gap_seconds=max(gaps, default=0.0),
    )


def _gaps_over(heard: Sequence[Publication], span: Span, limit_seconds: float) -> list[float]:
    return [gap for publication in heard for gap in gaps_seconds(publication, span) if gap > limit_seconds]


def excuses(strike: Strike, strikes: Sequence[Strike]) -> list[Excuse]:
    """When nothing could arrive: while what the fault broke was away, and as long as is granted for the return.

    An engine that begins while YouTube gives nothing at all has nothing to play until YouTube is back.
    """
    granted_seconds = strike.cost.back_seconds
    if granted_seconds is None:
        return []
    if strike.cost == BROKEN:
        return [Excuse("reconnecting", Span(strike.at, strike.over_at + _SECOND_RETRY_SECONDS))]
    if strike.fault != process_faults.EngineKilled.name:
        return [Excuse("ingest away", Span(strike.at, strike.over_at + granted_seconds))]
    stalls = [s.over_at for s in strikes if s.fault.startswith(_STALL) and s.at <= strike.over_at <= s.over_at]
    return [Excuse("engine away", Span(strike.at, max([strike.over_at, *stalls]) + granted_seconds))]


def _is_explained(found: Break, strikes: Sequence[Strike], key: str, scenery: Scenery) -> bool:
    """Whether one of the faults may have had this effect; an item passed over during an absence counts as lost."""
    behind_seconds = LONGEST_LAG_SECONDS + REPEATED_SECONDS if len(scenery.channel_of(key).keys) > 1 else 0.0
    missed = Span(found.after - _PASSED_WITHIN_SECONDS, found.at)
    unopenable = sum(strike.cost.skipped_items for strike in strikes if missed.holds(strike.at))
    hidden_frames = min(unopenable * round(scenery.seconds * FPS), found.lost_frames)
    seen = replace(found, lost_frames=found.lost_frames - hidden_frames) if found.repeated_frames == 0 else found
    return any(_explains(strike, one, behind_seconds) for strike in strikes for one in (found, seen))


def _explains(strike: Strike, found: Break, behind_seconds: float) -> bool:
    """Whether what was lost, repeated or passed over is no more than a fault may cost.

    Beside another target one may be `behind_seconds` late, from breaks before, and loses that when it breaks again.
    """
    cost = strike.cost
    lost_seconds = max(cost.lost_seconds, behind_seconds if cost.back_seconds is not None else 0.0)
    if found.is_rerun:
        return True
    if found.skipped_items:
        span = Span(strike.at, strike.at + _PASSED_WITHIN_SECONDS)
        return span.holds(found.at) and found.skipped_items <= cost.skipped_items
    return (
        Span(strike.at, strike.over_at + _SEEN_WITHIN_SECONDS).holds(found.at)
        and found.lost_frames <= lost_seconds * FPS
        and found.repeated_frames <= cost.repeated_seconds * FPS
    )


# For people


def show(carried: Carried, reports: Sequence[Report], plain_gaps: int, console: Console) -> bool:
    """Prints the account; says whether nothing is left open."""
    names = list(dict.fromkeys(name for report in reports for name in sorted(report.ledger.spent)))
    table = Table("key", *names, "in all", "publications", "lost", "repeated", "gaps over the limit", "verdict")
    for report in reports:
        table.add_row(report.key, *_cells(report, names))
    console.print(table)
    console.print(f"A plain FFmpeg beside the engine had {plain_gaps} gaps over 60 ms in the same time.")
    console.print(
        f"{len(carried.strikes)} faults were seen through; of {len(carried.unseen)} no effect was seen in time."
    )
    for line in carried.unseen:
        console.print(f"  {line}")
    for report in reports:
        for line in _open_points(carried, report):
            console.print(f"  {report.key}: {line}")
    return all(report.is_met for report in reports)


def _cells(report: Report, names: Sequence[str]) -> list[str]:
    seconds = [f"{report.ledger.spent.get(name, 0.0):.1f} s" for name in names]
    lost = sum(found.lost_frames for found in report.broken) / FPS
    repeated = sum(found.repeated_frames for found in report.broken) / FPS
    gaps = f"{report.gaps}, worst {report.worst_gap_seconds * 1000:.0f} ms" if report.gaps else "none"
    verdict = "met" if report.is_met else "missed"
    total = f"{report.ledger.total_seconds:.1f} s"
    return [*seconds, total, str(report.publications), f"{lost:.1f} s", f"{repeated:.1f} s", gaps, verdict]


def _open_points(carried: Carried, report: Report) -> list[str]:
    """What nothing explains, at its second of the run."""
    start = carried.span.begins
    dark = [f"dark for {span.seconds:.2f} s at {span.begins - start:.1f} s" for span in report.ledger.dark]
    two = [f"two publications at once at {overlap.span.begins - start:.1f} s" for overlap in report.overlapping]
    return [*dark, *two, *(f"at {found.at - start:.1f} s {_told(found)}" for found in report.unexplained)]


def _told(found: Break) -> str:
    if found.skipped_items:
        return f"{found.skipped_items} items passed over"
    if found.lost_frames:
        return f"{found.lost_frames} frames lost"
    return f"{found.repeated_frames} frames repeated"
