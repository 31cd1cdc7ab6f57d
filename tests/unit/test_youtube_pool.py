"""Workers on a machine that cannot start one now: worth another try, and nothing that ends a stream."""

import importlib.metadata

import pytest

from streaming.errors import TransientError
from streaming.youtube import pool
from streaming.youtube.pool import Worker, WorkerPlan

PLAN = WorkerPlan({}, {}, 10.0, 10)


async def test_without_a_process_to_spare_it_is_to_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_COMMAND", ["/no/such/program"])
    with pytest.raises(TransientError, match="could not be started"):
        await Worker(PLAN).warm()


async def test_while_yt_dlp_is_being_upgraded_it_is_to_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", gone)
    with pytest.raises(TransientError, match="at this moment"):
        await Worker(PLAN).warm()
