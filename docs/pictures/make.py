"""Draws the README's pictures with the bot's own card code: `.venv/bin/python -m docs.pictures.make`.

They are `discord-*.svg`, the card of an example stream, and `console-*.svg`, a recorded session; each for light and for
dark. Nothing is needed that the bot does not need.
"""

from pathlib import Path

from docs.pictures import console_session, discord_card

FOLDER = Path(__file__).parent


def main() -> None:
    """Draws every picture."""
    for name, pictures in (("discord", discord_card.pictures()), ("console", console_session.pictures())):
        for theme, picture in pictures.items():
            (FOLDER / f"{name}-{theme}.svg").write_text(picture)


if __name__ == "__main__":
    main()
