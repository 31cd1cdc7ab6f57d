"""The run writer: what was deleted, and what the database refuses, keeps it from nothing else."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, cast
from unittest.mock import AsyncMock

import pytest
from sqlmodel import col, delete, select, update

from streaming.engine import run_writer
from streaming.engine.queue_writer import QueueWritten
from streaming.engine.run_writer import RunRecord, RunWriter
from streaming.ffmpeg.progress import Progress
from streaming.model.items import Item
from streaming.model.message import NOTHING, Message
from streaming.model.states import LogLevel, RunStatus, TargetKind, UplinkState
from streaming.output.uplink import UplinkStatus
from streaming.playout.handle import PlayoutHandle
from streaming.playout.messages import Plays
from streaming.playout.snapshot import LineupView, QueuePart, Snapshot, TargetSnapshot
from streaming.redaction.secrets import Secret
from streaming.services.services import Services
from streaming.services.status import StreamState
from streaming.services.stream_requests import StartRequest
from streaming.storage.database import Database
from streaming.storage.tables import EngineHeartbeat, QueueItem, Run, RunLive, Sample, Stream, StreamLog, Target
from tests.database.conftest import ALICE

pytestmark = pytest.mark.usefixtures("main_target")


@dataclass(eq=False)
class PaperRun:
    """As much of a playout on air as the run writer reads."""

    targets: tuple[int, ...] = (1,)
    items: list[Item] = field(default_factory=lambda: [Item("key", "Title")])
    sent_bytes: int = 0
    cursor: str = ""

    async def queue(self, start: int, count: int) -> QueuePart:
        return QueuePart(
            items=tuple(self.items[start : start + count]),
            length=len(self.items),
            list_version=0,
            is_listed=False,
            title="",
            removed=frozenset(),
            upcoming=(),
        )

    async def snapshot(self) -> Snapshot:
        self.sent_bytes += 1000
        progress = Progress(out_time_ms=self.sent_bytes, total_bytes=self.sent_bytes, speed=1.0, dropped_frames=0)
        status = UplinkStatus(UplinkState.LIVE, progress=progress)
        return Snapshot(
            status=RunStatus.ON_AIR,
            reason=NOTHING,
            item=None,
            position_seconds=0.0,
            lineup_view=LineupView(cursor=self.cursor),
            is_copy=None,
            treatment=NOTHING,
            urls_expire_at=None,
            items_listed=1,
            items_played=0,
            on_air_since=None,
            rerun_seconds=0.0,
            slate_seconds=0.0,
            lead_seconds=0.0,
            targets=tuple(TargetSnapshot(target_id, "main", status, NOTHING, 0.0, 0.0) for target_id in self.targets),
        )


@pytest.fixture
async def writer_of_two(database: Database, services: Services) -> tuple[RunWriter, RunRecord, RunRecord]:
    """A run writer of two streams' runs, the second on a target of its own, both written once."""
    await services.targets.add(ALICE, "other", TargetKind.TWITCH, "", Secret("live_12345678_other"))
    writer = RunWriter(database, "one")
    records: list[RunRecord] = []
    for number, to in enumerate(("main", "other"), start=1):
        started = await services.streams.start(ALICE, StartRequest("demo", to=to))
        playout = cast("PlayoutHandle", PaperRun(targets=(number,)))
        records.append(RunRecord(started.stream_id, started.generation, datetime.now(UTC), playout))
        writer.follow(records[-1])
    await writer.write()
    for record in records:
        record.sampler.take(await paper(record).snapshot(), 0.0)
    return writer, records[0], records[1]


async def lines_of(database: Database, stream_id: int) -> list[str]:
    async with database.session() as session:
        return list(await session.exec(select(StreamLog.message).where(StreamLog.stream_id == stream_id)))


async def test_a_long_cursor_is_written_only_when_it_changes(
    database: Database, writer_of_two: tuple[RunWriter, RunRecord, RunRecord]
) -> None:
    writer, record, _ = writer_of_two

    async def cursor_after(present: str, *, stored: str) -> str:
        """What the database holds after a write, where `stored` was put meanwhile."""
        paper(record).cursor = present
        async with database.session() as session:
            await session.exec(update(RunLive).where(col(RunLive.run_id) == record.run_id).values(cursor=stored))
            await session.commit()
        await writer.write()
        async with database.session() as session:
            live = await session.get(RunLive, record.run_id)
        assert live
        return live.cursor

    assert await cursor_after("first", stored="") == "first"
    assert await cursor_after("first", stored="untouched") == "untouched"
    assert await cursor_after("second", stored="untouched") == "second"


async def test_a_line_keeps_its_code_and_its_secrets_are_masked(
    database: Database, writer_of_two: tuple[RunWriter, RunRecord, RunRecord]
) -> None:
    writer, record, _ = writer_of_two
    secret = "https://media.example/videoplayback?sig=planted"
    writer.log(record, LogLevel.WARNING, Plays.PASSED_OVER(title="Aria\x1b", reason=Message(f"{secret} is gone")))
    await writer.write()
    line = (await lines_of(database, record.stream_id))[-1]
    assert isinstance(line, Message)
    assert line.code == "plays.passed_over"
    assert line.values["title"] == "Aria␛"
    assert "planted" not in f"{line} {line.values}"


async def test_the_end_of_a_run_whose_stream_was_deleted_keeps_nobody_from_writing(
    database: Database, writer_of_two: tuple[RunWriter, RunRecord, RunRecord]
) -> None:
    writer, deleted, other = writer_of_two
    async with database.session() as session:
        await session.exec(delete(Stream).where(col(Stream.id) == deleted.stream_id))
        await session.commit()
    writer.log(deleted, LogLevel.INFO, Message("Off air."))
    await writer.close(deleted, RunStatus.STOPPED, NOTHING)
    writer.log(other, LogLevel.INFO, Message("a line"))
    await writer.write()
    assert "a line" in await lines_of(database, other.stream_id)
    assert await lines_of(database, deleted.stream_id) == []


async def test_a_stream_deleted_before_its_run_was_written_keeps_nobody_from_ending(
    database: Database, writer_of_two: tuple[RunWriter, RunRecord, RunRecord]
) -> None:
    writer, other, _ = writer_of_two
    writer.follow(RunRecord(99, 1, datetime.now(UTC), cast("PlayoutHandle", PaperRun())))
    await writer.close(other, RunStatus.ENDED, NOTHING)
    async with database.session() as session:
        run = await session.get_one(Run, other.run_id)
    assert run.status is RunStatus.ENDED


async def test_samples_of_a_target_that_was_removed_keep_nobody_from_writing(
    database: Database, writer_of_two: tuple[RunWriter, RunRecord, RunRecord]
) -> None:
    writer, other, removed = writer_of_two
    await writer._take_samples()
    async with database.session() as session:
        await session.exec(delete(Target).where(col(Target.id) == 2))
        await session.commit()
    writer.follow(RunRecord(removed.stream_id, 1, datetime.now(UTC), removed.playout))
    await writer.write()
    async with database.session() as session:
        assert list(await session.exec(select(Sample.target_id))) == [1]
    assert other.run_id


async def test_a_run_that_cannot_be_looked_at_once_does_not_end_all_accounts(
    database: Database, writer_of_two: tuple[RunWriter, RunRecord, RunRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    writer, one, _ = writer_of_two
    was_looked_at = asyncio.Event()

    async def fail() -> Snapshot:
        monkeypatch.undo()
        was_looked_at.set()
        raise ValueError

    monkeypatch.setattr(one.playout, "snapshot", fail)
    async with asyncio.timeout(10), database.changes() as changes:
        running = asyncio.create_task(writer.run())
        await was_looked_at.wait()
        writer.log(one, LogLevel.INFO, Message("a line"))
        await changes.wait(10)
    assert not running.done()
    running.cancel()
    await asyncio.wait([running])
    assert "a line" in await lines_of(database, one.stream_id)


async def test_a_line_the_database_cannot_take_is_dropped_and_told_once_and_all_others_are_written(
    database: Database, writer_of_two: tuple[RunWriter, RunRecord, RunRecord], caplog: pytest.LogCaptureFixture
) -> None:
    writer, one, other = writer_of_two
    for _ in range(2):
        writer.log(one, LogLevel.INFO, Message("before"))
        writer._note(StreamLog(stream_id=one.stream_id, message=Message("a half \ud83d of a sign")), one)
        writer.log(one, LogLevel.INFO, Message("after"))
        writer.log(other, LogLevel.INFO, Message("beside"))
        await writer.write()
    await writer.write()
    told = "Some lines of this log could not be written."
    assert (await lines_of(database, one.stream_id))[1:] == ["before", "after", told, "before", "after"]
    assert (await lines_of(database, other.stream_id))[1:] == ["beside", "beside"]
    assert caplog.text.count("so it is dropped") == 2


async def test_lines_that_come_while_others_are_written_are_kept_even_when_the_list_is_full(
    database: Database, writer_of_two: tuple[RunWriter, RunRecord, RunRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    writer, record, _ = writer_of_two
    monkeypatch.setattr(run_writer, "_MOST_NOTED", 3)
    write_noted = writer._write_noted

    async def write_while_lines_come(*arguments: Any) -> Any:
        monkeypatch.setattr(writer, "_write_noted", write_noted)
        for number in range(3, 5):
            writer.log(record, LogLevel.INFO, Message(f"line {number}"))
        return await write_noted(*arguments)

    for number in range(3):
        writer.log(record, LogLevel.INFO, Message(f"line {number}"))
    monkeypatch.setattr(writer, "_write_noted", write_while_lines_come)
    await writer.write()
    await writer.write()
    assert (await lines_of(database, record.stream_id))[-5:] == [f"line {number}" for number in range(5)]


async def test_a_sample_the_database_cannot_take_keeps_no_other_from_being_written(
    database: Database, writer_of_two: tuple[RunWriter, RunRecord, RunRecord]
) -> None:
    writer, one, other = writer_of_two
    await writer._take_samples()
    writer._note(Sample(target_id=1, speed=-1.0), one)
    await writer.write()
    async with database.session() as session:
        assert set(await session.exec(select(Sample.target_id))) == {1, 2}
    assert other.run_id


async def test_a_run_the_database_cannot_take_keeps_no_other_from_being_written(
    database: Database,
    writer_of_two: tuple[RunWriter, RunRecord, RunRecord],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    writer, one, other = writer_of_two
    for record, reason in ((one, "\ud83d"), (other, "The ingest is away.")):
        looks = replace(await paper(record).snapshot(), reason=Message(reason))
        monkeypatch.setattr(paper(record), "snapshot", AsyncMock(return_value=looks))
    for _ in range(3):
        await writer.write()
    async with database.session() as session:
        reasons = [(await session.get_one(Run, record.run_id)).reason for record in (one, other)]
    assert reasons == ["", "The ingest is away."]
    assert caplog.text.count("cannot be written") == 1, "told once"


async def test_the_end_of_a_run_that_cannot_be_looked_at_is_written(
    database: Database, writer_of_two: tuple[RunWriter, RunRecord, RunRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    writer, one, _ = writer_of_two
    monkeypatch.delattr(PaperRun, "snapshot")
    await writer.close(one, RunStatus.ENDED, Message("The playlist has finished."))
    async with database.session() as session:
        assert (await session.get_one(Run, one.run_id)).status is RunStatus.ENDED


async def test_entries_of_a_list_the_database_cannot_take_are_left_out(
    database: Database, writer_of_two: tuple[RunWriter, RunRecord, RunRecord]
) -> None:
    writer, one, _ = writer_of_two
    listed = [Item(f"key {number}", f"Title {number}", float(number)) for number in range(8)]
    listed[5] = Item("key \ud83d", "Title 5")
    paper(one).items = listed
    one.queue = QueueWritten()
    await writer.write()
    async with database.session() as session:
        places = await session.exec(select(QueueItem.place).where(QueueItem.stream_id == one.stream_id))
        assert sorted(places) == [0, 1, 2, 3, 4, 6, 7]


async def test_a_run_that_waits_to_be_begun_again_is_on_its_way_and_says_why(
    database: Database, services: Services, writer_of_two: tuple[RunWriter, RunRecord, RunRecord]
) -> None:
    writer, one, _ = writer_of_two
    await show_an_engine(database)
    one.setback = Message("This machine cannot play it now: No space left on device. Trying again.")
    await writer.write()
    (status,) = await services.streams.statuses(ALICE.guild_id, f"#{one.stream_id}")
    assert status.state is StreamState.STARTING
    assert status.reason == one.setback
    assert [target.state for target in status.targets] == [UplinkState.RETRYING]


async def test_a_run_that_could_not_be_made_is_on_record_with_its_reason(
    database: Database, services: Services
) -> None:
    await show_an_engine(database)
    writer = RunWriter(database, "one")
    started = await services.streams.start(ALICE, StartRequest("demo"))
    writer.follow(
        RunRecord(started.stream_id, started.generation, datetime.now(UTC), None, setback=Message("Trying again."))
    )
    await writer.write()
    (status,) = await services.streams.statuses(ALICE.guild_id, f"#{started.stream_id}")
    assert (status.state, status.reason) == (StreamState.STARTING, "Trying again.")


def paper(record: RunRecord) -> PaperRun:
    return cast("PaperRun", record.playout)


async def show_an_engine(database: Database) -> None:
    async with database.session() as session:
        session.add(EngineHeartbeat(name="one", pid=1))
        await session.commit()
