"""Words of streams: commands, states, cards, logs."""

from bot.i18n.numbers_de import decimal, whole
from streaming.model.states import LogLevel, UplinkState
from streaming.services.status import StreamState

COMMANDS = {
    "stream": "Playlists auf Sendung bringen und sehen, wie es läuft",
    "stream start": "Eine Playlist auf Sendung bringen",
    "stream stop": "Einen Stream von der Sendung nehmen",
    "stream skip": "Weiter zum nächsten Video",
    "stream status": "Sehen, wie es einem Stream geht, oder allen",
    "stream list": "Die Streams dieses Servers zeigen",
    "stream restart": "Einen Stream von der Sendung nehmen und von vorn wieder auf Sendung bringen",
    "stream edit": "Einen Stream ändern: seinen Namen, seine Reihenfolge, sein Bild",
    "stream delete": "Einen Stream vergessen, mit allem, was über ihn aufgezeichnet ist",
    "stream logs": "Sehen, was geschah, und wer was getan hat",
    "stream preview": "Ein Bild von dem sehen, was auf Sendung ist",
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
    "chart": "Wie weit der Verlauf zurückreicht (sonst: 1h)",
    "new_title": "Wie der Stream von nun an heißt",
    "new_description": "Eine Notiz für alle, die nachsehen",
    "new_encode": "Video neu kodieren? Das gilt ab dem nächsten Start",
    "new_shuffle": "Von nun an in zufälliger Reihenfolge spielen",
    "new_loop": "Von nun an am Ende von vorn beginnen",
    "delete": "Welcher Stream",
    "confirm": "Nicht noch einmal fragen (sonst: fragen)",
    "log_of": "Welcher Stream (sonst: alles auf diesem Server)",
    "lines": "Wie viele Zeilen (sonst: 20)",
    "level": "Nur Zeilen dieser Art",
}
CHOICES = {"info": "Info", "warning": "Warnung", "error": "Fehler"}
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

DELETE_QUESTION = "🗑️ {title} löschen?"
DELETE_MORE = "Warteschlange, Verlauf und Log werden vergessen. Die Ziele bleiben."
DELETE_BUTTONS = {"yes": "Löschen", "no": "Behalten"}
DELETED = "⚫ {title} ist gelöscht"
KEPT = "Nichts wurde gelöscht."
LOG = "📜 {title}"
LOG_OF_SERVER = "📜 Dieser Server"
NO_LINES = "Im Log steht nichts."
LEVELS = {LogLevel.INFO: "", LogLevel.WARNING: "🟠 ", LogLevel.ERROR: "🔴 "}


def streams(on_air: int) -> str:
    return f"Streams · {on_air} auf Sendung"


def next_up(title: str) -> str:
    return f"Danach: {title}"


def took(seconds: float) -> str:
    return f", nach {decimal(seconds, 1)} s"


def rate(speed: float, kbps: float) -> str:
    return f"{decimal(speed, 2)} × · {whole(kbps)} kbit/s"


def ahead(seconds: float) -> str:
    return f"{whole(seconds)} s Vorsprung"


def slate(seconds: float) -> str:
    return f"{whole(seconds)} s Standbild"


def rerun(seconds: float) -> str:
    return f"{whole(seconds)} s Wiederholung"


def reconnected(count: int) -> str:
    return f"{whole(count)} × neu verbunden"


def missed(seconds: float) -> str:
    return f"{whole(seconds)} s verpasst"


def played(items: int, listed: int) -> str:
    return f"{whole(items)} von {whole(listed)} gespielt"


def encode_mode(mode: str) -> str:
    return f"Kodierung {mode}"


def urls_expire(when: str) -> str:
    return f"URLs laufen {when} ab"


def engine(name: str) -> str:
    return f"Engine {name}"
