"""Trouble with the machine itself: what is on air stays there, and what could not be written is written later."""

import asyncio
import logging
import resource
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError

from streaming.model.states import RunStatus, UplinkState
from streaming.services.services import Services
from streaming.services.status import StreamState
from streaming.services.streams import StartedStream
from streaming.settings import DatabaseSettings, Settings
from streaming.storage.database import Database
from streaming.storage.vault import Vault
from tests.end_to_end.engines import Station, settings_for, station
from tests.end_to_end.playouts import UNBOTHERED_SECONDS, files, on_air
from tests.end_to_end.processes import ROOT, Running, streaming
from tests.end_to_end.videos import LIST, small, upload
from tests.standins.ingest import Ingest
from tests.standins.loopback import LOOPBACK
from tests.standins.session import Session
from tests.standins.youtube import YouTube

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.long]

PATIENCE_SECONDS = 30.0
BEGINS, ENDS = "The database cannot be used", "The database can be used again"
HOLD_A_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""
MOVE_THE_CLOCK = """
import os, pathlib, time
moved, now = pathlib.Path(os.environ["CLOCK_MOVED_BY"]), time.time
time.time = lambda: now() + float(moved.read_text())
"""


@dataclass(frozen=True, slots=True)
class OnAir:
    """A looped stream at the ingest, and the engine that plays it."""

    engine: Station
    ingest: Ingest
    started: StartedStream

    async def survive_a_break(self) -> Session:
        """Breaks the publication, which gives the engine something to write down, and waits for the next one."""
        ingest = self.ingest
        await ingest.wait_for(lambda: ingest.sessions[-1].media_seconds > 1.0)
        ingest.drop(ingest.sessions[-1])
        session = await ingest.session("main", number=len(ingest.sessions) + 1)
        await ingest.wait_for(lambda: session.media_seconds > 1.0)
        return session

    async def check_the_books(self, session: Session) -> None:
        """Sees to it that the present publication is undisturbed, and that the broken one is on record."""
        reconnects = len(self.ingest.sessions) - 1
        await self.ingest.wait_for(lambda: session.media_seconds > 3.0)
        async with asyncio.timeout(PATIENCE_SECONDS), self.engine.database.changes() as changes:
            while (status := await self.engine.status(self.started)).targets[0].reconnects < reconnects:
                await changes.wait(1)
        assert status.state is StreamState.ON_AIR
        assert session.end is None
        gap_seconds = session.worst_wire_gap_seconds(after_seconds=1.0)
        print(f"longest gap {gap_seconds * 1000:.0f} ms; the log: {await self.engine.log(self.started)}")
        assert gap_seconds < UNBOTHERED_SECONDS
        assert any("Connection reset by peer" in line for line in await self.engine.log(self.started))


async def begin(engine: Station, ingest: Ingest, youtube: YouTube, clips: Path) -> OnAir:
    await youtube.add_playlist(LIST, "Endless", await upload(youtube, clips, small(1, seconds=4.0)))
    await engine.add_target("main", ingest.url("main"))
    started = await engine.start(LIST, "main", is_looped=True)
    await ingest.first_media("main")
    return OnAir(engine, ingest, started)


async def logged(caplog: pytest.LogCaptureFixture, words: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while words not in caplog.text:
            await asyncio.sleep(0.05)


def count(records: list[logging.LogRecord], words: str) -> int:
    return sum(words in record.getMessage() for record in records)


@asynccontextmanager
async def locked(path: Path) -> AsyncIterator[None]:
    """Another process writes to the database, and does not come to an end."""
    holder = await asyncio.create_subprocess_exec(sys.executable, "-c", HOLD_A_LOCK, path, stdin=PIPE, stdout=PIPE)
    try:
        assert holder.stdout
        assert await holder.stdout.readline() == b"locked\n"
        yield
    finally:
        holder.kill()
        await holder.communicate()


async def test_a_database_locked_by_another_process_is_written_later(
    youtube: YouTube, data_dir: Path, clips: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with Ingest() as ingest, station(settings_for(youtube, data_dir)) as engine:
        stream = await begin(engine, ingest, youtube, clips)
        async with locked(data_dir / "nonstop.db"):
            session = await stream.survive_a_break()
            await logged(caplog, BEGINS)
        await logged(caplog, ENDS)
        await stream.check_the_books(session)
    assert count(caplog.records, BEGINS) == count(caplog.records, ENDS) == 1


async def test_an_engine_that_is_killed_goes_on_though_it_may_not_write(
    youtube: YouTube, config: Path, data_dir: Path, place: Path, clips: Path
) -> None:
    async with Ingest() as ingest, AsyncExitStack() as stack:
        async with engine_process(config, data_dir, place) as (process, engine):
            stream = await begin(engine, ingest, youtube, clips)
            await ingest.wait_for(lambda: ingest.sessions[0].media_seconds > 2.0)
            process.process.kill()
            await process.process.wait()
        async with locked(data_dir / "nonstop.db"):
            process, engine = await stack.enter_async_context(engine_process(config, data_dir, place))
            session = await ingest.session("main", number=2)
            await ingest.wait_for(lambda: session.media_seconds > 2.0)
            await process.until(BEGINS)
        await process.until(ENDS)
        async with asyncio.timeout(PATIENCE_SECONDS), engine.database.changes() as changes:
            while len(runs := await engine.runs(stream.started)) < 2:
                await changes.wait(1)
        assert [(run.status, run.ended_at is None) for run in runs] == [
            (RunStatus.STOPPED, False),
            (RunStatus.ON_AIR, True),
        ]
        assert session.end is None


async def test_a_database_that_goes_away_is_written_when_it_is_back(
    youtube: YouTube, place: Path, data_dir: Path, clips: Path, caplog: pytest.LogCaptureFixture
) -> None:
    home, elsewhere = place / "database", place / "elsewhere"

    def unless_away(*_: object) -> None:
        """What is open goes on working wherever it is: it has to be opened anew."""
        if not home.exists():
            raise DisconnectionError

    database = DatabaseSettings(url=f"sqlite+aiosqlite:///{home}/nonstop.db")
    settings = settings_for(youtube, data_dir).model_copy(update={"database": database})
    async with Ingest() as ingest, station(settings) as engine:
        stream = await begin(engine, ingest, youtube, clips)
        event.listen(engine.engines_own.engine.sync_engine, "checkout", unless_away)
        home.rename(elsewhere)
        session = await stream.survive_a_break()
        await logged(caplog, BEGINS)
        assert not home.exists(), "no empty database in its place"
        elsewhere.rename(home)
        await logged(caplog, ENDS)
        await stream.check_the_books(session)


@asynccontextmanager
async def engine_process(
    config: Path, data_dir: Path, place: Path, **variables: str
) -> AsyncIterator[tuple[Running, Station]]:
    """An engine as a process of its own, and its services."""
    async with streaming("run", "--config", config, folder=place, **variables) as process:
        await process.until("The engine is ready")
        database = Database(f"sqlite+aiosqlite:///{data_dir}/nonstop.db")
        try:
            services = Services.create(Settings(), database, Vault.open(data_dir), egress=LOOPBACK)
            yield process, Station(services, database, database)
        finally:
            await database.close()


async def test_a_full_disk_stops_no_stream_and_loses_no_account_of_it(
    youtube: YouTube, config: Path, data_dir: Path, place: Path, clips: Path
) -> None:
    async with Ingest() as ingest, engine_process(config, data_dir, place) as (process, engine):
        stream = await begin(engine, ingest, youtube, clips)
        pid = process.process.pid
        _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, most))  # no file may grow: to a process, a full disk
        session = await stream.survive_a_break()
        await process.until(BEGINS)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))
        await process.until(ENDS)
        await stream.check_the_books(session)


async def test_a_clock_that_jumps_an_hour_is_not_seen_on_air(
    youtube: YouTube, config: Path, data_dir: Path, place: Path, clips: Path
) -> None:
    (place / "sitecustomize.py").write_text(MOVE_THE_CLOCK)
    moved = place / "moved"
    moved.write_text("0")
    variables = {"PYTHONPATH": f"{place}:{ROOT}", "CLOCK_MOVED_BY": str(moved)}
    async with Ingest() as ingest, engine_process(config, data_dir, place, **variables) as (_, engine):
        await begin(engine, ingest, youtube, clips)
        session = await ingest.session("main")
        for hours, until_seconds in ((1, 2.5), (-1, 6.5)):  # into the next showing, which is resolved under that clock
            moved.write_text(str(hours * 3600))
            await ingest.wait_for(played(session, until_seconds), timeout_seconds=PATIENCE_SECONDS)
        gap_seconds = session.worst_wire_gap_seconds(after_seconds=1.0)
        print(f"longest gap {gap_seconds * 1000:.0f} ms")
        assert session.end is None
        assert gap_seconds < UNBOTHERED_SECONDS


def played(session: Session, seconds: float) -> Callable[[], bool]:
    return lambda: session.media_seconds > seconds


async def test_a_target_whose_name_is_unknown_is_tried_on_and_bothers_no_other(clips: Path) -> None:
    playlist = files(clips, small(1, seconds=8.0))
    async with Ingest() as ingest, on_air(playlist, ingest.url("key"), "rtmp://ingest.invalid/live/key") as stream:
        session = await ingest.session("key")
        await ingest.wait_for(lambda: stream.playout.snapshot().targets[1].status.reconnects >= 2)
        await ingest.wait_for(lambda: session.media_seconds > 3.0)
        unknown = stream.playout.snapshot().targets[1]
        assert unknown.status.state is UplinkState.RETRYING
        assert "name is unknown" in unknown.reason
        assert session.worst_wire_gap_seconds(after_seconds=1.0) < UNBOTHERED_SECONDS
