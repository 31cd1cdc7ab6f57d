"""Words of streams: commands, states, cards, logs."""

from bot.i18n.numbers_en import decimal, whole
from streaming.model.states import LogLevel, UplinkState
from streaming.services.status import StreamState

COMMANDS = {
    "stream": "Put playlists on air and see how they do",
    "stream start": "Put a playlist on air",
    "stream stop": "Take a stream off the air",
    "stream skip": "Go on to the next item",
    "stream status": "See how a stream does, or all of them",
    "stream list": "List the streams of this server",
    "stream restart": "Take a stream off the air and put it on again, from the beginning",
    "stream edit": "Change a stream: its name, its order, its picture",
    "stream delete": "Forget a stream and all that was recorded of it",
    "stream logs": "See what happened, and who did what",
    "stream preview": "See a picture of what is on air",
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
    "chart": "How far back the health chart goes (default: 1h)",
    "new_title": "What the stream is called from now on",
    "new_description": "A note for people who look at it",
    "new_encode": "Encode the video again? It takes effect at the next start",
    "new_shuffle": "Play in random order, from now on",
    "new_loop": "Begin again at the end, from now on",
    "delete": "Which stream",
    "confirm": "Do not ask again (default: ask)",
    "log_of": "Which stream (default: everything on this server)",
    "lines": "How many lines (default: 20)",
    "level": "Only lines of this kind",
}
CHOICES = {"info": "info", "warning": "warning", "error": "error"}
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
"""A light, which sets the card's colour, and a phrase whose first letter lists put in lower case."""
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

DELETE_QUESTION = "🗑️ Delete {title}?"
DELETE_MORE = "Its queue, its history and its log are forgotten. Its targets stay."
DELETE_BUTTONS = {"yes": "Delete", "no": "Keep"}
DELETED = "⚫ Deleted {title}"
KEPT = "Nothing was deleted."
LOG = "📜 {title}"
LOG_OF_SERVER = "📜 This server"
NO_LINES = "There is nothing in the log."
LEVELS = {LogLevel.INFO: "", LogLevel.WARNING: "🟠 ", LogLevel.ERROR: "🔴 "}


def streams(on_air: int) -> str:
    """The title of a list."""
    return f"Streams · {on_air} on air"


def next_up(title: str) -> str:
    """The item after the present one."""
    return f"Next: {title}"


def took(seconds: float) -> str:
    """The time a start took."""
    return f", after {decimal(seconds, 1)} s"


def rate(speed: float, kbps: float) -> str:
    """Speed and bitrate of sending; 1.00 × is real time."""
    return f"{decimal(speed, 2)} × · {whole(kbps)} kbit/s"


def ahead(seconds: float) -> str:
    """The lead of preparing over sending."""
    return f"{whole(seconds)} s ahead"


def slate(seconds: float) -> str:
    return f"slate for {whole(seconds)} s"


def rerun(seconds: float) -> str:
    """How long earlier items were repeated for lack of others."""
    return f"reruns for {whole(seconds)} s"


def reconnected(count: int) -> str:
    return f"{whole(count)} × reconnected"


def missed(seconds: float) -> str:
    """Media a target did not get."""
    return f"{whole(seconds)} s missed"


def played(items: int, listed: int) -> str:
    """Progress through the playlist."""
    return f"{whole(items)} of {whole(listed)} played"


def encode_mode(mode: str) -> str:
    """The requested mode, until the engine has decided."""
    return f"encode {mode}"


def urls_expire(when: str) -> str:
    """When the URLs of the present media expire; `when` is a timestamp of Discord's."""
    return f"URLs expire {when}"


def engine(name: str) -> str:
    """The engine by its host's name."""
    return f"engine {name}"
