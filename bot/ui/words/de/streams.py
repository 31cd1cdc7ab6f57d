"""Words of streams: their commands, their states, and the card of one."""

from bot.ui.words.de.numbers import decimal, whole
from streaming.control.status import StreamState
from streaming.model.states import UplinkState

COMMANDS = {
    "stream": "Playlists auf Sendung bringen und sehen, wie es läuft",
    "stream start": "Eine Playlist auf Sendung bringen",
    "stream stop": "Einen Stream von der Sendung nehmen",
    "stream skip": "Weiter zum nächsten Video",
    "stream status": "Sehen, wie es einem Stream geht, oder allen",
    "stream list": "Die Streams dieses Servers zeigen",
}
OPTIONS = {
    "playlist": "Eine gespeicherte Playlist oder eine von YouTube (auch ein Video) als Adresse oder ID, oder demo",
    "mode": "Wie die Videos zum Stream kommen (sonst: direct, ohne Herunterladen)",
    "to": "Wohin: ein Ziel oder mehrere mit Kommas (sonst: das einzige)",
    "title": "Wie der Stream hier heißt (sonst: die ID der Playlist)",
    "description": "Eine Notiz für alle, die nachsehen",
    "shuffle": "In zufälliger Reihenfolge spielen (sonst: nein)",
    "loop": "Am Ende von vorn beginnen (sonst: ja)",
    "encode": "Video neu kodieren? auto: wenn nötig; copy: nie (sonst: auto)",
    "stream": "Welcher Stream (sonst: der einzige auf Sendung)",
}
STATES = {
    StreamState.OFF_AIR: "⚫ Nicht auf Sendung",
    StreamState.NO_ENGINE: "🟠 Wartet auf eine Engine",
    StreamState.WAITING: "🔵 Startet",
    StreamState.STARTING: "🔵 Startet",
    StreamState.LISTING: "🔵 Liest die Playlist",
    StreamState.RESOLVING: "🔵 Holt das erste Video",
    StreamState.CONNECTING: "🔵 Verbindet",
    StreamState.ON_AIR: "🟢 Auf Sendung",
    StreamState.SLATE: "🟠 Auf Sendung mit Standbild",
    StreamState.RECONNECTING: "🟠 Verbindet neu",
    StreamState.STOPPING: "⚫ Hört auf",
    StreamState.ENDED: "⚫ Zu Ende gespielt",
    StreamState.STOPPED: "⚫ Nicht auf Sendung",
    StreamState.FAILED: "🔴 Gescheitert",
}
LIGHTS = {
    None: "⚫ unbenutzt",
    UplinkState.CONNECTING: "🔵 verbindet",
    UplinkState.LIVE: "🟢 sendet",
    UplinkState.RETRYING: "🟠 versucht es neu",
    UplinkState.REFUSED: "🔴 abgelehnt",
    UplinkState.ENDED: "⚫ zu Ende",
}
STEPS = ("Playlist lesen", "erstes Video", "verbinden", "auf Sendung")
STILL_STARTING = (
    "Er ist noch auf dem Weg zur Sendung. Diese Nachricht ist zu alt, um ihm zu folgen: nimm /stream status."
)
FAILED_HINT = "Lies, was darüber steht, und nimm dann noch einmal /stream start."
NO_STREAMS = "Hier gibt es noch keinen Stream. Starte einen mit **/stream start**."
NO_TARGET = "kein Ziel"
SKIPPED = "⏭️ Übersprungen"

TARGETS = "Ziele"
ON_AIR = "Auf Sendung"
OVER = "Vorbei"
HEALTH = "Zustand"
PLAYLIST = "Playlist"
PICTURE = "Bild"
COPIED = "kopiert"
ENCODED = "kodiert"
SHUFFLED = "gemischt"
LOOPED = "in Schleife"
ONCE = "einmal"
NO_GAPS = "keine Lücken"


def streams(on_air: int) -> str:
    """The title of a list."""
    return f"Streams · {on_air} auf Sendung"


def next_up(title: str) -> str:
    """What follows what is on air."""
    return f"Danach: {title}"


def took(seconds: float) -> str:
    """How long it took to air."""
    return f", nach {decimal(seconds, 1)} s"


def rate(speed: float, kbps: float) -> str:
    """How fast media goes out: 1,00 × keeps time."""
    return f"{decimal(speed, 2)} × · {whole(kbps)} kbit/s"


def ahead(seconds: float) -> str:
    """How far preparing is ahead of sending."""
    return f"{whole(seconds)} s Vorsprung"


def slate(seconds: float) -> str:
    """How long the slate was on air."""
    return f"{whole(seconds)} s Standbild"


def rerun(seconds: float) -> str:
    """How long earlier items stood in."""
    return f"{whole(seconds)} s Wiederholung"


def reconnected(count: int) -> str:
    """How often targets had to be connected to again."""
    return f"{whole(count)} × neu verbunden"


def missed(seconds: float) -> str:
    """How much a target did not get."""
    return f"{whole(seconds)} s verpasst"


def played(items: int, listed: int) -> str:
    """How far it is through its list."""
    return f"{whole(items)} von {whole(listed)} gespielt"


def encode_mode(mode: str) -> str:
    """What was asked for, while it is not known what is done."""
    return f"Kodierung {mode}"


def urls_expire(when: str) -> str:
    """How long the addresses of what is being read are good."""
    return f"URLs laufen {when} ab"


def engine(name: str) -> str:
    """Which engine, named after its host."""
    return f"Engine {name}"
