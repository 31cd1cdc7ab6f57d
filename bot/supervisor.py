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
from streaming.model.errors import EXIT_CONFIGURATION, EXIT_USAGE
from streaming.process.subprocesses import Child

_log = logging.getLogger(__name__)

_FINAL = (0, EXIT_USAGE, EXIT_CONFIGURATION)
"""Exit codes that a restart would not change."""
_CANNOT_START = 71
"""EX_OSERR of sysexits.h."""
_FIRST_DELAY_SECONDS = 1.0
_LONGEST_DELAY_SECONDS = 60.0
_STEADY_SECONDS = 60.0
"""A process that ran this long is restarted after the first delay."""
_JITTER = 0.25
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
        first_delay_seconds: float = _FIRST_DELAY_SECONDS,
    ) -> None:
        program, *words = command
        self.name = name
        self._command = [sys.executable if program == "python" else program, *words]
        self._show = show or _to_standard_error
        self._first_delay_seconds = first_delay_seconds

    async def run(self) -> int:
        """Runs and restarts it until it ends for good; returns that exit code."""
        delay_seconds = self._first_delay_seconds
        while True:
            began_at = time.monotonic()
            try:
                code = await self._run_once()
            except OSError as error:
                _log.error("The %s cannot be started: %s", self.name, error)
                code = _CANNOT_START
            if code in _FINAL:
                return code
            if time.monotonic() - began_at > _STEADY_SECONDS:
                delay_seconds = self._first_delay_seconds
            _log.warning("The %s ended (%d). It is started again in %.0f s", self.name, code, delay_seconds)
            await asyncio.sleep(delay_seconds * random.uniform(1 - _JITTER, 1 + _JITTER))
            delay_seconds = min(2 * delay_seconds, _LONGEST_DELAY_SECONDS)

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
