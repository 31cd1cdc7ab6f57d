"""What is opened while whoever waits for it is cancelled is closed."""

import asyncio
import gc
import os
import warnings
from io import RawIOBase
from pathlib import Path

from streaming.process.acquire import opened
from streaming.process.scheduler import Scheduler
from streaming.sources.file import FileReader


class Door:
    """Something to be opened and closed."""

    is_open = False

    def __init__(self) -> None:
        self.may_open = asyncio.Event()
        self.was_closed = asyncio.Event()

    async def open(self) -> "Door":
        await self.may_open.wait()
        self.is_open = True
        return self

    def close(self) -> None:
        self.is_open = False
        self.was_closed.set()


async def test_what_nobody_waits_for_any_more_is_closed_when_it_is_open() -> None:
    door = Door()
    waiting = asyncio.create_task(opened(door.open(), close=Door.close))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait({waiting})
    assert waiting.cancelled()
    door.may_open.set()
    await asyncio.wait_for(door.was_closed.wait(), 5)


async def test_what_is_opened_at_the_moment_of_cancelling_is_closed() -> None:
    door = Door()
    door.may_open.set()
    waiting = asyncio.create_task(opened(door.open(), close=Door.close))
    while not door.is_open:
        await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait({waiting})
    await asyncio.wait_for(door.was_closed.wait(), 5)


async def test_file_being_opened_for_somebody_who_leaves_is_closed(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)  # is opened when somebody writes to it
    reader = FileReader(pipe)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", ResourceWarning)
        reading = asyncio.create_task(anext(reader.read(0, 1), None))
        async with asyncio.timeout(5):
            while reader.length_bytes is None:
                await asyncio.sleep(0)
        await asyncio.sleep(0)
        reading.cancel()
        await asyncio.wait({reading})
        with pipe.open("wb", buffering=0) as writer:
            async with asyncio.timeout(5):
                while has_a_reader(writer):
                    await asyncio.sleep(0)
        gc.collect()
    assert not told


async def test_jobs_have_ended_when_their_scheduler_has() -> None:
    steps: list[str] = []
    begun = asyncio.Event()

    async def job() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            steps.append("closed what it had open")

    scheduler = Scheduler()
    scheduler.start()
    scheduler.add_job(job)
    await asyncio.wait_for(begun.wait(), 5)
    await scheduler.end()
    assert steps == ["closed what it had open"]


def has_a_reader(pipe: RawIOBase) -> bool:
    try:
        pipe.write(b"x")
    except BrokenPipeError:
        return False
    return True
