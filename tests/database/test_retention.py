"""Retention: old samples, commands and log lines are deleted, a few at a time."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from streaming.engine import retention
from streaming.engine.retention import Retention
from streaming.model.message import Message
from streaming.model.states import CommandAction, TargetKind
from streaming.redaction.secrets import Secret
from streaming.services.services import Services
from streaming.services.stream_requests import StartRequest
from streaming.storage.database import Database
from streaming.storage.logs import KEPT_LOG_LINES, LogStore
from streaming.storage.runs import RunStore
from streaming.storage.tables import Command, Incident, Run, RunLive, Sample, StreamLog
from tests.database.conftest import ALICE
from tests.standins.paper_engine import PaperEngine

pytestmark = pytest.mark.usefixtures("main_target")


async def ages_kept(database: Database, services: Services, engine: PaperEngine, *ages_hours: float) -> list[float]:
    """What is left of samples of these ages."""
    started = await services.streams.start(ALICE, StartRequest("demo"))
    await engine.bring_to_air(started.stream_id)
    now = datetime.now(UTC)
    async with database.session() as session:
        for hours in ages_hours:
            session.add(Sample(run_id=1, target_id=1, taken_at=now - timedelta(hours=hours)))
        await session.commit()
    await Retention(database, list).apply()
    async with database.session() as session:
        left = (await session.exec(select(Sample).order_by(col(Sample.id)))).all()
    return [round((now - sample.taken_at).total_seconds() / 3600, 1) for sample in left]


async def test_a_day_is_kept(database: Database, services: Services, engine: PaperEngine) -> None:
    assert await ages_kept(database, services, engine, 30, 24.1, 23.9, 12, 0) == [23.9, 12, 0]


async def test_old_samples_go_a_few_at_a_time(
    database: Database, services: Services, engine: PaperEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "_SAMPLES_AT_ONCE", 2)
    assert await ages_kept(database, services, engine, 50, 40, 30, 1) == [30, 1]


async def test_commands_nobody_remembers_are_forgotten(database: Database) -> None:
    async with database.session() as session:
        for age in (timedelta(hours=2), timedelta(minutes=30)):
            at = datetime.now(UTC) - age
            session.add(Command(action=CommandAction.PREVIEW, argument=str(age), requested_by=0, requested_at=at))
        await session.commit()
    await Retention(database, list).apply()
    async with database.session() as session:
        assert list(await session.exec(select(Command.argument))) == ["0:30:00"]


async def test_what_was_done_in_a_guild_is_remembered_for_a_season(database: Database, services: Services) -> None:
    async with database.session() as session:
        for days in (91, 89):
            created_at = datetime.now(UTC) - timedelta(days=days)
            session.add(StreamLog(guild_id=7, message=Message(f"{days} days ago"), created_at=created_at))
        await session.commit()
    await Retention(database, list).apply()
    assert [line.message for line in await services.streams.logs(7)] == ["89 days ago"]


async def test_streams_may_come_and_go_while_their_logs_are_trimmed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, trim, trimmed = {1: "stream", 2: "stream"}, LogStore.trim_stream, []

    async def trim_while_a_stream_starts(self: LogStore, stream_id: int) -> None:
        trimmed.append(stream_id)
        running[len(running) + 1] = "stream"
        await trim(self, stream_id)

    monkeypatch.setattr(LogStore, "trim_stream", trim_while_a_stream_starts)
    await Retention(database, lambda: running).apply()
    assert trimmed == [1, 2]


@pytest.mark.parametrize("ended_ago", [None, timedelta(minutes=5)])
async def test_old_runs_go_but_for_the_newest_and_those_of_trouble(
    database: Database, services: Services, ended_ago: timedelta | None
) -> None:
    await services.targets.add(ALICE, "other", TargetKind.TWITCH, "", Secret("live_12345678_other"))
    calm, troubled = [
        (await services.streams.start(ALICE, StartRequest("demo", to=to))).stream_id for to in ("main", "other")
    ]
    now = datetime.now(UTC)
    async with database.session() as session:
        incident = Incident(stream_id=troubled, guild_id=1, channel_id=1, description="Reconnecting")
        incident.ended_at = now - ended_ago if ended_ago else None
        session.add(incident)
        for stream_id, days in ((calm, 200), (calm, 91), (calm, 89), (troubled, 91), (troubled, 1)):
            session.add(Run(stream_id=stream_id, generation=1, ended_at=now - timedelta(days=days)))
        await session.commit()
        session.add_all(RunLive(run_id=run.id or 0) for run in await session.exec(select(Run)))
        await session.commit()
    await Retention(database, list).apply()
    async with database.session() as session:
        left = [(run.stream_id, run.ended_at) for run in await session.exec(select(Run).order_by(col(Run.id)))]
        lives = len((await session.exec(select(RunLive))).all())
    kept = [(stream_id, round((now - ended_at).days)) for stream_id, ended_at in left if ended_at]
    assert (kept, lives) == ([(calm, 89), (troubled, 91), (troubled, 1)], 3)


async def test_old_runs_go_a_few_at_a_time(
    database: Database, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "_RUNS_AT_ONCE", 2)
    started = await services.streams.start(ALICE, StartRequest("demo"))
    long_ago = datetime.now(UTC) - timedelta(days=100)
    async with database.session() as session:
        session.add_all(Run(stream_id=started.stream_id, generation=1, ended_at=long_ago) for _ in range(6))
        await session.commit()
    left = []
    for _ in range(4):
        await Retention(database, list).apply()
        async with database.session() as session:
            left.append(len((await session.exec(select(Run.id))).all()))
    assert left == [4, 2, 1, 1]


async def test_places_of_earlier_generations_are_forgotten_when_a_run_begins(
    database: Database, services: Services
) -> None:
    started = await services.streams.start(ALICE, StartRequest("demo"))
    async with database.session() as session:
        runs = RunStore(session)
        old = await runs.begin(Run(stream_id=started.stream_id, generation=1), [])
        present = await runs.begin(Run(stream_id=started.stream_id, generation=2), [])
        for run_id in (old, present):
            await runs.write_live(run_id, {"cursor": "somewhere", "upcoming": "[]"})
        await runs.begin(Run(stream_id=started.stream_id, generation=2), [])
        cursors = [live.cursor for live in await session.exec(select(RunLive).order_by(col(RunLive.run_id)))]
    assert cursors == ["", "somewhere", ""]


async def test_log_of_a_stream_that_runs_keeps_its_newest_lines(database: Database, services: Services) -> None:
    started = await services.streams.start(ALICE, StartRequest("demo"))
    async with database.session() as session:
        lines = (
            StreamLog(stream_id=started.stream_id, message=Message(f"line {n}")) for n in range(KEPT_LOG_LINES + 10)
        )
        session.add_all(lines)
        await session.commit()
    await Retention(database, lambda: [started.stream_id]).apply()
    async with database.session() as session:
        left = (await session.exec(select(StreamLog.message).where(StreamLog.stream_id == started.stream_id))).all()
    assert left == [f"line {n}" for n in range(10, KEPT_LOG_LINES + 10)]
