"""One stream's waiting is its own: the engine goes on for all the others."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from streaming.control.control import Control, StartRequest
from streaming.database import Database
from streaming.engine.engine import Engine, _Running
from streaming.settings import Settings, StreamingSettings
from streaming.vault import Vault
from tests.database.conftest import ALICE

LIMIT_SECONDS = 5.0

pytestmark = pytest.mark.usefixtures("main_target")


class SlowSteering:
    """Takes its time to change the order of play, because an item has to be prepared for that."""

    def __init__(self) -> None:
        self.changes: list[tuple[bool, bool]] = []
        self.may_change = asyncio.Event()

    def has_order(self, **order: bool) -> bool:
        return order == {"loop": True, "shuffle": False}

    async def set_order(self, *, loop: bool, shuffle: bool) -> None:
        self.changes.append((loop, shuffle))
        await self.may_change.wait()


@pytest.fixture
async def engine(database: Database, tmp_path: Path) -> Engine:
    return Engine(Settings(streaming=StreamingSettings(data_dir=tmp_path)), database, Vault.open(tmp_path))


async def test_a_change_of_order_that_waits_for_an_item_holds_up_no_other_stream(
    engine: Engine, control: Control
) -> None:
    wish = await control.start(ALICE, StartRequest("demo"))
    steering = SlowSteering()
    running = _Running(wish.wish, playout=cast("Any", SimpleNamespace(steering=steering)))
    engine._running[wish.stream_id] = running
    await control.set_order(ALICE, "", shuffle=True)
    async with asyncio.timeout(LIMIT_SECONDS):
        await engine._reconcile()
        await engine._reconcile()
        assert running.ordering
        steering.may_change.set()
        await running.ordering
    assert steering.changes == [(True, True)]
