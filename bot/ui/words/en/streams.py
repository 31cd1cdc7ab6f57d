"""Words of streams: their commands, their states, and the card of one."""

from bot.ui.words.en.numbers import decimal, whole
from streaming.control.status import StreamState
from streaming.model.states import UplinkState

COMMANDS = {
    "stream": "Put playlists on air and see how they do",
    "stream start": "Put a playlist on air",
    "stream stop": "Take a stream off the air",
    "stream skip": "Go on to the next item",
    "stream status": "See how a stream does, or all of them",
    "stream list": "List the streams of this server",
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
"""A light, which colours the card, and a word for what comes after it: no noun, for in lists it stands in a line."""
LIGHTS = {
    None: "⚫ idle",
    UplinkState.CONNECTING: "🔵 connecting",
    UplinkState.LIVE: "🟢 live",
    UplinkState.RETRYING: "🟠 retrying",
    UplinkState.REFUSED: "🔴 refused",
    UplinkState.ENDED: "⚫ ended",
}
STEPS = ("listing", "first video", "connecting", "on air")
STILL_STARTING = "It is still on its way to air. This message is too old to follow it: use /stream status."
FAILED_HINT = "See what it says above, then use /stream start again."
NO_STREAMS = "There is no stream yet. Start one with **/stream start**."
NO_TARGET = "no target"
SKIPPED = "⏭️ Skipped"

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


def streams(on_air: int) -> str:
    """The title of a list."""
    return f"Streams · {on_air} on air"


def next_up(title: str) -> str:
    """What follows what is on air."""
    return f"Next: {title}"


def took(seconds: float) -> str:
    """How long it took to air."""
    return f", after {decimal(seconds, 1)} s"


def rate(speed: float, kbps: float) -> str:
    """How fast media goes out: 1.00 × keeps time."""
    return f"{decimal(speed, 2)} × · {whole(kbps)} kbit/s"


def ahead(seconds: float) -> str:
    """How far preparing is ahead of sending."""
    return f"{whole(seconds)} s ahead"


def slate(seconds: float) -> str:
    """How long the slate was on air."""
    return f"slate for {whole(seconds)} s"


def rerun(seconds: float) -> str:
    """How long earlier items stood in."""
    return f"reruns for {whole(seconds)} s"


def reconnected(count: int) -> str:
    """How often targets had to be connected to again."""
    return f"{whole(count)} × reconnected"


def missed(seconds: float) -> str:
    """How much a target did not get."""
    return f"{whole(seconds)} s missed"


def played(items: int, listed: int) -> str:
    """How far it is through its list."""
    return f"{whole(items)} of {whole(listed)} played"


def encode_mode(mode: str) -> str:
    """What was asked for, while it is not known what is done."""
    return f"encode {mode}"


def urls_expire(when: str) -> str:
    """How long the addresses of what is being read are good."""
    return f"URLs expire {when}"


def engine(name: str) -> str:
    """Which engine, named after its host."""
    return f"engine {name}"
