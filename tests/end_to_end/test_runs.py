"""Runs that cannot begin or end unforeseen: begun again where they were, with their reason on the card."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from streaming.engine import engine as engines
from streaming.engine.engine import Engine
from streaming.engine.run_writer import RunWriter
from streaming.model.backoff import Backoff
from streaming.model.errors import EngineFailed
from streaming.model.states import RunStatus, TargetKind
from streaming.playlists.registry import Playlists
from streaming.playout import playout as playouts
from streaming.playout.cuer import Cuer
from streaming.process.supervision import RestartPolicy
from streaming.redaction.secrets import Secret
from streaming.services.services import Services
from streaming.services.status import StreamState, StreamStatus, is_wanted
from streaming.services.stream_requests import StartRequest
from streaming.services.streams import StartedStream
from streaming.settings import Settings
from streaming.storage.database import Database, migrate
from streaming.storage.tables import Stream
from streaming.storage.vault import Vault
from tests.end_to_end.engines import ALICE, PATIENCE_SECONDS, Station, settings_for, station
from tests.end_to_end.videos import LIST, small, upload
from tests.standins.ingest import Ingest
from tests.standins.youtube import YouTube

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.long]

PLANTED = "planted-9f3c"
SOON = RestartPolicy(Backoff(0.2, 1.0))


async def until(engine: Station, started: StartedStream, holds: Callable[[StreamStatus], bool]) -> StreamStatus:
    """Waits until something holds of what people are told."""
    async with asyncio.timeout(PATIENCE_SECONDS), engine.database.changes() as changes:
        while not holds(status := await engine.status(started)):
            await changes.wait(1)
    return status


def rooms(place: Path) -> list[Path]:
    """Where engines keep what they have on air."""
    return list(place.glob("ns-*"))


@asynccontextmanager
async def begun(settings: Settings, youtube: YouTube, clips: Path) -> AsyncIterator[tuple[Station, Ingest]]:
    await youtube.add_playlist(LIST, "Endless", await upload(youtube, clips, small(2, seconds=6.0)))
    async with Ingest() as ingest, station(settings) as engine:
        await engine.add_target("main", ingest.url("main"))
        yield engine, ingest


async def test_a_run_that_ends_unforeseen_goes_on_where_it_was(
    youtube: YouTube, data_dir: Path, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playouts, "_ESSENTIAL", RestartPolicy(Backoff(0.01, 30.0), limit=2))
    again, failing = Cuer.next, [False]

    async def fail(self: Cuer) -> Any:
        if failing[0]:
            raise KeyError(PLANTED)
        return await again(self)

    monkeypatch.setattr(Cuer, "next", fail)
    async with begun(settings_for(youtube, data_dir), youtube, clips) as (engine, ingest):
        started = await engine.start(LIST, "main")
        await ingest.first_media("main")
        failing[0] = True
        status = await until(engine, started, lambda status: "unexpected error" in status.reason)
        assert status.state in (StreamState.RECONNECTING, StreamState.STARTING)
        failing[0] = False
        status = await engine.over(started)
        assert status.state is StreamState.ENDED
        assert PLANTED not in "\n".join(await engine.log(started))
        played = await engine.runs(started)
        assert [run.status for run in played[:-1]] == [RunStatus.STOPPED] * (len(played) - 1)
        assert played[-1].status is RunStatus.ENDED
        told = [line for line in await engine.log(started) if "Trying again." in line]
        assert len(told) == 1


async def test_a_run_that_cannot_begin_waits_with_its_reason_on_the_card(
    youtube: YouTube, place: Path, clips: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(engines, "BEGIN_AGAIN", SOON)
    make, tries = Engine._make, list[Any]()

    async def count(self: Engine, *arguments: Any) -> Any:
        tries.append(arguments)
        return await make(self, *arguments)

    monkeypatch.setattr(Engine, "_make", count)
    settings = settings_for(youtube, place / "data")
    streaming = settings.streaming.model_copy(update={"temp_dir": place})
    async with begun(settings.model_copy(update={"streaming": streaming}), youtube, clips) as (engine, ingest):
        in_the_way = rooms(place)[0] / "1-1"
        in_the_way.write_text("no folder")
        started = await engine.start(LIST, "main")
        status = await until(engine, started, lambda status: status.state is StreamState.STARTING)
        assert status.reason.startswith("This machine cannot play it now: ")
        await until(engine, started, lambda _: len(tries) >= 4)
        assert len(await engine.runs(started)) == 1
        assert caplog.text.count("stopped unexpectedly") == 1
        in_the_way.unlink()
        await ingest.first_media("main")
        status = await until(engine, started, lambda status: status.state is StreamState.ON_AIR)
        assert status.reason == ""
        assert [run.status for run in await engine.runs(started)][:-1] == [RunStatus.STOPPED]


async def test_a_stream_that_waits_to_begin_can_be_stopped(
    youtube: YouTube, data_dir: Path, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise KeyError(PLANTED)

    monkeypatch.setattr(Playlists, "open", fail)
    async with begun(settings_for(youtube, data_dir), youtube, clips) as (engine, _):
        started = await engine.start(LIST, "main")
        await until(engine, started, lambda status: "unexpected error" in status.reason)
        await engine.stop(started)
        assert (await engine.status(started)).state is StreamState.STOPPED


async def test_an_engine_whose_round_fails_keeps_its_streams_on_air(
    youtube: YouTube, data_dir: Path, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reconcile, failures = Engine._reconcile, list[int]()

    async def fail_twice(self: Engine) -> None:
        if len(failures) < 2:
            failures.append(1)
            raise KeyError(PLANTED)
        await reconcile(self)

    async with begun(settings_for(youtube, data_dir), youtube, clips) as (engine, ingest):
        started = await engine.start(LIST, "main")
        session = await ingest.session("main")
        monkeypatch.setattr(Engine, "_reconcile", fail_twice)
        await ingest.wait_for(lambda: len(failures) == 2 and session.media_seconds > 4.0)
        await engine.stop(started)
        assert len(ingest.sessions) == 1


async def test_an_engine_that_cannot_keep_a_part_at_work_ends_and_says_so_and_leaves_the_wishes(
    youtube: YouTube, data_dir: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(_: RunWriter) -> None:
        raise KeyError(PLANTED)

    monkeypatch.setattr(RunWriter, "_write", fail)
    monkeypatch.setattr(engines, "ESSENTIAL", RestartPolicy(Backoff(0.01, 30.0), limit=3))
    settings = settings_for(youtube, data_dir)
    await asyncio.to_thread(migrate, settings.database_url)
    database = Database(settings.database_url)
    services = Services.create(settings, database, Vault.open(data_dir))
    try:
        await services.targets.add(ALICE, "main", TargetKind.CUSTOM, "rtmp://127.0.0.1:9/live", Secret("key"))
        started = await services.streams.start(ALICE, StartRequest("demo"))
        with pytest.raises(EngineFailed) as raised:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await Engine(settings, database, Vault.open(data_dir)).run()
        assert raised.value.exit_code == 70
        assert "The run writer failed 3 times in a row." in caplog.text
        async with database.session() as session:
            assert is_wanted(await session.get_one(Stream, started.stream_id))
    finally:
        await database.close()
