"""Text of others, made safe to stand beside ours and short enough; and moments and durations."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from bot.ui.words import numbers
from streaming.model.text import is_blank

_SPECIAL = re.compile(r"([\\*_~`|<>\[\]#])")
_LOOKED_AT = 4
"""Of a text, so many times its limit is looked at: titles may be endless, and most of one invisible."""
_ZERO_WIDTH_JOINER = "\u200d"
_ZERO_WIDTH_SPACE = "\u200b"


def safe(text: str, limit: int) -> str:
    """Text of others in at most `limit` visible characters, with all markup, mentions and invisible tricks disarmed."""
    escaped = _SPECIAL.sub(r"\\\1", visible(text, limit))
    return escaped.replace("@", f"@{_ZERO_WIDTH_SPACE}").replace("://", f":{_ZERO_WIDTH_SPACE}//")


def named(title: str, limit: int) -> str:
    """A title or name of others, made safe; one with nothing to see in it gets something to be called by."""
    return safe(title, limit) or numbers.UNTITLED


def visible(text: str, limit: int) -> str:
    """Text of others in one line, at most `limit` characters of it, as it is where Discord knows no markup.

    Nothing, where there is nothing to see in it.
    """
    text = text[: _LOOKED_AT * limit]
    seen = "".join(c for c in text if c == _ZERO_WIDTH_JOINER or unicodedata.category(c) not in ("Cf", "Co", "Cs"))
    line = " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in seen).split())
    if is_blank(line):
        return ""
    return line if len(line) <= limit else line[: limit - 1] + "…"


def linked(text: str, address: str, limit: int) -> str:
    """The text as a link to a web page, or alone when the address is none."""
    is_address = re.fullmatch(r"https?://[^\s()<>]{1,200}", address)
    return f"[{named(text, limit)}]({address})" if is_address else named(text, limit)


def duration(seconds: float) -> str:
    """`4:05`, or `1:02:03` from an hour on."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def since(moment: datetime) -> str:
    """How long ago, as each reader's own Discord tells it."""
    return f"<t:{int(moment.timestamp())}:R>"


def fitting(lines: Iterable[str], limit: int) -> str:
    """As many of the lines as fit, and how many do not."""
    lines = list(lines)
    for count in range(len(lines), 0, -1):
        left_out = len(lines) - count
        joined = "\n".join(lines[:count] + [numbers.more(left_out)] * bool(left_out))
        if len(joined) <= limit:
            return joined
    return ""
