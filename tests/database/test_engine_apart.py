"""What one stream does is its own affair: the others do not wait for it, and it leaves nothing behind."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import AsyncMock

import pytest

from streaming.engine.desired_state import read_desired_streams
from streaming.engine.engine import Engine
from streaming.engine.runs import BEGIN_AGAIN, StreamRuns
from streaming.input.loader import Tools
from streaming.model.errors import PlaylistError
from streaming.model.items import Item
from streaming.model.message import Message
from streaming.output.uplink import Destination
from streaming.playout.handle import SetOrder
from streaming.redaction.secrets import Secret
from streaming.services.services import Services
from streaming.services.status import StreamState
from streaming.services.stream_requests import StartRequest
from streaming.services.targets import TargetEdit
from streaming.settings import Settings, StreamingSettings, YouTubeSettings
from streaming.sources.server import SourceServer
from streaming.storage.database import Database
from streaming.storage.vault import Vault
from tests.database.conftest import ALICE

LIMIT_SECONDS = 5.0

pytestmark = pytest.mark.usefixtures("main_target")


class SlowPlayout:
    """Takes its time to change the order of play, because an item has to be cued for that."""

    def __init__(self) -> None:
        self.changes: list[SetOrder] = []
        self.destinations: Sequence[Destination] = ()
        self.may_change = asyncio.Event()

    async def redirect(self, destinations: Sequence[Destination]) -> None:
        self.destinations = destinations

    async def set_order(self, order: SetOrder) -> None:
        self.changes.append(order)
        await self.may_change.wait()


@pytest.fixture
async def engine(database: Database, tmp_path: Path) -> Engine:
    return Engine(Settings(streaming=StreamingSettings(data_dir=tmp_path)), database, Vault.open(tmp_path))


async def runs_of(engine: Engine, stream_id: int, folder: Path) -> StreamRuns:
    async with engine._database.session() as session:
        wanted = await read_desired_streams(session, engine._vault, lead_seconds=10.0)
    return StreamRuns(
        wanted[stream_id],
        engine._make,
        database=engine._database,
        run_writer=engine._run_writer,
        folder=folder,
        policy=BEGIN_AGAIN,
    )


async def test_a_change_of_order_that_waits_for_an_item_holds_up_no_other_stream(
    engine: Engine, services: Services, tmp_path: Path
) -> None:
    started = await services.streams.start(ALICE, StartRequest("demo"))
    playout = SlowPlayout()
    running = engine._running[started.stream_id] = await runs_of(engine, started.stream_id, tmp_path)
    running.playout = cast("Any", playout)
    await services.streams.set_order(ALICE, "", shuffle=True)
    async with asyncio.timeout(LIMIT_SECONDS):
        await engine._reconcile()
        await engine._reconcile()
        assert running.adjusting
        playout.may_change.set()
        await running.adjusting
        await engine._reconcile()
    assert playout.changes == [SetOrder(loop=True, shuffle=True)]


async def test_a_target_that_is_edited_is_told_to_the_playout_on_air(
    engine: Engine, services: Services, tmp_path: Path
) -> None:
    started = await services.streams.start(ALICE, StartRequest("demo"))
    playout = SlowPlayout()
    playout.may_change.set()
    running = engine._running[started.stream_id] = await runs_of(engine, started.stream_id, tmp_path)
    running.playout = cast("Any", playout)
    await services.targets.edit(ALICE, "main", TargetEdit("Stage", "", Secret("live_12345678_new")))
    async with asyncio.timeout(LIMIT_SECONDS):
        await engine._reconcile()
        assert running.adjusting
        await running.adjusting
    (destination,) = playout.destinations
    assert destination.name == "Stage"
    assert destination.url.reveal().endswith("/live_12345678_new")
    assert running.stream.plan.destinations == (destination,)


async def test_a_run_leaves_no_files_behind(engine: Engine, services: Services, tmp_path: Path) -> None:
    class Private:
        """A playlist that cannot be listed, so that its run is soon over."""

        title = "private"

        async def items(self) -> AsyncIterator[Item]:
            assert list(engine._folder.iterdir()), "the run has its folder"
            raise PlaylistError(Message("This playlist is private."))
            yield

    started = await services.streams.start(ALICE, StartRequest("demo"))
    engine._folder = tmp_path / "work"
    engine._folder.mkdir()
    engine._tools = Tools(str(tmp_path / "no-ffmpeg"), SourceServer(YouTubeSettings()), 1.0)
    engine._playlists = cast("Any", SimpleNamespace(open=AsyncMock(return_value=Private())))
    await engine._reconcile()
    task = engine._running[started.stream_id].task
    assert task
    async with asyncio.timeout(LIMIT_SECONDS):
        await task
    (status,) = await services.streams.statuses(ALICE.guild_id)
    assert (status.state, status.reason) == (StreamState.FAILED, "This playlist is private.")
    assert not list(engine._folder.iterdir())
