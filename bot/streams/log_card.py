"""The card of a stream's log."""

from collections.abc import Sequence

from discord import Embed

from bot.cards import text
from bot.cards.basic import BLUE
from bot.i18n.messages import render
from bot.i18n.words import streams as words
from streaming.services.streams import LogLine

_DESCRIPTION_LIMIT = 4000


def log(title: str, lines: Sequence[LogLine]) -> Embed:
    """The log of the stream with a title, or of the whole server without one; the newest line comes last.

    When not all lines fit, the oldest are left out.
    """
    card = Embed(title=words.LOG.format(title=text.named(title, 100)) if title else words.LOG_OF_SERVER, colour=BLUE)
    shown: list[str] = []
    room = _DESCRIPTION_LIMIT
    for line in map(_line, reversed(lines)):
        room -= len(line) + 1
        if room < 0:
            break
        shown.insert(0, line)
    card.description = "\n".join(shown) or words.NO_LINES
    return card


def _line(line: LogLine) -> str:
    who = "👤 " if line.actor_id is not None else ""
    stream = f"**{text.named(line.stream, 40)}** " if line.stream else ""
    told = text.safe(render(line.message), 300)
    return f"<t:{int(line.at.timestamp())}:T> {words.LEVELS[line.level]}{who}{stream}{told}"
