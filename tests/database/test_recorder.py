"""The recorder keeps a day of samples, whoever else is on air, and takes the older ones away a few at a time."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from sqlmodel import col, select

from streaming.control.control import Control, StartRequest
from streaming.database import Database
from streaming.engine import recorder
from streaming.engine.recorder import Recorder, RunRecord
from streaming.models import Command, CommandAction, LogLevel, Sample, StreamLog
from streaming.playout.playout import Playout
from tests.database.conftest import ALICE
from tests.standins.paper_engine import PaperEngine

NO_PLAYOUT = cast("Playout", None)
"""What is only logged of needs none."""

pytestmark = pytest.mark.usefixtures("main_target")


async def ages_kept(database: Database, control: Control, engine: PaperEngine, *ages_hours: float) -> list[float]:
    """What is left of samples of these ages once the recorder has written."""
    wish = await control.start(ALICE, StartRequest("demo"))
    await engine.bring_to_air(wish.stream_id)
    now = datetime.now(UTC)
    async with database.session() as session:
        for hours in ages_hours:
            session.add(Sample(run_id=1, target_id=1, taken_at=now - timedelta(hours=hours)))
        await session.commit()
    await written(database, wish.stream_id)
    async with database.session() as session:
        left = (await session.exec(select(Sample).order_by(col(Sample.id)))).all()
    return [round((now - sample.taken_at).total_seconds() / 3600, 1) for sample in left]


async def written(database: Database, stream_id: int) -> None:
    """Lets a recorder write once."""
    recording = Recorder(database, "another")
    recording.log(RunRecord(stream_id, 1, datetime.now(UTC), playout=NO_PLAYOUT, run_id=1), LogLevel.INFO, "a line")
    running = asyncio.create_task(recording.run())
    async with asyncio.timeout(10), database.changes() as changes:
        await changes.wait(10)
    running.cancel()
    await asyncio.wait([running])


async def test_a_day_is_kept(database: Database, control: Control, engine: PaperEngine) -> None:
    assert await ages_kept(database, control, engine, 30, 24.1, 23.9, 12, 0) == [23.9, 12, 0]


async def test_old_samples_go_a_few_at_a_time(
    database: Database, control: Control, engine: PaperEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "_PRUNED_SAMPLES", 2)
    assert await ages_kept(database, control, engine, 50, 40, 30, 1) == [30, 1]


async def test_commands_nobody_remembers_are_forgotten(
    database: Database, control: Control, engine: PaperEngine
) -> None:
    wish = await control.start(ALICE, StartRequest("demo"))
    await engine.bring_to_air(wish.stream_id)
    async with database.session() as session:
        for age in (timedelta(hours=2), timedelta(minutes=30)):
            asked_at = datetime.now(UTC) - age
            session.add(Command(action=CommandAction.PREVIEW, about=str(age), asked_by=0, asked_at=asked_at))
        await session.commit()
    await written(database, wish.stream_id)
    async with database.session() as session:
        assert list(await session.exec(select(Command.about))) == ["0:30:00"]


async def test_what_was_done_in_a_guild_is_remembered_for_a_season(
    database: Database, control: Control, engine: PaperEngine
) -> None:
    wish = await control.start(ALICE, StartRequest("demo"))
    await engine.bring_to_air(wish.stream_id)
    async with database.session() as session:
        for days in (91, 89):
            created_at = datetime.now(UTC) - timedelta(days=days)
            session.add(StreamLog(guild_id=7, message=f"{days} days ago", created_at=created_at))
        await session.commit()
    await written(database, wish.stream_id)
    assert [line.message for line in await control.logs(7)] == ["89 days ago"]
