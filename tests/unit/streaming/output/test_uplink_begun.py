"""An uplink that comes to nothing leaves nothing open, and holds up nobody."""

import asyncio
from pathlib import Path

import psutil
import pytest

from streaming.output import uplink as module
from streaming.output.uplink import Destination, Uplink
from streaming.process.subprocesses import Child
from streaming.redaction.secrets import Secret
from streaming.timeline.program import Program


def uplink(folder: Path, program: Program) -> Uplink:
    destination = Destination(1, "main", Secret("rtmp://localhost/live/key"))
    return Uplink("ffmpeg", destination, program, folder, on_error_line=lambda _: None, on_change=lambda: None)


async def test_cancelled_while_its_ffmpeg_starts_it_closes_its_pipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_starting = asyncio.Event()

    async def start(*_: object, **__: object) -> Child:
        is_starting.set()
        return await asyncio.Future()

    monkeypatch.setattr(Child, "start", start)
    program = Program(lead_seconds=10.0)
    under_test = uplink(tmp_path, program)
    before = psutil.Process().num_fds()
    running = asyncio.create_task(under_test.run())
    async with asyncio.timeout(10):
        await is_starting.wait()
    running.cancel()
    await asyncio.wait([running])
    assert psutil.Process().num_fds() == before
    assert not under_test.position.is_connected


async def test_without_a_descriptor_for_its_pipe_it_is_not_taken_for_connected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_pipe() -> None:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(module, "ProgressPipe", no_pipe)
    under_test = uplink(tmp_path, Program(lead_seconds=10.0))
    with pytest.raises(OSError, match="Too many"):
        await under_test._publish()
    assert not under_test.position.is_connected
