"""The console as a process: the demo on air at the local ingest, told with figures, and nothing left behind."""

import asyncio
import os
import re
import shutil
import signal
import sqlite3
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from streaming.ffmpeg import binary
from streaming.playlists.demo import clips as demo_clips
from streaming.settings import StreamingSettings
from streaming.storage.vault import Vault

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60.0
ON_AIR = "On air · Demo ─"


@pytest.fixture(scope="module")
def first_clip(clips: Path) -> Path:
    """The demo's first clip, drawn once for all tests here."""
    clip = demo_clips.clips()[0]
    seconds = demo_clips.CLIP_SECONDS
    path = clips / demo_clips.file_name(clip, seconds)
    if not path.exists():
        ffmpeg = binary.find(StreamingSettings())
        asyncio.run(demo_clips.render(ffmpeg, clip, path, seconds=seconds, on_progress=None))
    return path


@pytest.fixture
def data_dir(tmp_path: Path, first_clip: Path) -> Path:
    (tmp_path / "data" / "demo").mkdir(parents=True)
    shutil.copy(first_clip, tmp_path / "data" / "demo")
    return tmp_path / "data"


@dataclass
class ConsoleProcess:
    process: Process
    output: str = field(default="")

    async def until(self, words: str) -> None:
        """Reads until the words were printed after what was read before."""
        start = len(self.output)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while words not in self.output[start:]:
                text = await self._read()
                assert text, f"ended without {words!r}:\n{self.output}"
                self.output += text

    async def finished(self) -> int:
        """Reads to the end, and gives the exit code."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while text := await self._read():
                self.output += text
            return await self.process.wait()

    def type(self, *commands: str) -> None:
        assert self.process.stdin
        self.process.stdin.write("".join(f"{command}\n" for command in commands).encode())

    def end_input(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()

    async def _read(self) -> str:
        assert self.process.stdout
        line = await self.process.stdout.readline()
        return line.decode()


@asynccontextmanager
async def console(data_dir: Path, *, command: str = "console", stdin: int = PIPE) -> AsyncIterator[ConsoleProcess]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("NONSTOP", "DISCORD_"))}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", command),
        cwd=data_dir.parent,
        env={**inherited, "PYTHONPATH": str(ROOT), "NONSTOP__STREAMING__DATA_DIR": str(data_dir)},
        stdin=stdin,
        stdout=PIPE,
        stderr=STDOUT,
    )
    try:
        yield ConsoleProcess(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def left_behind(data_dir: Path) -> list[psutil.Process]:
    """Every process that was started, directly or not, by a console with this data folder."""
    return [process for process in psutil.process_iter() if _belongs_to(process, data_dir)]


def _belongs_to(process: psutil.Process, data_dir: Path) -> bool:
    try:
        is_over = process.status() == psutil.STATUS_ZOMBIE
        return not is_over and process.environ().get("NONSTOP__STREAMING__DATA_DIR") == str(data_dir)
    except psutil.Error:
        return False


async def until_nothing_is_left(data_dir: Path) -> None:
    async with asyncio.timeout(5):
        while left_behind(data_dir):
            await asyncio.sleep(0.05)


def desired_states(data_dir: Path) -> list[str]:
    with closing(sqlite3.connect(data_dir / "nonstop.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [state for (state,) in database.execute("SELECT desired_state FROM stream")]


def assert_no_secret(text: str, data_dir: Path) -> None:
    with closing(sqlite3.connect(data_dir / "nonstop.db")) as database:
        (encrypted,) = database.execute("SELECT key_encrypted FROM target").fetchone()
    key = Vault.open(data_dir).decrypt(encrypted).reveal()
    assert key not in text
    assert "expire=" not in text
    assert "signature=" not in text


async def test_commands_on_standard_input_put_the_demo_on_air_and_tell_what_was_received(data_dir: Path) -> None:
    async with console(data_dir) as typed:
        typed.type("# the demo", "/stream start playlist:demo mode:direct", "/stream status", "/stream stop")
        typed.end_input()
        assert await typed.finished() == 0, typed.output
    print(typed.output)
    assert typed.output.count(ON_AIR) == 2
    assert re.search(r"took \d+\.\d s", typed.output)
    assert "1280 × 720 at 30 fps" in typed.output
    seconds = re.search(r"Media +(\d+\.\d) s in one session", typed.output)
    assert seconds
    assert float(seconds[1]) > 0  # it is stopped as soon as it is on air
    assert list((data_dir / "recordings").glob("*.flv"))
    assert_no_secret(typed.output + (data_dir / "logs" / "engine.log").read_text(), data_dir)
    assert left_behind(data_dir) == []
    assert desired_states(data_dir) == ["off_air"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_takes_the_demo_off_the_air_and_leaves_nothing(number: signal.Signals, data_dir: Path) -> None:
    async with console(data_dir, stdin=DEVNULL) as idle:
        await idle.until(ON_AIR)
        idle.process.send_signal(number)
        assert await idle.finished() == 128 + number, idle.output
    assert "› /stream start playlist:demo mode:direct" in idle.output
    assert "in one session" in idle.output
    assert "Traceback" not in idle.output
    assert left_behind(data_dir) == []
    assert desired_states(data_dir) == ["off_air"]


@pytest.mark.long
async def test_after_a_kill_nothing_runs_on_and_the_next_console_takes_the_wish_back(data_dir: Path) -> None:
    async with console(data_dir) as killed:
        killed.type("/stream start playlist:demo")
        await killed.until(ON_AIR)
        killed.process.kill()
        await killed.process.wait()
    await until_nothing_is_left(data_dir)
    assert desired_states(data_dir) == ["on_air"]
    async with console(data_dir) as following:
        following.type("/stream start playlist:demo", "/stream stop")
        following.end_input()
        assert await following.finished() == 0, following.output
    assert ON_AIR in following.output
    assert desired_states(data_dir) == ["off_air"]


async def test_without_a_token_everything_is_the_console_and_a_failed_command_makes_its_exit_code_1(
    data_dir: Path,
) -> None:
    async with console(data_dir, command="up") as typed:
        typed.type("/stream list", "/stream start playlist:demo to:nowhere", "/stream lst")
        typed.end_input()
        assert await typed.finished() == 1
    assert typed.output.startswith("No Discord token is set, so this is the console.")
    assert "There are no streams yet." in typed.output
    assert "There is no target “nowhere”." in typed.output
    assert "Did you mean /stream list?" in typed.output
    assert left_behind(data_dir) == []


@pytest.mark.long
async def test_a_second_console_with_the_same_data_leaves_the_first_alone(data_dir: Path) -> None:
    async with console(data_dir) as first:
        first.type("/stream start playlist:demo")
        await first.until(ON_AIR)
        async with console(data_dir) as second:
            assert await second.finished() == 69
        assert f"nonstop: Another console is using the data in {data_dir}." in second.output
        assert desired_states(data_dir) == ["on_air"]
        first.type("/stream status", "/stream stop")
        first.end_input()
        assert await first.finished() == 0
    assert first.output.count(ON_AIR) == 2
