"""`python -m tests.matrix [--mode MODE] [KIND …]`: plays kinds of odd items and says what viewers got."""

import argparse
import asyncio
import logging
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from streaming.model.states import EncodeMode
from tests.matrix import record, table
from tests.matrix.judge import Finding
from tests.matrix.kinds import MODES, Kind, all_kinds
from tests.matrix.running import SHELF, Wanted, run_all

_LINES = 12
"""Of a log, of something that went wrong."""


class Tracebacks(logging.Handler):
    """Counts what an operator would find in the log as a traceback."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.last = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Takes a record of any logger."""
        if record.exc_info and record.exc_info[1]:
            self.count += 1
            self.last = f"{record.name}: {record.exc_info[1]!r}"


def told(finding: Finding, *, with_log: bool) -> str:
    """A line of verdict, with the evidence behind it."""
    evidence = [
        f"{finding.sessions} session{'s' if finding.sessions != 1 else ''}",
        f"played {_figure(finding.played_seconds, '.2f')} s",
        f"gap {_figure(finding.longest_gap_ms, '.0f')} ms",
        f"hole {_figure(finding.longest_hole_ms, '.0f')} ms",
        f"wait {_figure(finding.longest_wait_seconds, '.1f')} s",
        f"lip-sync {_figure(finding.lip_sync_ms, '+.0f')} ms",
        f"circle {_figure(finding.roundness, '.2f')}",
        f"GOP {_figure(finding.longest_gop_seconds, '.1f')} s",
        f"{_figure(finding.video_kbps, '.0f')} kbit/s",
        finding.seen,
        " → ".join(finding.treatments),
        finding.reason,
    ]
    verdict = "ok  " if finding.is_good else "FAIL"
    head = f"{verdict} {finding.mode:6} {finding.kind.name:28} {'; '.join(filter(None, evidence))}"
    problems = [f"       ! {problem}" for problem in finding.problems]
    log = [f"       | {line}" for line in finding.lines[:_LINES]] if with_log else []
    return "\n".join([head, *problems, *log])


def _figure(value: float | None, form: str) -> str:
    return "?" if value is None else format(value, form)


def draw(kinds: Sequence[Kind]) -> int:
    """Makes the files; 1 when one cannot be made."""
    failed = 0
    for kind in kinds:
        try:
            print(kind.draw(SHELF))
        except (subprocess.CalledProcessError, ValueError) as error:
            failed += 1
            print(f"{kind.name}: {error}\n{getattr(error, 'stderr', '')}")
    return 1 if failed else 0


def _load() -> str:
    """How busy the machine is: what is prepared too late on a busy one shows as a slate."""
    return f"at a load of {os.getloadavg()[1]:.1f} on {os.cpu_count()} cores"


def main(arguments: Sequence[str] | None = None) -> int:
    """Plays what is asked for; 1 when anything is not as it should be."""
    known = all_kinds()
    parser = argparse.ArgumentParser(prog="python -m tests.matrix", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"one of: {', '.join(known)}")
    parser.add_argument("--mode", choices=[str(mode) for mode in MODES], action="append", help="all, if not given")
    parser.add_argument(
        "--beside", type=int, default=6, help="how many streams are on air at once, if the machine is not busy"
    )
    parser.add_argument("--draw", action="store_true", help="only make the files")
    parser.add_argument("--keep", type=Path, help="a folder for the recordings")
    parser.add_argument("--table", type=Path, help="write the table of kinds and modes, by their latest runs")
    parser.add_argument("--log", action="store_true", help="show the log of good ones too")
    asked = parser.parse_args(arguments)
    unknown = sorted(set(asked.kinds) - set(known))
    if unknown:
        parser.error(f"there is no kind {', '.join(unknown)}")
    kinds: list[Kind] = [known[name] for name in asked.kinds] or list(known.values())
    if asked.draw:
        SHELF.mkdir(parents=True, exist_ok=True)
        return draw(kinds)
    modes = [EncodeMode(mode) for mode in asked.mode or MODES]
    began_at = time.monotonic()
    tracebacks = Tracebacks()
    logging.getLogger().addHandler(tracebacks)

    def tell(finding: Finding) -> None:
        record.keep(SHELF, finding)
        print(told(finding, with_log=asked.log or not finding.is_good), flush=True)

    wanted = [Wanted(kind, mode) for mode in modes for kind in kinds]
    findings = asyncio.run(run_all(wanted, SHELF, beside=asked.beside, tell=tell, keep=asked.keep))
    if asked.table:
        every = list(known.values())
        asked.table.write_text(table.written(every, record.kept(SHELF, every)))
    bad = [finding for finding in findings if not finding.is_good]
    seconds = time.monotonic() - began_at
    print(f"{len(findings) - len(bad)} of {len(findings)} as they should be, in {seconds:.0f} s, {_load()}.")
    print(f"{tracebacks.count} tracebacks in the log{': ' if tracebacks.count else ''}{tracebacks.last}.")
    return 1 if bad or tracebacks.count else 0


if __name__ == "__main__":
    sys.exit(main())
