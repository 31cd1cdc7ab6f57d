"""Draws the pictures of these pages with the bot's own card code: `.venv/bin/python -m docs.pictures.make [WHICH]...`

WHICH is `discord` (what people see there; needs Chromium to measure, and draws for dark and light in one file), `check`
(the table of `python -m bot check`) or `console` (a session that is recorded, which takes a minute and a half); all of
them unless some are named.
"""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from docs.pictures import check_table, console_session, discord_messages

FOLDER = Path(__file__).parent
DRAWINGS: Mapping[str, Callable[[], dict[str, str]]] = {
    "discord": discord_messages.pictures,
    "check": lambda: _named("check", check_table.pictures()),
    "console": lambda: _named("console", console_session.pictures()),
}


def _named(name: str, themes: dict[str, str]) -> dict[str, str]:
    return {f"{name}-{theme}": picture for theme, picture in themes.items()}


def main() -> None:
    """Draws what was named."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m docs.pictures.make")
    parser.add_argument("which", nargs="*", metavar="WHICH", help=", ".join(DRAWINGS))
    chosen = parser.parse_args().which
    for which in chosen or DRAWINGS:
        for name, picture in DRAWINGS[which]().items():
            (FOLDER / f"{name}.svg").write_text(picture)


if __name__ == "__main__":
    main()
