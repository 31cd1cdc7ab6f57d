"""A real bot process at the stand-in: started through the launcher, ended as an operator would end it."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from tests.standins.discord_wire.server import DiscordWire

_ROOT = Path(__file__).parents[3]


@asynccontextmanager
async def running_bot(
    discord: DiscordWire,
    module: str,
    *arguments: str,
    log: Path,
    environment: Mapping[str, str] | None = None,
    stop_within_seconds: float = 10.0,
) -> AsyncIterator[Process]:
    """`python -m MODULE ARGUMENT…` at the stand-in; SIGTERM at the end of the block. What it says goes to `log`."""
    command = [sys.executable, "-m", "tests.standins.discord_wire.launcher", "--", module, *arguments]
    variables = {**os.environ, **discord.environment(), **(environment or {})}
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=_ROOT, env=variables, stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output
        )
    try:
        yield process
    except BaseException as error:
        error.add_note(f"{module} said:\n{_tail(log)}")
        raise
    finally:
        await _end(process, stop_within_seconds)


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-4000:]


async def _end(process: Process, seconds: float) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), seconds)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
