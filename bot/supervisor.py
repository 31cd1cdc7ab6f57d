"""`make run` with a token: runs bot and engine of the Procfile and restarts each when it ends.

Honcho would stop all when one ends; `honcho start bot engine` still works.
"""

import asyncio
import logging
import os
import random
import shlex
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from honcho.environ import parse_procfile

from streaming.command_line import configure_logging, run_app, run_or_explain
from streaming.model.backoff import Backoff
from streaming.model.errors import EXIT_CONFIGURATION, EXIT_USAGE
from streaming.process.subprocesses import Child

_log = logging.getLogger(__name__)

_FINAL = (0, EXIT_USAGE, EXIT_CONFIGURATION)
"""Exit codes that a restart would not change."""
_CANNOT_START = 71
"""EX_OSERR of sysexits.h."""
_BACKOFF = Backoff(first_seconds=1.0, cap_seconds=60.0)
_STOPS_WITHIN_SECONDS = 20.0

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def main(procfile: Path, names: Annotated[list[str], typer.Argument()]) -> int:
    """Keep these processes of a Procfile running."""
    configure_logging(logging.INFO)
    commands = parse_procfile(procfile.read_text()).processes
    return run_or_explain(supervise([Process(name, shlex.split(commands[name])) for name in names]))


class Process:
    """A program that is restarted when it ends."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        show: Callable[[str], None] | None = None,
        backoff: Backoff = _BACKOFF,
    ) -> None:
        program, *words = command
        self.name = name
        self._command = [sys.executable if program == "python" else program, *words]
        self._show = show or _to_standard_error
        self._backoff = backoff

    async def run(self) -> int:
        """Runs and restarts it until it ends for good; returns that exit code."""
        failures = 0
        while True:
            began_at = time.monotonic()
            try:
                code = await self._run_once()
            except OSError as error:
                _log.error("The %s cannot be started: %s", self.name, error)
                code = _CANNOT_START
            if code in _FINAL:
                return code
            failures = self._backoff.failures_after(failures, time.monotonic() - began_at)
            delay_seconds = self._backoff.delay_seconds(failures, random.random())
            _log.warning("The %s ended (%d). It is started again in %.1f s", self.name, code, delay_seconds)
            await asyncio.sleep(delay_seconds)

    async def _run_once(self) -> int:
        child = await Child.start(
            self._command,
            stdout=False,
            on_error_line=self._forward,
            environment={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        try:
            return await child.wait()
        finally:
            await child.stop(patience_seconds=_STOPS_WITHIN_SECONDS)

    def _forward(self, line: str) -> None:
        self._show(f"{self.name:<6} | {line}")


async def supervise(processes: Sequence[Process]) -> int:
    """Runs all until cancelled or none is left; returns the exit code of the first that ended for good."""
    running = {asyncio.create_task(process.run(), name=process.name) for process in processes}
    first: int | None = None
    try:
        while running:
            ended, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                first = task.result() if first is None else first
                if running:
                    others = " and ".join(sorted(one.get_name() for one in running))
                    _log.error(
                        "The %s has ended for good (%d); see its last line. The %s goes on",
                        task.get_name(),
                        task.result(),
                        others,
                    )
        return first or 0
    finally:
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)


def _to_standard_error(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201  (what a supervised process says is this one's output)


if __name__ == "__main__":
    run_app(app)
