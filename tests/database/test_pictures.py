"""What may be seen of streams: pictures the engine takes, and health gathered from a day of samples."""

import asyncio
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from streaming.model.errors import NotFound, ServiceUnavailable, WantedStateError
from streaming.model.states import CommandState, RunStatus, TargetKind, UplinkState
from streaming.redaction.secrets import Secret
from streaming.services.history import Span
from streaming.services.services import Services
from streaming.services.stream_requests import StartRequest
from streaming.storage.database import Database
from streaming.storage.tables import Command, Preview, Sample
from tests.database.conftest import ALICE, MALLORY
from tests.standins.paper_engine import PaperEngine

DAY_SECONDS = 24 * 3600


@pytest.fixture
async def on_air(services: Services, engine: PaperEngine, main_target: str) -> int:
    """A stream that is on air: its id, which is that of its run and its target too."""
    started = await services.streams.start(ALICE, StartRequest("demo", title="Night loop", to=main_target))
    await engine.bring_to_air(started.stream_id)
    return started.stream_id


async def add(database: Database, *rows: Preview | Sample) -> None:
    async with database.session() as session:
        session.add_all(rows)
        await session.commit()


def ago(seconds: float) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


# Previews


async def test_a_picture_is_taken_by_the_engine(services: Services, engine: PaperEngine, on_air: int) -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(engine.take_picture(on_air, b"jpeg"))
        picture = await services.previews.get(1)
    assert (picture.jpeg, picture.status.title) == (b"jpeg", "Night loop")
    assert abs((picture.taken_at - ago(0)).total_seconds()) < 5


async def test_a_fresh_picture_is_given_again_without_asking(
    services: Services, database: Database, on_air: int
) -> None:
    await add(database, Preview(stream_id=on_air, jpeg=b"fresh"))
    assert (await services.previews.get(1, "night loop")).jpeg == b"fresh"
    async with database.session() as session:
        assert (await session.exec(select(Command))).all() == []


@pytest.mark.usefixtures("nobody_answers")
async def test_an_old_picture_is_not_taken_for_a_new_one(services: Services, database: Database, on_air: int) -> None:
    await add(database, Preview(stream_id=on_air, jpeg=b"old", taken_at=ago(3)))
    with pytest.raises(ServiceUnavailable, match="No engine is running"):
        await services.previews.get(1)


async def test_what_is_not_on_air_has_no_picture(services: Services, engine: PaperEngine, on_air: int) -> None:
    await engine.write_run(on_air, RunStatus.STOPPED)
    with pytest.raises(WantedStateError, match=r"not on air.*/stream restart"):
        await services.previews.get(1)


async def test_what_the_engine_says_instead_of_a_picture_is_told(
    services: Services, engine: PaperEngine, on_air: int
) -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(engine.take_command(CommandState.FAILED, "There is nothing to see yet."))
        with pytest.raises(WantedStateError, match="nothing to see yet"):
            await services.previews.get(1, f"#{on_air}")


@pytest.mark.usefixtures("on_air")
async def test_other_guilds_see_neither_picture_nor_health(services: Services) -> None:
    with pytest.raises(NotFound):
        await services.previews.get(MALLORY.guild_id, "#1")
    with pytest.raises(NotFound):
        await services.history.health(MALLORY.guild_id, "#1", Span.HOUR)


# Health over time


def sample(run_id: int, seconds_ago: float, **fields: Any) -> Sample:
    return Sample(run_id=run_id, target_id=1, taken_at=ago(seconds_ago), **{"speed": 1.0, **fields})


async def test_history_is_averaged_over_steps_and_marks_what_happened(
    services: Services, database: Database, on_air: int
) -> None:
    step = Span.HOUR.step.total_seconds()
    middle = time.time() // step * step + step / 2 - 10 * step  # so that both are of one step
    seconds_ago = time.time() - middle
    await add(
        database,
        sample(on_air, 2 * 3600),
        sample(on_air, seconds_ago + 1, bitrate_kbps=2000, lead_seconds=10),
        sample(on_air, seconds_ago, speed=0.5, bitrate_kbps=3000, lead_seconds=8, is_slate=True, reconnects=2),
    )
    history = await services.history.health(1, "", Span.HOUR)
    assert (history.stream_id, history.title) == (on_air, "Night loop")
    ((point,),) = [target.points for target in history.targets]
    assert (point.speed, point.bitrate_kbps, point.lead_seconds) == (0.75, 2500, 9)
    assert (point.is_slate, point.reconnects) == (True, 2)
    assert point.at <= datetime.fromtimestamp(middle, UTC) < point.at + Span.HOUR.step
    assert sum(len(target.points) for target in (await services.history.health(1, "", Span.DAY)).targets) == 2


async def test_every_target_has_a_line_of_its_own(services: Services, engine: PaperEngine, database: Database) -> None:
    for name in ("b", "a"):
        await services.targets.add(ALICE, name, TargetKind.CUSTOM, "rtmp://127.0.0.1/live", Secret(f"key-of-{name}"))
    started = await services.streams.start(ALICE, StartRequest("demo", to="a, b"))
    await engine.bring_to_air(started.stream_id)
    await add(database, *(Sample(run_id=1, target_id=id_, speed=id_, bitrate_kbps=1) for id_ in (1, 2)))
    history = await services.history.health(1, "", Span.HOUR)
    assert [(target.name, target.points[0].speed) for target in history.targets] == [("a", 2.0), ("b", 1.0)]


@pytest.mark.timed
async def test_a_day_of_three_targets_is_read_quickly(
    services: Services, engine: PaperEngine, database_url: str
) -> None:
    names = ["a", "b", "c"]
    for name in names:
        await services.targets.add(ALICE, name, TargetKind.CUSTOM, "rtmp://127.0.0.1/live", Secret(f"key-of-{name}"))
    started = await services.streams.start(ALICE, StartRequest("demo", to=",".join(names)))
    await engine.bring_to_air(started.stream_id)
    await asyncio.to_thread(fill_a_day, database_url, targets=3)
    began = time.monotonic()
    day = await services.history.health(1, "", Span.DAY)
    day_seconds, began = time.monotonic() - began, time.monotonic()
    hour = await services.history.health(1, "", Span.HOUR)
    hour_seconds, began = time.monotonic() - began, time.monotonic()
    (status,) = await services.streams.all(1)
    status_seconds = time.monotonic() - began
    print(f"a day in {day_seconds:.2f} s, an hour in {hour_seconds:.3f} s, the status in {status_seconds:.3f} s")
    assert [len(target.points) in (240, 241) for target in (*day.targets, *hour.targets)] == [True] * 6
    assert status.health
    assert day_seconds < 2
    assert hour_seconds < 0.5
    assert status_seconds < 0.1


def fill_a_day(database_url: str, *, targets: int) -> None:
    """A sample a second of each target, up to now."""
    now = datetime.now(UTC).replace(tzinfo=None)
    rows = (
        (1, target, str(now - timedelta(seconds=DAY_SECONDS - second)))
        for second in range(DAY_SECONDS)
        for target in range(1, targets + 1)
    )
    columns = "run_id, target_id, taken_at, speed, bitrate_kbps, lead_seconds, dropped_frames, is_slate, reconnects"
    connection = sqlite3.connect(database_url.partition("///")[2])
    with connection:
        connection.executemany(f"INSERT INTO sample ({columns}) VALUES (?, ?, ?, 1, 2500, 10, 0, 0, 0)", rows)
    connection.close()


# Health now, and targets after the end


async def test_health_is_the_newest_second_of_the_target_that_does_best(
    services: Services, engine: PaperEngine, database: Database
) -> None:
    for name in ("good", "bad"):
        await services.targets.add(ALICE, name, TargetKind.CUSTOM, "rtmp://127.0.0.1/live", Secret(f"key-of-{name}"))
    started = await services.streams.start(ALICE, StartRequest("demo", to="good, bad"))
    await engine.bring_to_air(started.stream_id)
    assert (await services.streams.all(1))[0].health is None
    newest = [Sample(run_id=1, target_id=1, speed=1.0, bitrate_kbps=2500, lead_seconds=9)]
    newest += [Sample(run_id=1, target_id=2, speed=0.0)]
    await add(database, Sample(run_id=1, target_id=1, speed=0.9, taken_at=ago(1)), *newest)
    health = (await services.streams.all(1))[0].health
    assert health
    assert (health.speed, health.bitrate_kbps, health.lead_seconds) == (1.0, 2500, 9)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (UplinkState.LIVE, UplinkState.ENDED),
        (UplinkState.RETRYING, UplinkState.ENDED),
        (UplinkState.REFUSED, UplinkState.REFUSED),
    ],
)
async def test_targets_of_a_run_that_is_over_are_not_live_any_more(
    services: Services, engine: PaperEngine, on_air: int, before: UplinkState, after: UplinkState
) -> None:
    await engine.write_uplinks(on_air, on_air, before, reason="Connection lost.")
    await services.streams.stop(ALICE)
    assert (await services.streams.all(1))[0].targets[0].state is before
    await engine.write_run(on_air, RunStatus.STOPPED)
    assert (await services.streams.all(1))[0].targets[0].state is after


async def test_targets_of_an_engine_that_is_gone_are_not_live_any_more(
    services: Services, engine: PaperEngine, on_air: int
) -> None:
    await engine.beat(age_seconds=60)
    (status,) = await services.streams.all(1)
    assert (status.stream_id, status.targets[0].state) == (on_air, UplinkState.ENDED)
