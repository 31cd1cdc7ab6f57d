"""`python -m streaming …` as an operator runs it, seen from outside: what it says, starts, keeps open and leaves."""

import asyncio
import os
import stat
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import psutil

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60.0
_MARK = "NONSTOP_TEST_RUN"
"""A variable that everything a process starts inherits, so that none of it can hide."""
_OURS = ("NONSTOP", "DISCORD_", "DATABASE_URL", "STREAM_TEMP_DIR", "FFMPEG_TIMEOUT")
_MEDIA = {b"\x1a\x45\xdf\xa3": 0, b"ftyp": 4, b"styp": 4, b"moof": 4, b"FLV\x01": 0}
"""How files with media begin, and at which byte."""


class Running:
    """A process, and what it has said so far: `errors` on standard error, `output` on both."""

    def __init__(self, process: Process, mark: str) -> None:
        assert process.stdout
        assert process.stderr
        self.process = process
        self.output = self.errors = ""
        self._mark = mark
        self._heard = asyncio.Event()
        self._listening = asyncio.gather(self._listen(process.stdout), self._listen(process.stderr))

    async def until(self, words: str) -> None:
        """Waits until it has said the words."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while words not in self.output:
                    assert not self._listening.done(), f"ended without {words!r}:\n{self.output}"
                    self._heard.clear()
                    await self._heard.wait()
        except TimeoutError as error:
            error.add_note(f"{words!r} is not in\n{self.output}")
            raise

    async def finished(self) -> int:
        """Waits for its end and gives the exit code."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await asyncio.shield(self._listening)
                return await self.process.wait()
        except TimeoutError as error:
            error.add_note(self.output)
            raise

    def tree(self) -> list[psutil.Process]:
        """It and everything it started, directly or not, that still runs."""
        return [process for process in psutil.process_iter() if _is_marked(process, self._mark)]

    def media_files(self) -> list[Path]:
        """Files with media that any of these processes has open, removed ones too."""
        return [path for process in self.tree() for path in _open_files(process.pid) if holds_media(path)]

    async def _listen(self, stream: asyncio.StreamReader) -> None:
        while chunk := await stream.read(1 << 16):
            self.output += chunk.decode(errors="replace")
            self.errors += chunk.decode(errors="replace") if stream is self.process.stderr else ""
            self._heard.set()
        self._heard.set()


@asynccontextmanager
async def streaming(*arguments: str | Path, folder: Path, **variables: str) -> AsyncIterator[Running]:
    """The command with `folder` to work in; of what could set it up it inherits nothing. Killed with the block."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    mark = uuid4().hex
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "streaming", *map(str, arguments)),
        cwd=folder,
        env={**inherited, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder), _MARK: mark, **variables},
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    running = Running(process, mark)
    try:
        yield running
    finally:
        if process.returncode is None:
            process.kill()
        await running.finished()


def media_in(folder: Path) -> list[Path]:
    """The files below a folder that hold media."""
    return [path for path in folder.rglob("*") if path.is_file() and holds_media(path)]


def holds_media(path: Path) -> bool:
    """Whether a file begins like Matroska, MP4 or FLV."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError:  # it is gone
        return False
    return any(head[at:].startswith(magic) for magic, at in _MEDIA.items())


def _is_marked(process: psutil.Process, mark: str) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE and process.environ().get(_MARK) == mark
    except psutil.Error:
        return False


def _open_files(pid: int) -> Iterator[Path]:
    """The regular files behind a process's descriptors, read through them."""
    descriptors = Path(f"/proc/{pid}/fd")
    try:
        for descriptor in descriptors.iterdir():
            if stat.S_ISREG(descriptor.stat().st_mode):
                yield descriptor
    except OSError:
        return  # the process ended, or closed a file, while we looked
