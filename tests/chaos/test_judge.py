"""The judge can fail us: holes, repeats, darkness and two publications at once are found, and what is whole is not."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from tests.chaos import random_faults
from tests.chaos.faults import BROKEN, UNSEEN, Cost, Strike
from tests.chaos.ingests import Ingests
from tests.chaos.judge import (
    FPS,
    Excuse,
    Loop,
    Publication,
    Sight,
    Span,
    account,
    breaks,
    first_media_after,
    overlaps,
    worst_gap_seconds,
)
from tests.chaos.process_faults import EngineKilled
from tests.chaos.reading import publications
from tests.chaos.scenery import Scenery
from tests.chaos.table import Measured, gap_misses, misses
from tests.chaos.youtube_faults import YouTubeStalls
from tests.standins.clips import ClipSpec, render

KEY = "judged"
ALWAYS = Span(0, float("inf"))
SPECS = [ClipSpec(number, 6.0, 320, 180) for number in (1, 2, 3)]
LOOP = Loop(tuple(spec.frames for spec in SPECS))


@pytest.fixture
async def ingests(tmp_path: Path) -> AsyncIterator[Ingests]:
    async with Ingests(tmp_path, [KEY]) as ingests:
        yield ingests


async def publish(ingests: Ingests, clip: Path, *reading: str) -> None:
    """Publishes a piece of a clip, without encoding it again."""
    command = [*reading, "-i", str(clip), "-c", "copy", "-f", "flv", "-tcp_nodelay", "1", ingests.urls[KEY]]
    ffmpeg = await asyncio.create_subprocess_exec(imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *command)
    assert await asyncio.wait_for(ffmpeg.wait(), 20) == 0


async def seen(ingests: Ingests) -> list[Publication]:
    return await asyncio.to_thread(publications, await ingests.cut(), KEY, [ALWAYS])


async def test_content_that_goes_on_in_the_next_publication_is_whole(ingests: Ingests, clips: Path) -> None:
    first, second, _ = (render(clips, spec) for spec in SPECS)
    await publish(ingests, first)
    await publish(ingests, second)
    one, two = await seen(ingests)
    assert (len(one.sights), len(two.sights)) == (180, 180)
    assert breaks([one, two], LOOP, ALWAYS) == []


async def test_hole_between_two_publications_is_found(ingests: Ingests, clips: Path) -> None:
    clip = render(clips, SPECS[0])
    await publish(ingests, clip, "-t", "2")
    await publish(ingests, clip, "-ss", "4")
    found = breaks(await seen(ingests), LOOP, ALWAYS)
    assert max(one.lost_frames for one in found) == pytest.approx(2 * FPS, abs=5)  # a copy is cut to a frame or two


async def test_repeated_part_is_found(ingests: Ingests, clips: Path) -> None:
    clip = render(clips, SPECS[0])
    await publish(ingests, clip, "-t", "4")
    await publish(ingests, clip, "-ss", "2")
    found = breaks(await seen(ingests), LOOP, ALWAYS)
    assert max(one.repeated_frames for one in found) == pytest.approx(2 * FPS, abs=5)


async def test_two_publications_at_once_are_found(ingests: Ingests, clips: Path) -> None:
    clip = render(clips, SPECS[0])
    await asyncio.gather(publish(ingests, clip, "-re", "-t", "2"), publish(ingests, clip, "-re", "-t", "2"))
    (found,) = overlaps(await seen(ingests), until=0)
    assert found.span.seconds > 1


async def test_long_publication_is_kept_in_parts_that_fit_together(ingests: Ingests, clips: Path) -> None:
    publishing = asyncio.create_task(publish(ingests, render(clips, SPECS[0]), "-re"))
    await ingests.media_after(KEY, 0, timeout_seconds=10)
    await ingests.cut()
    await publishing
    (tape,) = await ingests.tapes()
    (publication,) = await seen(ingests)
    assert len(tape.parts) == 2
    assert len(publication.sights) == 180
    assert breaks([publication], LOOP, ALWAYS) == []


# By numbers


def showing(*frames: tuple[int | None, int | None], start: float = 0.0) -> list[Sight]:
    return [Sight(start + at / FPS, clip, frame) for at, (clip, frame) in enumerate(frames)]


def of_clip(clip: int, *spans: range) -> list[tuple[int | None, int | None]]:
    return [(clip, frame) for span in spans for frame in span]


def published(sights: list[Sight], *, opened_at: float = 0.0, closed_at: float | None = None) -> Publication:
    arrivals = np.array([sight.arrival for sight in sights])
    return Publication(KEY, opened_at, closed_at, arrivals, sights)


def test_picture_that_comes_only_after_the_break_is_not_lost() -> None:
    torn = [*of_clip(1, range(100)), (1, 101)]  # 100 is decoded behind 101, and the connection broke between them
    after = published(showing(*of_clip(1, range(60, 180)), start=4.0), opened_at=3.9)
    (found,) = breaks([published(showing(*torn)), after], LOOP, ALWAYS)
    assert (found.lost_frames, found.repeated_frames) == (0, 42)


def test_slate_between_two_frames_loses_nothing() -> None:
    frames = [*of_clip(1, range(60)), *[(None, None)] * 30, *of_clip(1, range(60, 180))]
    assert breaks([published(showing(*frames))], LOOP, ALWAYS) == []


def test_item_passed_over_is_not_lost_content() -> None:
    frames = [*of_clip(1, range(180)), *of_clip(3, range(30))]
    (found,) = breaks([published(showing(*frames))], LOOP, ALWAYS)
    assert (found.skipped_items, found.lost_frames) == (1, 0)


def test_item_left_early_is_lost_content() -> None:
    frames = [*of_clip(1, range(100)), *of_clip(2, range(30))]
    (found,) = breaks([published(showing(*frames))], LOOP, ALWAYS)
    assert found.lost_frames == 80


def test_earlier_item_that_fills_the_time_hides_no_loss() -> None:
    eight = Loop((180,) * 8)
    whole = [*of_clip(5, range(180)), *of_clip(4, range(50)), *of_clip(6, range(30))]
    late = [*of_clip(5, range(180)), *of_clip(4, range(50)), *of_clip(6, range(7, 30))]
    (rerun,) = breaks([published(showing(*whole))], eight, ALWAYS)
    assert rerun.is_rerun
    assert [found.lost_frames for found in breaks([published(showing(*late))], eight, ALWAYS)] == [0, 7]


def test_wait_within_a_publication_is_a_gap_and_one_between_two_is_none() -> None:
    before = published(showing(*of_clip(1, range(90))))
    after = published(showing(*of_clip(1, range(90, 150)), start=5.0), opened_at=4.9)
    assert worst_gap_seconds([before, after], ALWAYS) == pytest.approx(1 / FPS)
    assert first_media_after([before, after], 3.0) == 5.0
    torn = [*showing(*of_clip(1, range(90))), *showing(*of_clip(1, range(90, 150)), start=3.2)]
    assert worst_gap_seconds([published(torn)], ALWAYS) == pytest.approx(3.2 - 89 / FPS)


def test_every_second_is_booked_once() -> None:
    item, slate = showing(*of_clip(1, range(60))), showing(*[(None, None)] * 30, start=2.0)
    late = showing(*of_clip(1, range(60, 90)), start=10.0)
    excuse = Excuse("ingest away", Span(3.0, 9.9))
    ledger = account([published(item + slate), published(late, opened_at=9.0)], Span(0, 11), [excuse, excuse])
    assert ledger.dark == []
    assert ledger.total_seconds == pytest.approx(11)
    assert ledger.spent == pytest.approx({"item": 3.0, "slate": 1.1, "ingest away": 6.9}, abs=0.1)


@pytest.mark.parametrize("excused", [Span(3.0, 8.0), Span(100.0, 200.0)])
def test_second_that_nothing_explains_is_dark(excused: Span) -> None:
    item, late = showing(*of_clip(1, range(90))), showing(*of_clip(1, range(90, 120)), start=10.0)
    ledger = account([published(item), published(late)], Span(0, 11), [Excuse("ingest away", excused)])
    assert len(ledger.dark) == 1
    assert ledger.total_seconds == pytest.approx(11)


def test_end_without_a_picture_is_dark() -> None:
    ledger = account([published(showing(*of_clip(1, range(30))))], Span(0, 5), [])
    assert ledger.spent["dark"] == pytest.approx(4, abs=0.1)


# Verdicts

GOOD = Measured("alpha", 0.060, 0.040, 0.035, None, 0, 0, 0, 0, 0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        ({"publications": 1}, "new publications"),
        ({"lost_frames": 1}, "1 frames lost"),
        ({"repeated_frames": 1}, "1 frames repeated"),
        ({"skipped_items": 1}, "1 items passed over"),
        ({"overlapping_seconds": 0.5}, "two publications at once"),
    ],
)
def test_what_was_not_promised_is_a_miss(shown: dict[str, float], words: str) -> None:
    strike = Strike("feeder killed", ("alpha",), 0, 0, UNSEEN)
    assert misses(strike, GOOD, Scenery()) == []
    (miss,) = misses(strike, replace(GOOD, **shown), Scenery())  # type: ignore[arg-type]  # names of its fields
    assert words in miss


@pytest.mark.parametrize(
    ("gaps", "told"),
    [
        ([(0.08, 0.035)], 1),
        ([(0.1, 0.07)], 0),  # a plain FFmpeg had one too
        ([(0.08, 0.035), (0.05, 0.035), (0.05, 0.035)], 0),
        ([(0.08, 0.035), (0.05, 0.035), (0.09, 0.035)], 2),
    ],
)
def test_gaps_are_missed_when_most_rounds_have_one_that_the_machine_did_not_make(
    gaps: list[tuple[float, float]], told: int
) -> None:
    strike = Strike("feeder killed", ("alpha",), 0, 0, UNSEEN)
    rounds = [(strike, [replace(GOOD, gap_seconds=ours, yardstick_gap_seconds=plain)]) for ours, plain in gaps]
    missed = gap_misses(rounds)
    assert len(missed) == told
    assert not told or missed[0] == "alpha: gap of 80 ms"


def test_stream_that_never_comes_back_is_a_miss() -> None:
    strike = Strike("uplink killed", ("alpha",), 0, 0, BROKEN)
    assert misses(strike, GOOD, Scenery()) == ["never came back"]


def test_wrong_count_of_missed_seconds_is_a_miss() -> None:
    strike = Strike("ingest refuses", ("beside",), 0, 0, replace(BROKEN, lost_seconds=400.0), told_missed_seconds=300.0)
    lost = replace(GOOD, back_seconds=0.1, lost_frames=300 * FPS)
    assert misses(strike, lost, Scenery()) == []
    assert len(misses(strike, replace(lost, lost_frames=290 * FPS), Scenery())) == 1


@pytest.mark.parametrize(
    ("stall", "excused_until"),
    [(Span(5.0, 14.0), 17.0), (Span(5.0, 9.0), 13.0), (Span(11.0, 20.0), 13.0)],
)
def test_engine_that_begins_while_youtube_stalls_is_excused_until_it_answers(stall: Span, excused_until: float) -> None:
    killed = Strike(EngineKilled.name, ("alpha",), 9.5, 10.0, Cost(back_seconds=3.0))
    stalled = Strike(f"{YouTubeStalls.name} for 9 s", ("alpha",), stall.begins, stall.ends, Cost())
    (excuse,) = random_faults.excuses(killed, [stalled, killed])
    assert (excuse.span.begins, excuse.span.ends) == (9.5, excused_until)
