"""`python -m tests.chaos`: the table of goals, random faults, and the long run."""

import argparse
import asyncio
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from tests.chaos import random_faults, soak, table
from tests.chaos.scenery import Scenery
from tests.chaos.stage import Staging

console = Console(file=sys.stdout, highlight=False, width=None if sys.stdout.isatty() else 150)


@contextmanager
def _place(keep: Path | None) -> Iterator[Path]:
    """Where everything of one run is: a folder to look into afterwards, or one that goes away.

    What the stand-ins have to say goes there too: connections are broken all the time, and they tell of each.
    """
    with ExitStack() as stack:
        if keep:
            keep.mkdir(parents=True)
        folder = keep or Path(stack.enter_context(TemporaryDirectory(prefix="ns-chaos-")))
        stack.enter_context(redirect_stdout(stack.enter_context((folder / "stand-ins.log").open("w"))))
        yield folder


async def _table(asked: argparse.Namespace) -> bool:
    rows = [row for row in table.ROWS if _is_chosen(row, asked)]
    with _place(asked.keep) as folder:
        async with Staging(folder, Scenery()) as stage:
            done = await table.do(stage, rows, console)
            tapes = await stage.ingests.cut()
        judged = await asyncio.to_thread(table.judge, done, tapes, stage.scenery)
        return table.show(judged, stage.scenery, console)


def _is_chosen(row: table.Row, asked: argparse.Namespace) -> bool:
    if asked.only:
        return any(words in row.name for words in asked.only)
    return not (asked.brief and row.is_long)


async def _random(asked: argparse.Namespace) -> bool:
    seconds = asked.minutes * 60
    scenery = replace(Scenery(), videos=max(60, round(2 * asked.minutes)))
    planned = random_faults.plan(asked.seed, seconds, scenery)
    console.print(f"Seed {asked.seed}, {asked.minutes:g} minutes, {len(planned)} faults")
    if asked.plan:
        console.print("\n".join(map(str, planned)))
        return True
    with _place(asked.keep) as folder:
        async with Staging(folder, scenery) as stage:
            carried = await random_faults.carry_out(stage, planned, seconds, console)
            tapes = await stage.ingests.cut()
        reports = await asyncio.to_thread(random_faults.judge, carried, tapes, scenery)
        plain_gaps = random_faults.yardstick_gaps(carried, tapes, min(table.GAP_SECONDS.values()))
        return random_faults.show(carried, reports, plain_gaps, console)


async def _soak(asked: argparse.Namespace) -> bool:
    with _place(asked.keep) as folder:
        async with Staging(folder, Scenery()) as stage:
            samples = await soak.watch(stage, asked.hours * 3600, console)
    return soak.show(samples, console)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    commands = parser.add_subparsers(required=True)
    rows = commands.add_parser("table", help="every row of the goals, one after the other")
    rows.add_argument("--only", action="append", metavar="WORDS", help="rows with these words in their name")
    rows.add_argument("--brief", action="store_true", help="without the rows that take minutes")
    rows.set_defaults(run=_table)
    drawn = commands.add_parser("random", help="random faults, and the account of every second")
    drawn.add_argument("--seed", type=int, default=1, help="the same seed makes the same plan")
    drawn.add_argument("--minutes", type=float, default=30.0)
    drawn.add_argument("--plan", action="store_true", help="only print what would be done")
    drawn.set_defaults(run=_random)
    long = commands.add_parser("soak", help="hours without a fault: nothing may grow")
    long.add_argument("--hours", type=float, default=12.0)
    long.set_defaults(run=_soak)
    for command in (rows, drawn, long):
        command.add_argument("--keep", type=Path, metavar="FOLDER", help="keep recordings and logs in a new folder")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Gives the exit code: 1 when something promised was missed."""
    asked = _parser().parse_args(arguments)
    return 0 if asyncio.run(asked.run(asked)) else 1


if __name__ == "__main__":
    sys.exit(main())
