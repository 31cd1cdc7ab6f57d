"""What keeps bot and engine running: each is started again, and neither's end ends the other."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import psutil
import pytest

from bot.supervisor import Process, supervise
from streaming.model.backoff import Backoff

ROOT = Path(__file__).parents[3]
PATIENCE_SECONDS = 30.0
ENDED_BY_SIGTERM = 128 + signal.SIGTERM
LASTS = "import os, sys, time; print('here', os.getpid(), file=sys.stderr, flush=True); time.sleep(600)"


class Heard:
    """What the processes say, and waiting for it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._changed = asyncio.Event()

    def __call__(self, line: str) -> None:
        self.lines.append(line)
        self._changed.set()

    def count(self, words: str) -> int:
        return sum(words in line for line in self.lines)

    async def until(self, words: str, times: int = 1) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while self.count(words) < times:
                self._changed.clear()
                await self._changed.wait()


@pytest.fixture
def heard() -> Heard:
    return Heard()


def python(name: str, code: str, heard: Heard) -> Process:
    return Process(name, ["python", "-c", code], show=heard, backoff=Backoff(0.01, 60.0))


async def test_process_that_ends_is_started_again_and_the_other_is_left_alone(heard: Heard) -> None:
    brief = "import sys; print('began', file=sys.stderr); sys.exit(69)"
    supervising = asyncio.create_task(supervise([python("bot", brief, heard), python("engine", LASTS, heard)]))
    try:
        await heard.until("engine | here")
        await heard.until("bot    | began", times=3)
        assert heard.count("engine | here") == 1
    finally:
        supervising.cancel()
        await asyncio.wait({supervising})


async def test_killed_process_is_started_again(heard: Heard) -> None:
    supervising = asyncio.create_task(supervise([python("engine", LASTS, heard)]))
    try:
        await heard.until("here")
        os.kill(int(heard.lines[0].split()[-1]), signal.SIGKILL)
        await heard.until("here", times=2)
    finally:
        supervising.cancel()
        await asyncio.wait({supervising})


async def test_wrong_settings_of_one_are_final_for_it_alone(heard: Heard, caplog: pytest.LogCaptureFixture) -> None:
    wrong = "import sys; print('no such token', file=sys.stderr); sys.exit(78)"
    supervising = asyncio.create_task(supervise([python("bot", wrong, heard), python("engine", LASTS, heard)]))
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not any("has ended for good (78)" in message for message in caplog.messages):
                await asyncio.sleep(0.01)
        await heard.until("engine | here")
        assert heard.count("no such token") == 1
        assert not supervising.done()
    finally:
        supervising.cancel()
        await asyncio.wait({supervising})


async def test_nothing_is_left_to_do_when_all_have_ended_for_good(heard: Heard) -> None:
    wrong = "import sys; sys.exit(78)"
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await supervise([python("bot", wrong, heard), python("engine", wrong, heard)]) == 78


async def test_signal_ends_all_and_nothing_is_left(tmp_path: Path) -> None:
    script = tmp_path / "lasts.py"
    script.write_text(LASTS)
    procfile = tmp_path / "Procfile"
    procfile.write_text(f"bot: python {script}\nengine: python {script}\n")
    supervisor = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.supervisor", str(procfile), "bot", "engine"),
        cwd=ROOT,
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=PIPE,
    )
    assert supervisor.stderr
    pids: list[int] = []
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(pids) < 2:
                line = (await supervisor.stderr.readline()).decode()
                pids += [int(line.split()[-1])] if "here" in line else []
            supervisor.terminate()
            await supervisor.stderr.read()
            assert await supervisor.wait() == ENDED_BY_SIGTERM
    finally:
        with contextlib.suppress(ProcessLookupError):
            supervisor.kill()
        await supervisor.wait()
    assert not any(map(psutil.pid_exists, pids))
