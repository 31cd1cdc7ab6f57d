"""Health charts: drawn from any values and names, beside the event loop, and once for all who ask."""

import asyncio
import time
from datetime import UTC, datetime
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.charts import rendering
from bot.charts.cache import ChartCache
from streaming.services.history import HealthHistory, HealthPoint, HistoryService, Span, TargetHealth

UNTIL = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def history(*targets: TargetHealth, span: Span = Span.HOUR) -> HealthHistory:
    return HealthHistory(7, "Night loop", span, UNTIL, targets)


def target(name: str = "main", *, steps: int = 240, speed: float = 1.0, span: Span = Span.HOUR) -> TargetHealth:
    """A target on air from the start of the span, with a slate and a reconnect on the way."""
    began = UNTIL - span.length
    points = (
        HealthPoint(began + step * span.step, speed, 2500.0 * speed, 10.0, 30 < step < 40, step // 100)
        for step in range(steps)
    )
    return TargetHealth(name, tuple(points))


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


@pytest.mark.parametrize("span", Span)
@pytest.mark.parametrize("count", [0, 1, 2, 6])
def test_chart_is_as_large_as_a_phone_needs(span: Span, count: int) -> None:
    drawn = rendering.health(history(*(target(f"target {n}", span=span) for n in range(count)), span=span))
    assert size_of(drawn) == (800, 600)
    assert len(drawn) < 300_000


def test_strip_is_low_enough_to_stand_below_a_picture() -> None:
    drawn = rendering.strip(history(*(target(f"target {n}") for n in range(6))))
    assert size_of(drawn) == (800, 240)
    assert len(drawn) < 100_000


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_the_first_seconds_can_be_drawn(steps: int) -> None:
    assert size_of(rendering.health(history(target(steps=steps)))) == (800, 600)


def test_what_happened_is_seen() -> None:
    """Slate and reconnects change the picture, and so does a line more."""
    calm = TargetHealth(
        "main", tuple(HealthPoint(p.at, 1, 2500, 10, is_slate=False, reconnects=0) for p in target().points)
    )
    pictures = {
        rendering.health(history(calm)),
        rendering.health(history(target())),
        rendering.health(history(target(), calm)),
    }
    assert len(pictures) == 3
    assert rendering.health(history(calm)) in pictures


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=80), st.floats(min_value=0, max_value=1e6))
def test_any_name_and_value_can_be_drawn(name: str, speed: float) -> None:
    assert size_of(rendering.health(history(target(name, steps=3, speed=speed)))) == (800, 600)


@pytest.mark.parametrize("name", ["$x^$", "\\frac{1}", "_hidden", "🦊", "\u202eright", "再見", "x" * 10_000, "\n"])
def test_hostile_names_are_drawn_as_they_can_be(name: str) -> None:
    assert size_of(rendering.health(history(*[target(name, steps=3)] * 6))) == (800, 600)


class Histories:
    """In place of the services: counts how often it is asked."""

    def __init__(self, found: HealthHistory) -> None:
        self.found = found
        self.asked: list[tuple[int, str, Span]] = []

    async def health(self, guild_id: int, stream: str, span: Span) -> HealthHistory:
        self.asked.append((guild_id, stream, span))
        return self.found


async def test_many_who_ask_at_once_get_one_drawing() -> None:
    histories = Histories(history(target()))
    drawing = ChartCache(cast("HistoryService", histories))
    pictures = await asyncio.gather(*(drawing.chart(1, 7, Span.HOUR) for _ in range(10)))
    assert histories.asked == [(1, "#7", Span.HOUR)]
    assert len(set(pictures)) == 1


async def test_other_spans_and_other_guilds_are_asked_for() -> None:
    histories = Histories(history(target()))
    drawing = ChartCache(cast("HistoryService", histories))
    for guild_id, span in ((1, Span.HOUR), (1, Span.DAY), (2, Span.HOUR)):
        await drawing.chart(guild_id, 7, span)
    assert len(histories.asked) == 3


async def test_without_samples_there_is_no_chart() -> None:
    drawing = ChartCache(cast("HistoryService", Histories(history(TargetHealth("main", ())))))
    assert await drawing.chart(1, 7, Span.DAY) is None


@pytest.mark.timed
async def test_the_loop_goes_on_while_a_chart_is_drawn() -> None:
    drawing = ChartCache(cast("HistoryService", Histories(history(*(target(str(n)) for n in range(3))))))
    await drawing.chart(1, 6, Span.HOUR)  # loads what draws
    asked = asyncio.create_task(drawing.chart(1, 7, Span.HOUR))
    pauses = []
    while not asked.done():
        began = time.monotonic()
        await asyncio.sleep(0)
        pauses.append(time.monotonic() - began)
    print(f"{len(pauses)} turns, the longest {max(pauses) * 1000:.0f} ms")
    assert max(pauses) < 0.15
