"""Makes text of others safe and short enough for cards; formats moments and durations."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from bot.i18n.words import numbers
from streaming.model.text import is_blank

_SPECIAL = re.compile(r"([\\*_~`|<>\[\]#])")
_LOOKED_AT = 4
"""Only this many times the limit is read of a text, as titles may be endless or mostly invisible."""
_ZERO_WIDTH_JOINER = "\u200d"
_ZERO_WIDTH_SPACE = "\u200b"


def safe(text: str, limit: int) -> str:
    """Text of others in at most `limit` visible characters, without working markup, mentions or links."""
    escaped = _SPECIAL.sub(r"\\\1", visible(text, limit))
    return escaped.replace("@", f"@{_ZERO_WIDTH_SPACE}").replace("://", f":{_ZERO_WIDTH_SPACE}//")


def named(title: str, limit: int) -> str:
    """A safe title or name of others, or a stand-in where nothing of it is visible."""
    return safe(title, limit) or numbers.UNTITLED


def visible(text: str, limit: int) -> str:
    """Text of others in one line of at most `limit` characters, for places where Discord renders no markup.

    Empty where nothing of it is visible.
    """
    text = text[: _LOOKED_AT * limit]
    seen = "".join(c for c in text if c == _ZERO_WIDTH_JOINER or unicodedata.category(c) not in ("Cf", "Co", "Cs"))
    line = " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in seen).split())
    if is_blank(line):
        return ""
    return line if len(line) <= limit else line[: limit - 1] + "…"


def linked(text: str, address: str, limit: int) -> str:
    """The text as a link; without one where the address is not that of a web page."""
    is_address = re.fullmatch(r"https?://[^\s()<>]{1,200}", address)
    return f"[{named(text, limit)}]({address})" if is_address else named(text, limit)


def duration(seconds: float) -> str:
    """`4:05`, or `1:02:03` from an hour on."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def since(moment: datetime) -> str:
    """A relative time that each reader's Discord client renders and updates."""
    return f"<t:{int(moment.timestamp())}:R>"


def fitting(lines: Iterable[str], limit: int) -> str:
    """As many of the lines as fit, and the number of those left out."""
    lines = list(lines)
    for count in range(len(lines), 0, -1):
        left_out = len(lines) - count
        joined = "\n".join(lines[:count] + [numbers.more(left_out)] * bool(left_out))
        if len(joined) <= limit:
            return joined
    return ""
