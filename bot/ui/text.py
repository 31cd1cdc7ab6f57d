"""Every word people read, and how text of others is made safe to stand beside it."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from streaming.control.status import StreamState
from streaming.models import TargetKind, UplinkState

COMMANDS = {
    "stream": "Put playlists on air and see how they do",
    "stream start": "Put a playlist on air",
    "stream stop": "Take a stream off the air",
    "stream skip": "Go on to the next item",
    "stream status": "See how a stream does, or all of them",
    "stream list": "List the streams of this server",
    "target": "Say where streams may go",
    "target add": "Add a target; the stream key is asked for in a form only you see",
    "target list": "List the targets of this server",
    "target remove": "Forget a target and its stream key",
}
OPTIONS = {
    "playlist": "A saved playlist, or any of YouTube's (or a video) as an address or id, or demo",
    "mode": "How the videos reach the stream (default: direct, without downloading)",
    "to": "Where to: a target, or several with commas (default: the only one)",
    "title": "What the stream is called here (default: the playlist's id)",
    "description": "A note for people who look at it",
    "shuffle": "Play in random order (default: no)",
    "loop": "Begin again at the end (default: yes)",
    "encode": "Encode the video again? auto: when needed; copy: never (default: auto)",
    "stream": "Which stream (default: the only one on air)",
    "platform": "Whose ingest it is",
    "name": "What the target is called here (default: the platform)",
    "target": "Which target",
}
PLATFORMS = {
    TargetKind.YOUTUBE: "YouTube",
    TargetKind.TWITCH: "Twitch",
    TargetKind.KICK: "Kick",
    TargetKind.FACEBOOK: "Facebook",
    TargetKind.CUSTOM: "Another ingest (RTMP)",
    TargetKind.LOCAL: "This machine",
}
STATES = {
    StreamState.OFF_AIR: "⚫ Off air",
    StreamState.NO_ENGINE: "🟠 Waiting for an engine",
    StreamState.WAITING: "🔵 Starting",
    StreamState.STARTING: "🔵 Starting",
    StreamState.LISTING: "🔵 Listing the playlist",
    StreamState.RESOLVING: "🔵 Fetching the first video",
    StreamState.CONNECTING: "🔵 Connecting",
    StreamState.ON_AIR: "🟢 On air",
    StreamState.SLATE: "🟠 On air with the slate",
    StreamState.RECONNECTING: "🟠 Reconnecting",
    StreamState.STOPPING: "⚫ Stopping",
    StreamState.ENDED: "⚫ Played to its end",
    StreamState.STOPPED: "⚫ Off air",
    StreamState.FAILED: "🔴 Failed",
}
LIGHTS = {
    None: "⚫ idle",
    UplinkState.CONNECTING: "🔵 connecting",
    UplinkState.LIVE: "🟢 live",
    UplinkState.RETRYING: "🟠 retrying",
    UplinkState.REFUSED: "🔴 refused",
    UplinkState.ENDED: "⚫ ended",
}

STEPS = ("listing", "first video", "connecting", "on air")
TARGETS = "Targets"
ON_AIR = "On air"
OVER = "Over"
HEALTH = "Health"
PLAYLIST = "Playlist"
PICTURE = "Picture"
COPIED = "copied"
ENCODED = "encoded"
SHUFFLED = "shuffled"
LOOPED = "looped"
ONCE = "once"
NO_GAPS = "no gaps"

FAILURE = "That did not work"
UNEXPECTED = "Something went wrong that should not have."
UNEXPECTED_HINT = "Try again; if it happens again, tell the operator this number, which is in the log: {reference}"
DATABASE_AWAY = "The database cannot be used at the moment. What is on air stays there."
DATABASE_AWAY_HINT = "Try again in a minute; if it lasts, tell the operator: the log says what is wrong with it."
OUTDATED = "This command has changed since Discord showed it to you."
OUTDATED_HINT = "Wait a minute, reload Discord, and try again."
SERVER_ONLY = "Streams belong to a server."
SERVER_ONLY_HINT = "Use this command in one."
FAILED_HINT = "See what it says above, then use /stream start again."
STILL_STARTING = "It is still on its way to air. This message is too old to follow it: use /stream status."
NO_STREAMS = "There is no stream yet. Start one with **/stream start**."
NO_TARGETS = "There is no target yet. Add one with **/target add**."
KEY_LABEL = "Stream key"
KEY_HELP = "From the platform's live dashboard. It is stored encrypted and never shown again."
URL_LABEL = "Ingest URL"
URL_HELP = "Begins with rtmp:// or rtmps://, without the key"
MODAL_TITLE = "Add a target"

_SPECIAL = re.compile(r"([\\*_~`|<>\[\]#])")
_LOOKED_AT = 4
"""Of a text, so many times its limit is looked at: titles may be endless, and most of one invisible."""
_ZERO_WIDTH_JOINER = "\u200d"
_ZERO_WIDTH_SPACE = "\u200b"


def safe(text: str, limit: int) -> str:
    """Text of others in at most `limit` visible characters, with all markup, mentions and invisible tricks disarmed."""
    escaped = _SPECIAL.sub(r"\\\1", visible(text, limit))
    return escaped.replace("@", f"@{_ZERO_WIDTH_SPACE}").replace("://", f":{_ZERO_WIDTH_SPACE}//")


def visible(text: str, limit: int) -> str:
    """Text of others in one line, at most `limit` characters of it, as it is where Discord knows no markup."""
    text = text[: _LOOKED_AT * limit]
    seen = "".join(c for c in text if c == _ZERO_WIDTH_JOINER or unicodedata.category(c) not in ("Cf", "Co", "Cs"))
    line = " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in seen).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def linked(text: str, address: str, limit: int) -> str:
    """The text as a link to a web page, or alone when the address is none."""
    is_address = re.fullmatch(r"https?://[^\s()<>]{1,200}", address)
    return f"[{safe(text, limit)}]({address})" if is_address else safe(text, limit)


def duration(seconds: float) -> str:
    """`4:05`, or `1:02:03` from an hour on."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def what_to_do(hint: str) -> str:
    """The way out, after what went wrong."""
    return f"**What to do:** {hint}"


def next_up(title: str) -> str:
    """What follows what is on air."""
    return f"Next: {title}"


def took(seconds: float) -> str:
    """How long it took to air."""
    return f", after {seconds:.1f} s"


def rate(speed: float, kbps: float) -> str:
    """How fast media goes out: 1.00 × keeps time."""
    return f"{speed:.2f} × · {kbps:,.0f} kbit/s"


def ahead(seconds: float) -> str:
    """How far preparing is ahead of sending."""
    return f"{seconds:.0f} s ahead"


def slate(seconds: float) -> str:
    """How long the slate was on air."""
    return f"slate for {seconds:,.0f} s"


def rerun(seconds: float) -> str:
    """How long earlier items stood in."""
    return f"reruns for {seconds:,.0f} s"


def reconnected(count: int) -> str:
    """How often targets had to be connected to again."""
    return f"{count:,} × reconnected"


def missed(seconds: float) -> str:
    """How much a target did not get."""
    return f"{seconds:,.0f} s missed"


def played(items: int, listed: int) -> str:
    """How far it is through its list."""
    return f"{items:,} of {listed:,} played"


def encode_mode(mode: str) -> str:
    """What was asked for, while it is not known what is done."""
    return f"encode {mode}"


def urls_expire(moment: datetime) -> str:
    """How long the addresses of what is being read are good."""
    return f"URLs expire {since(moment)}"


def engine(name: str) -> str:
    """Which engine, named after its host."""
    return f"engine {name}"


def since(moment: datetime) -> str:
    """How long ago, as each reader's own Discord tells it."""
    return f"<t:{int(moment.timestamp())}:R>"


def fitting(lines: Iterable[str], limit: int) -> str:
    """As many of the lines as fit, and how many do not."""
    lines = list(lines)
    for count in range(len(lines), 0, -1):
        left_out = len(lines) - count
        joined = "\n".join(lines[:count] + [f"… and {left_out} more"] * bool(left_out))
        if len(joined) <= limit:
            return joined
    return ""
