"""A recording of the console: a real engine plays the demo to the local ingest for a minute and a half."""

import asyncio
import os
import sys

from rich.console import Console

from bot.console import session
from docs.pictures import terminal
from streaming import settings
from streaming.storage.database import migrate

COMMANDS = ((0, "/stream start playlist:demo mode:direct"), (30, "/stream status"), (5, "/stream skip"))
"""What is typed, and how many seconds after the command before."""
FIRST_SHOWN = "/stream status"
"""The picture begins here: the card of the start looks much the same."""


def pictures() -> dict[str, str]:
    """What the console showed, as SVG, by theme. Takes a minute and a half, and the settings' data folder."""
    migrate(settings.load().database_url)
    return terminal.pictures(asyncio.run(_record()))


async def _record() -> Console:
    screen = terminal.screen()
    reading, writing = os.pipe()
    os.dup2(reading, sys.stdin.fileno())
    typing = asyncio.create_task(_type(writing, screen))
    await session._run(settings.load(), screen, ())  # noqa: SLF001  (its public door has a screen of its own)
    await typing
    return screen


async def _type(writing: int, screen: Console) -> None:
    with os.fdopen(writing, "w", buffering=1) as lines:
        for pause_seconds, command in COMMANDS:
            await asyncio.sleep(pause_seconds)
            if command == FIRST_SHOWN:
                screen.export_text()  # and forget it
            lines.write(f"{command}\n")
