"""Many kinds beside each other, each as a stream of its own, so that none can spoil another's verdict."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from streaming.settings import EncodeMode
from tests.matrix.judge import Finding, judge
from tests.matrix.kinds import Kind
from tests.matrix.playing import Run, play
from tests.standins.ingest import Ingest

SHELF = Path(__file__).parents[2] / ".pytest_cache" / "d" / "matrix"
"""Where the files are kept; pytest's cache has the same place for them."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be played, and how."""

    kind: Kind
    mode: EncodeMode


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
    few, drawing = asyncio.Semaphore(beside), asyncio.Semaphore(2)

    async def find(each: Wanted, ingest: Ingest) -> Finding:
        async with drawing:
            await asyncio.to_thread(each.kind.draw, shelf)
        async with few:
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
