"""Commands as an engine obeys them: whatever happens, whoever asked is told."""

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from streaming.engine.command_consumer import CommandConsumer
from streaming.engine.run_writer import RunWriter
from streaming.model.errors import NotFound, WantedStateError
from streaming.playout.handle import ItemCommand, Skip
from streaming.playout.messages import Controls
from streaming.services.services import Services
from streaming.services.stream_requests import StartRequest
from streaming.storage.database import Database
from tests.database.conftest import ALICE
from tests.standins.paper_engine import PaperEngine

LIMIT_SECONDS = 10.0

pytestmark = pytest.mark.usefixtures("main_target")


async def answered(
    database: Database, services: Services, engine: PaperEngine, command: Callable[[ItemCommand], Awaitable[Any]]
) -> str:
    """What somebody is told who skips an item on air."""
    started = await services.streams.start(ALICE, StartRequest("demo"))
    await engine.bring_to_air(started.stream_id)
    playout = cast("Any", SimpleNamespace(command=command))
    others = dict.fromkeys(("playlists", "previewer", "target_tester"), cast("Any", None))
    consumer = CommandConsumer(database, RunWriter(database, "one"), lambda: {started.stream_id: playout}, **others)
    async with asyncio.timeout(LIMIT_SECONDS), database.changes() as changes:
        asking = asyncio.create_task(services.queue.skip(ALICE))
        await changes.wait(LIMIT_SECONDS)
        await consumer.consume()
        try:
            return await asking
        finally:
            await consumer.close()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (NotFound(Controls.NOTHING_TO_SKIP()), "There is nothing to skip."),
        (OSError(24, "Too many"), "unexpected error"),
    ],
)
async def test_whoever_asked_in_vain_is_told(
    database: Database, services: Services, engine: PaperEngine, error: Exception, told: str
) -> None:
    async def fail(command: ItemCommand) -> None:
        assert command == Skip()
        raise error

    with pytest.raises(WantedStateError, match=told):
        await answered(database, services, engine, fail)
