"""Words of streams: commands, states, cards, logs."""

from bot.i18n.numbers_en import decimal, whole
from streaming.model.states import LogLevel, UplinkState
from streaming.services.status import StreamState

COMMANDS = {
    "stream": "Streams",
    "stream start": "Put a playlist on air",
    "stream stop": "Take a stream off the air",
    "stream skip": "Skip to the next item",
    "stream status": "Show one stream, or all",
    "stream list": "List this server's streams",
    "stream restart": "Stop a stream and start it again from the beginning",
    "stream edit": "Change a stream's title, description, order or encoding",
    "stream delete": "Delete a stream with its history and log",
    "stream logs": "Show what happened and who did what",
    "stream preview": "Show a picture of what is on air",
}
OPTIONS = {
    "playlist": "A saved playlist, a YouTube playlist or video (link or ID), or demo",
    "mode": "How videos reach the stream (default: direct, without downloading)",
    "to": "Which target, or several with commas (default: the only one)",
    "title": "The stream's title here (default: the playlist's ID)",
    "description": "A note shown with the stream",
    "shuffle": "Play in random order (default: no)",
    "loop": "Start over at the end (default: yes)",
    "encode": "When to re-encode the video (default: auto, if needed)",
    "stream": "Which stream (default: the only one on air)",
    "chart": "How far back the health chart goes (default: 1h)",
    "new_title": "The stream's new title",
    "new_description": "A note shown with the stream",
    "new_encode": "When to re-encode the video, from the next start",
    "new_shuffle": "Play in random order from now on",
    "new_loop": "Start over at the end from now on",
    "delete": "Which stream",
    "confirm": "Delete without asking (default: ask)",
    "log_of": "Which stream (default: all of this server)",
    "lines": "How many lines (default: 20)",
    "level": "Only lines of this level",
}
CHOICES = {"info": "info", "warning": "warning", "error": "error"}
STATES = {
    StreamState.OFF_AIR: "⚫ Off air",
    StreamState.NO_ENGINE: "🟠 Waiting for an engine",
    StreamState.WAITING: "🔵 Starting",
    StreamState.STARTING: "🔵 Starting",
    StreamState.LISTING: "🔵 Reading the playlist",
    StreamState.RESOLVING: "🔵 Fetching the first video",
    StreamState.CONNECTING: "🔵 Connecting",
    StreamState.ON_AIR: "🟢 On air",
    StreamState.SLATE: "🟠 On air with the slate",
    StreamState.RECONNECTING: "🟠 Reconnecting",
    StreamState.STOPPING: "⚫ Stopping",
    StreamState.ENDED: "⚫ Finished",
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
STEPS = ("playlist", "first video", "connecting", "on air")
STILL_STARTING = "Still starting. This message is too old to follow it; use /stream status."
FAILED_HINT = "Fix the problem above, then use /stream start again."
NO_STREAMS = "There are no streams yet. Start one with **/stream start**."
NO_TARGET = "no target"
SKIPPED = "⏭️ Skipped"

TARGETS = "Targets"
ON_AIR = "Started"
OVER = "Ended"
HEALTH = "Health"
PLAYLIST = "Playlist"
PICTURE = "Picture"
COPIED = "copied"
ENCODED = "encoded"
SHUFFLED = "shuffled"
LOOPED = "loops"
ONCE = "plays once"
NO_GAPS = "no gaps"

QUESTIONS = {
    "stop": ("Stop {title}?", "Viewers will be disconnected. You can start it again later, from the beginning."),
    "restart": ("Restart {title}?", "It begins again at the first video. Viewers will be disconnected for a moment."),
    "delete": ("🗑️ Delete {title}?", "This also deletes its queue, history and log. Its targets stay."),
}
CONFIRM_BUTTONS = {
    "stop": {"yes": "Yes, stop", "no": "No"},
    "restart": {"yes": "Yes, restart", "no": "No"},
    "delete": {"yes": "Delete", "no": "Keep"},
}
DELETED = "⚫ Deleted {title}"
CALLED_OFF = {"stop": "🟢 Still on air", "restart": "🟢 Still on air", "delete": "⚫ Nothing was deleted"}
LOG = "📜 {title}"
LOG_OF_SERVER = "📜 This server"
NO_LINES = "The log is empty."
LEVELS = {LogLevel.INFO: "", LogLevel.WARNING: "🟠 ", LogLevel.ERROR: "🔴 "}


def streams(on_air: int) -> str:
    """The title of a list."""
    return f"Streams · {on_air} on air"


def next_up(title: str) -> str:
    """The item after the present one."""
    return f"Next: {title}"


def took(seconds: float) -> str:
    """The time a start took."""
    return f" (took {decimal(seconds, 1)} s)"


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
    return f"{whole(count)} reconnect{'' if count == 1 else 's'}"


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
