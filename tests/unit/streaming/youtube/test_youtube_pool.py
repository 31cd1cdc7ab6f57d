"""Workers that cannot be started, or say what they should not: never more than the trouble of one request."""

import asyncio
import contextlib
import importlib.metadata
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from streaming.model.errors import ItemUnavailable, TransientError
from streaming.youtube import pool
from streaming.youtube.errors import item_error
from streaming.youtube.pool import Worker, WorkerDied, WorkerFailed, WorkerPlan
from streaming.youtube.worker import AnswerTooLarge, answer_line

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


SCRIPTED = """
import json, sys, time
print(json.dumps({"answer": {"yt_dlp": "1", "runtime": ""}}), flush=True)
sys.stdin.readline()
for line in sys.stdin:
    request = json.loads(line)
    number, method = request["id"], request["method"]
    if method == "large":
        print(json.dumps({"id": number, "answer": {"text": "x" * (17 << 20)}}), flush=True)
    elif method == "twice":
        print(json.dumps({"id": number, "answer": {"said": method}}), flush=True)
        print(json.dumps({"id": number, "answer": {"said": "again"}}), flush=True)
    elif method == "junk":
        print("Traceback, or whatever else a library prints", flush=True)
    else:
        print(json.dumps({"id": number, "answer": {"said": method}}), flush=True)
"""


@pytest.fixture
async def scripted(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Worker]:
    monkeypatch.setattr(pool, "_COMMAND", [sys.executable, "-c", SCRIPTED])
    worker = Worker(PLAN)
    yield worker
    await worker.stop()


async def test_an_answer_that_is_too_large_fails_its_own_question_only(scripted: Worker) -> None:
    first = (await scripted.request({"method": "one"}), scripted.pid)
    with pytest.raises(WorkerFailed, match="too large") as failed:
        await scripted.request({"method": "large"})

    assert first[0] == {"said": "one"}
    for method in ("after 0", "after 1", "after 2"):
        assert await scripted.request({"method": method}) == {"said": method}
    assert scripted.pid != first[1]
    assert isinstance(item_error(failed.value.failure), ItemUnavailable)


async def test_questions_asked_meanwhile_get_their_own_answers(scripted: Worker) -> None:
    requests = [scripted.request({"method": method}) for method in ("a", "large", "b", "c")]
    said = await asyncio.gather(*requests, return_exceptions=True)

    assert [each["said"] for each in said if isinstance(each, dict)] == ["a", "b", "c"]
    assert isinstance(said[1], WorkerFailed)


@pytest.mark.parametrize("trouble", ["twice", "junk"])
async def test_a_worker_that_says_what_nobody_asked_for_is_replaced(scripted: Worker, trouble: str) -> None:
    """Its lines are out of step from then on: who asks again is answered by another one."""
    with contextlib.suppress(WorkerDied):
        await scripted.request({"method": trouble})
    with contextlib.suppress(WorkerDied):
        await scripted.request({"method": "is told of it"})

    assert (await scripted.request({"method": "next"})) == {"said": "next"}


def test_a_worker_does_not_send_what_nobody_can_read() -> None:
    assert json.loads(answer_line(3, {"title": "ä"})) == {"id": 3, "answer": {"title": "ä"}}
    with pytest.raises(AnswerTooLarge):
        answer_line(4, {"title": "ä" * (2 << 20)})


@pytest.mark.parametrize("name", ["DISCORD_TOKEN", "DATABASE_URL", "NONSTOP__DISCORD__TOKEN", "nonstop__x", "AWS_KEY"])
def test_workers_are_told_nothing_that_is_none_of_their_business(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv(name, "planted")
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    environment = pool.plan({}, tmp_path, None, job_seconds=1, jobs_per_worker=1).environment

    assert "planted" not in environment.values()
    assert environment["https_proxy"] == "http://proxy.example:3128"
    assert environment["PATH"] == os.environ["PATH"]
