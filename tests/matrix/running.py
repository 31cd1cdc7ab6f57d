"""Many kinds beside each other, each as a stream of its own, so that none can spoil another's verdict."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from streaming.model.states import EncodeMode
from tests.matrix.judge import Finding, judge
from tests.matrix.kinds import Kind
from tests.matrix.playing import Run, play
from tests.standins.ingest import Ingest

SHELF = Path(__file__).parents[2] / ".pytest_cache" / "d" / "matrix"
"""Where the files are kept; pytest's cache has the same place for them."""
_LEAST_BESIDE = 3
_BUSY_PERCENT = 80.0
_LOOK_EVERY_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be played, and how."""

    kind: Kind
    mode: EncodeMode


class Room:
    """Lets streams go on air as long as the machine has time for them.

    On a busy one an item is prepared too late or encoded too slowly, and the slate that viewers would get says nothing
    about the item.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._on_air = 0
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def one_more(self) -> AsyncIterator[None]:
        """Waits for room, and takes it."""
        async with self._turn:
            while not self._has_some():
                await asyncio.sleep(_LOOK_EVERY_SECONDS)
            self._on_air += 1
            await asyncio.sleep(_LOOK_EVERY_SECONDS)  # what it costs to start shows before the next one comes
        try:
            yield
        finally:
            self._on_air -= 1

    def _has_some(self) -> bool:
        busy = psutil.cpu_percent()  # since it was asked before
        return self._on_air < _LEAST_BESIDE or (self._on_air < self._most and busy < _BUSY_PERCENT)


def _keep(run: Run, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, session in enumerate(run.sessions):
        session.to_flv(folder / f"{run.kind.name}-{run.mode}-{number}.flv")


async def run_all(
    wanted: Sequence[Wanted],
    shelf: Path,
    *,
    beside: int,
    tell: Callable[[Finding], None] = lambda _: None,
    keep: Path | None = None,
) -> list[Finding]:
    """Plays and judges; the findings come in the order of what is wanted, `tell` gets each when it is there."""
    await asyncio.to_thread(shelf.mkdir, parents=True, exist_ok=True)
    room, drawing = Room(beside), asyncio.Semaphore(2)

    async def find(each: Wanted, ingest: Ingest) -> Finding:
        async with drawing:
            await asyncio.to_thread(each.kind.draw, shelf)
        async with room.one_more():
            run = await play(each.kind, each.mode, ingest, shelf)
        if keep:
            await asyncio.to_thread(_keep, run, keep)
        async with drawing:
            finding = await asyncio.to_thread(judge, run)
        run.sessions.clear()
        tell(finding)
        return finding

    async with Ingest() as ingest, asyncio.TaskGroup() as group:
        tasks = [group.create_task(find(each, ingest)) for each in wanted]
    return [task.result() for task in tasks]
