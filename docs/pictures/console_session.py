"""A recording of the console: a real engine plays the demo to the local ingest for a minute and a half."""

import asyncio
import io
import os
import sys
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from bot.console import session
from streaming import settings
from streaming.database import migrate

COMMANDS = ((0, "/stream start playlist:demo mode:direct"), (30, "/stream status"), (5, "/stream skip"))
"""What is typed, and how many seconds after the command before."""
FIRST_SHOWN = "/stream status"
"""The picture begins here: the card of the start looks much the same."""

_COLUMNS = 90
_TEMPLATE = Path(__file__).with_name("console.template.svg").read_text()


def _theme(ground: str, text: str, colours: str) -> TerminalTheme:
    ground_rgb, text_rgb, *colours_rgb = [
        (int(code[:2], 16), int(code[2:4], 16), int(code[4:], 16)) for code in (ground, text, *colours.split())
    ]
    return TerminalTheme(ground_rgb, text_rgb, colours_rgb)


_THEMES = {
    "dark": _theme("16181d", "dedbd5", "3c3f48 e4605c 59b878 e8b04b 6e96f0 be82dc 62b8c4 dedbd5"),
    "light": _theme("faf9f6", "2c2e34", "2c2e34 be3230 247a46 a0680a 325ac8 8640aa 14707e 787a82"),
}


def pictures() -> dict[str, str]:
    """What the console showed, as SVG, by theme. Takes a minute and a half, and the settings' data folder."""
    migrate(settings.load().database_url)
    screen = asyncio.run(_record())
    return {
        theme: screen.export_svg(title="", theme=colours, code_format=_TEMPLATE, unique_id="c", clear=False)
        for theme, colours in _THEMES.items()
    }


async def _record() -> Console:
    screen = Console(record=True, width=_COLUMNS, highlight=False, file=io.StringIO())
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
