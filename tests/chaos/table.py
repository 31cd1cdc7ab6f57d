"""The table of goals: every row injected for real, measured at the ingest, and judged."""

import os
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from streaming.model.states import EncodeMode
from tests.chaos import own_faults, process_faults, youtube_faults
from tests.chaos.faults import Cost, Fault, Strike
from tests.chaos.judge import FPS, Publication, Span, account, breaks, first_media_after, overlaps, worst_gap_seconds
from tests.chaos.reading import publications
from tests.chaos.scenery import Scenery
from tests.chaos.stage import YARDSTICK, Stage
from tests.chaos.tapes import Tape
from tests.standins.yardstick import allowed_gap_seconds
from tests.standins.youtube import Fault as Trouble

GAP_SECONDS = {EncodeMode.COPY: 0.060, EncodeMode.ALWAYS: 0.120}
_BEFORE_SECONDS = 2.0
_TOLD_WITHIN_SECONDS = 2.0
_LONGEST_TROUBLE = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a kind of fault, what is promised of it, and the times it is done."""

    name: str
    goal: str
    rounds: tuple[Fault, ...]
    is_long: bool = False


_UNSEEN = "no gap over the item-change limit, none lost"
_BACK = "publishing again within 0.5 s, none lost, at most 4 s repeated"

ROWS = (
    Row("URLs expire", _UNSEEN, (youtube_faults.UrlsExpire(),)),
    Row("403 mid-item", _UNSEEN, (youtube_faults.MediaTrouble(403),)),
    Row("reset mid-item", _UNSEEN, (youtube_faults.MediaTrouble(Trouble.RESET),)),
    Row("stall of 20 s", f"{_UNSEEN}; slate bridges it", (youtube_faults.YouTubeStalls(20.0),) * 3),
    # What the source has read ahead covers 20 s; this one it cannot.
    Row("stall of 90 s", f"{_UNSEEN}; slate bridges it", (youtube_faults.YouTubeStalls(90.0, pace=0),) * 3),
    Row("item cannot be opened", "no gap over the item-change limit", (youtube_faults.ItemsUnopenable(),)),
    Row("feeders killed", _UNSEEN, (process_faults.FeedersKilled(),) * 3),
    Row("uplink killed", _BACK, tuple(map(process_faults.UplinkKilled, ("alpha", "beta", "gamma")))),
    Row(
        "engine killed and restarted",
        "within 3 s of the restart, same item, within 4 s of its place",
        (process_faults.EngineKilled(),) * 3,
    ),
    # Behind those, because a connection that breaks twice within a minute is not tried again at once.
    Row("ingest resets", _BACK, tuple(map(process_faults.IngestResets, ("alpha", "beta", "gamma")))),
    Row("bot killed and restarted", "no effect", (process_faults.BotKilled(),)),
    Row("bot cannot reach Discord", "no effect; it keeps trying", (process_faults.DiscordUnreachable(),)),
    Row("helper throws", f"{_UNSEEN}; told once", (own_faults.HelperThrows(),) * 3),
    Row("run cannot begin", "its reason on its card, no effect on the others", (own_faults.RunCannotBegin(),)),
    Row("surrogate in a title", "written down, commands answered, no effect", (own_faults.SurrogateInTitle(),)),
    Row("resolver hangs", "killed at its limit, no effect on what is on air", (youtube_faults.ResolversHang(),)),
    Row("resolver killed", "no effect on what is on air", (youtube_faults.ResolversKilled(),)),
    Row("database locked for 30 s", "no effect on what is on air", (process_faults.DatabaseLocked(30.0),)),
    Row(
        "ingest refuses for 8 s",
        "back within 1.5 s of its return, none lost",
        tuple(process_faults.IngestRefuses(key, 8.0) for key in ("alpha", "gamma", "alpha")),
    ),
    Row(
        "ingest refuses for 8 s, beside another",
        "back within 1.5 s of its return, what was missed is told",
        (process_faults.IngestRefuses("beside", 8.0, is_alone=False),),
    ),
    Row(
        "ingest refuses for 5 min",
        "back within 5 s of its return, none lost",
        (process_faults.IngestRefuses("alpha", 300.0),),
        is_long=True,
    ),
    Row(
        "ingest refuses for 5 min, beside another",
        "back within 5 s of its return, what was missed is told",
        (process_faults.IngestRefuses("beside", 300.0, is_alone=False),),
        is_long=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Done:
    """A fault that was done, and the span in which its effects would show."""

    row: Row
    strike: Strike
    span: Span
    trouble: tuple[str, ...] = ()
    """What did not happen in time."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one key showed of one fault."""

    key: str
    limit_seconds: float
    gap_seconds: float
    yardstick_gap_seconds: float
    back_seconds: float | None
    publications: int
    """How many began."""
    lost_frames: int
    repeated_frames: int
    """At the worst place."""
    skipped_items: int
    reruns: int
    slate_seconds: float
    overlapping_seconds: float


async def do(stage: Stage, rows: Sequence[Row], console: Console) -> list[Done]:
    """Injects every row's faults, one after the other, each into streams that have their lead."""
    done = []
    for row in rows:
        for fault in row.rounds:
            began_at = time.monotonic()
            done.append(one := await _do(stage, row, fault))
            told = f"{one.strike.fault} on {', '.join(one.strike.keys)}", one.strike.evidence, *one.trouble
            seconds, load = time.monotonic() - began_at, os.getloadavg()[0]
            console.print(f"{seconds:4.0f} s, load {load:.1f}  {row.name}: {'; '.join(filter(None, told))}")
    return done


async def _do(stage: Stage, row: Row, fault: Fault) -> Done:
    """Injects one; what does not come to its end in time is told, and the rest of the table goes on."""
    began_at, trouble = time.monotonic(), list[str]()
    strike = Strike(fault.name, stage.scenery.keys, began_at, began_at, fault.cost)
    try:
        await stage.settled()
        strike = await fault.inject(stage)
        await stage.settled()
    except (TimeoutError, AssertionError) as error:
        trouble.append(str(error)[:_LONGEST_TROUBLE])
    await stage.played_on(strike.over_at)
    return Done(row, strike, Span(strike.at - _BEFORE_SECONDS, time.monotonic()), tuple(trouble))


def judge(done: Sequence[Done], tapes: Sequence[Tape], scenery: Scenery) -> list[tuple[Done, list[Measured]]]:
    """Reads off the tapes what each fault showed, key by key."""
    spans = {key: [d.span for d in done if key in d.strike.keys] for key in scenery.keys}
    heard = {key: publications(tapes, key, spans[key]) for key in scenery.keys}
    yardstick = publications(tapes, YARDSTICK, ())
    return [(d, [_measure(d, key, heard[key], yardstick, scenery) for key in d.strike.keys]) for d in done]


def _measure(
    done: Done, key: str, heard: Sequence[Publication], yardstick: Sequence[Publication], scenery: Scenery
) -> Measured:
    strike, span = done.strike, done.span
    found = breaks(heard, scenery.loop, span)
    back_at = first_media_after(heard, strike.at)
    return Measured(
        key,
        limit_seconds=GAP_SECONDS[scenery.channel_of(key).encode],
        gap_seconds=worst_gap_seconds(heard, span),
        yardstick_gap_seconds=worst_gap_seconds(yardstick, span),
        back_seconds=back_at - strike.over_at if back_at and strike.cost.back_seconds else None,
        publications=sum(span.holds(publication.opened_at) for publication in heard),
        lost_frames=sum(b.lost_frames for b in found),
        repeated_frames=max((b.repeated_frames for b in found), default=0),
        skipped_items=sum(b.skipped_items for b in found),
        reruns=sum(b.is_rerun for b in found),
        slate_seconds=account(heard, span, ()).spent.get("slate", 0.0),
        overlapping_seconds=sum(o.span.shared(span).seconds for o in overlaps(heard, until=span.ends)),
    )


def misses(strike: Strike, measured: Measured, scenery: Scenery) -> list[str]:
    """What one key showed that was not promised."""
    cost, found = strike.cost, list[str]()
    if cost.back_seconds is None and measured.publications:
        found.append(f"{measured.publications} new publications")
    if cost.back_seconds is not None and measured.back_seconds is None:
        found.append("never came back")
    if measured.lost_frames > cost.lost_seconds * FPS:
        found.append(f"{measured.lost_frames} frames lost")
    if measured.repeated_frames > cost.repeated_seconds * FPS:
        found.append(f"{measured.repeated_frames} frames repeated")
    if measured.skipped_items < cost.skipped_items:
        found.append("the fault had no effect")
    if measured.skipped_items > cost.skipped_items:
        found.append(f"{measured.skipped_items} items passed over")
    if measured.overlapping_seconds:
        found.append(f"two publications at once for {measured.overlapping_seconds:.1f} s")
    if strike.told_missed_seconds is not None and not _is_told_right(strike.told_missed_seconds, measured, scenery):
        found.append(f"{strike.told_missed_seconds:.1f} s told as missed")
    return found


def gap_misses(rounds: Sequence[tuple[Strike, list[Measured]]]) -> list[str]:
    """Gaps over the limit, if most rounds had one: whatever else the machine does, it does not do it each time."""
    judged = [[m for m in measured if _is_gap(strike.cost, m)] for strike, measured in rounds]
    if sum(map(bool, judged)) <= len(rounds) / 2:
        return []
    return [f"{m.key}: gap of {m.gap_seconds * 1000:.0f} ms" for measured in judged for m in measured]


def _is_gap(cost: Cost, measured: Measured) -> bool:
    allowed_seconds = allowed_gap_seconds(measured.limit_seconds, measured.yardstick_gap_seconds)
    return cost.back_seconds is None and measured.gap_seconds > allowed_seconds


def _is_told_right(told_seconds: float, measured: Measured, scenery: Scenery) -> bool:
    """Whether the seconds told are those lost, which a loop shows but for whole rounds."""
    length_seconds = scenery.loop.length / FPS
    wrong_seconds = (told_seconds - measured.lost_frames / FPS) % length_seconds
    return min(wrong_seconds, length_seconds - wrong_seconds) <= _TOLD_WITHIN_SECONDS


# For people


def show(judged: Sequence[tuple[Done, list[Measured]]], scenery: Scenery, console: Console) -> bool:
    """Prints the table; says whether every row was met."""
    table = Table("fault", "goal", "measured", "verdict", show_lines=True)
    is_met = True
    for row in dict.fromkeys(done.row for done, _ in judged):
        rounds = [(done.strike, measured) for done, measured in judged if done.row is row]
        missed = [*_missed(rounds, scenery), *(line for done, _ in judged if done.row is row for line in done.trouble)]
        is_met = is_met and not missed
        table.add_row(row.name, row.goal, "\n".join(_told(rounds)), "\n".join(missed) or "met")
    console.print(table)
    return is_met


def _missed(rounds: Sequence[tuple[Strike, list[Measured]]], scenery: Scenery) -> list[str]:
    found = [f"{m.key}: {miss}" for strike, measured in rounds for m in measured for miss in misses(strike, m, scenery)]
    found += gap_misses(rounds)
    limits = [strike.cost.back_seconds for strike, _ in rounds if strike.cost.back_seconds is not None]
    times = _back_seconds(rounds)
    if limits and times and statistics.median(times) > max(limits):
        found.append(f"back after {statistics.median(times):.2f} s")
    return found


def _back_seconds(rounds: Sequence[tuple[Strike, list[Measured]]]) -> list[float]:
    """The slowest key of each round."""
    found = [[m.back_seconds for m in measured if m.back_seconds is not None] for _, measured in rounds]
    return [max(times) for times in found if times]


def _told(rounds: Sequence[tuple[Strike, list[Measured]]]) -> list[str]:
    everything = [m for _, measured in rounds for m in measured]
    lines = []
    if times := _back_seconds(rounds):
        each = ", ".join(f"{seconds:.2f}" for seconds in times)
        lines.append(f"back after {statistics.median(times):.2f} s (median of {each})")
    else:
        for limit in sorted({m.limit_seconds for m in everything}):
            kind = "copy" if limit == GAP_SECONDS[EncodeMode.COPY] else "encode"
            ours = [_worst_ms(m.gap_seconds for m in measured if m.limit_seconds == limit) for _, measured in rounds]
            plain = [_worst_ms(m.yardstick_gap_seconds for m in measured) for _, measured in rounds]
            lines.append(f"gap {_median(ours)} {kind}, plain FFmpeg {_median(plain)}")
    lost, again = sum(m.lost_frames for m in everything), max(m.repeated_frames for m in everything)
    losers = ", ".join(dict.fromkeys(m.key for m in everything if m.lost_frames))
    lines.append(f"lost {lost / FPS:.2f} s{losers and f' by {losers}'}, repeated {again / FPS:.2f} s")
    if slate := max(m.slate_seconds for m in everything):
        lines.append(f"slate up to {slate:.1f} s")
    if reruns := sum(m.reruns for m in everything):
        lines.append(f"an earlier item put in {reruns} times")
    if skipped := sum(m.skipped_items for m in everything):
        lines.append(f"{skipped} items passed over by {len(everything)} targets")
    return [*lines, *dict.fromkeys(strike.evidence for strike, _ in rounds if strike.evidence)]


def _worst_ms(seconds: Iterable[float]) -> int:
    return round(1000 * max(seconds, default=0.0))


def _median(each_ms: Sequence[int]) -> str:
    of = f" (median of {', '.join(map(str, each_ms))})" if len(each_ms) > 1 else ""
    return f"{statistics.median(each_ms):.0f} ms{of}"
