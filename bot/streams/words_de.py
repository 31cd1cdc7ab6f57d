"""Words of streams: commands, states, cards, logs."""

from bot.i18n.numbers_de import decimal, whole
from streaming.model.states import LogLevel, UplinkState
from streaming.services.status import StreamState

COMMANDS = {
    "stream": "Streams verwalten",
    "stream start": "Eine Playlist auf Sendung bringen",
    "stream stop": "Einen Stream beenden",
    "stream skip": "Zum nächsten Video springen",
    "stream status": "Status eines Streams oder aller zeigen",
    "stream list": "Die Streams dieses Servers zeigen",
    "stream restart": "Einen Stream beenden und von vorn neu starten",
    "stream edit": "Titel, Notiz, Reihenfolge oder Kodierung eines Streams ändern",
    "stream delete": "Einen Stream mit Verlauf und Log löschen",
    "stream logs": "Zeigen, was passiert ist und wer was getan hat",
    "stream preview": "Ein Bild der laufenden Sendung zeigen",
}
OPTIONS = {
    "playlist": "Gespeicherte Playlist, Playlist oder Video von YouTube (Link oder ID) oder demo",
    "mode": "Wie Videos zum Stream kommen (Standard: direct, ohne Download)",
    "to": "Welches Ziel, mehrere mit Kommas getrennt (Standard: das einzige)",
    "title": "Titel des Streams hier (Standard: die ID der Playlist)",
    "description": "Eine Notiz, die beim Stream steht",
    "shuffle": "In zufälliger Reihenfolge spielen (Standard: nein)",
    "loop": "Am Ende von vorn beginnen (Standard: ja)",
    "encode": "Wann das Video neu kodiert wird (Standard: auto, wenn nötig)",
    "stream": "Welcher Stream (Standard: der einzige auf Sendung)",
    "chart": "Wie weit das Diagramm zurückreicht (Standard: 1h)",
    "new_title": "Der neue Titel des Streams",
    "new_description": "Eine Notiz, die beim Stream steht",
    "new_encode": "Wann das Video neu kodiert wird, ab dem nächsten Start",
    "new_shuffle": "Ab jetzt in zufälliger Reihenfolge spielen",
    "new_loop": "Ab jetzt am Ende von vorn beginnen",
    "delete": "Welcher Stream",
    "confirm": "Ohne Nachfrage löschen (Standard: fragen)",
    "log_of": "Welcher Stream (Standard: alle auf diesem Server)",
    "lines": "Wie viele Zeilen (Standard: 20)",
    "level": "Nur Zeilen dieser Stufe",
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
    StreamState.STOPPING: "⚫ Wird beendet",
    StreamState.ENDED: "⚫ Zu Ende",
    StreamState.STOPPED: "⚫ Nicht auf Sendung",
    StreamState.FAILED: "🔴 Fehlgeschlagen",
}
LIGHTS = {
    None: "⚫ inaktiv",
    UplinkState.CONNECTING: "🔵 verbindet",
    UplinkState.LIVE: "🟢 sendet",
    UplinkState.RETRYING: "🟠 versucht es erneut",
    UplinkState.REFUSED: "🔴 abgelehnt",
    UplinkState.ENDED: "⚫ zu Ende",
}
STEPS = ("Playlist", "erstes Video", "Verbindung", "auf Sendung")
STILL_STARTING = "Startet noch. Diese Nachricht ist zu alt, um weiter aktualisiert zu werden; nutze /stream status."
FAILED_HINT = "Behebe das Problem oben und nutze dann noch einmal /stream start."
NO_STREAMS = "Noch keine Streams. Starte einen mit **/stream start**."
NO_TARGET = "kein Ziel"
SKIPPED = "⏭️ Übersprungen"

TARGETS = "Ziele"
ON_AIR = "Gestartet"
OVER = "Beendet"
HEALTH = "Zustand"
PLAYLIST = "Playlist"
PICTURE = "Bild"
COPIED = "kopiert"
ENCODED = "kodiert"
SHUFFLED = "gemischt"
LOOPED = "in Endlosschleife"
ONCE = "einmal"
NO_GAPS = "keine Lücken"

QUESTIONS = {
    "stop": (
        "{title} beenden?",
        "Für die Zuschauer bricht der Stream ab. Du kannst ihn später wieder starten, dann von vorn.",
    ),
    "restart": (
        "{title} neu starten?",
        "Er beginnt wieder beim ersten Video. Für die Zuschauer bricht der Stream kurz ab.",
    ),
    "delete": ("🗑️ {title} löschen?", "Warteschlange, Verlauf und Log werden mit gelöscht. Die Ziele bleiben."),
}
CONFIRM_BUTTONS = {
    "stop": {"yes": "Ja, beenden", "no": "Nein"},
    "restart": {"yes": "Ja, neu starten", "no": "Nein"},
    "delete": {"yes": "Löschen", "no": "Behalten"},
}
DELETED = "⚫ {title} gelöscht"
CALLED_OFF = {
    "stop": "🟢 Weiter auf Sendung",
    "restart": "🟢 Weiter auf Sendung",
    "delete": "⚫ Es wurde nichts gelöscht",
}
LOG = "📜 {title}"
LOG_OF_SERVER = "📜 Dieser Server"
NO_LINES = "Das Log ist leer."
LEVELS = {LogLevel.INFO: "", LogLevel.WARNING: "🟠 ", LogLevel.ERROR: "🔴 "}


def streams(on_air: int) -> str:
    return f"Streams · {on_air} auf Sendung"


def next_up(title: str) -> str:
    return f"Danach: {title}"


def took(seconds: float) -> str:
    return f" (in {decimal(seconds, 1)} s)"


def rate(speed: float, kbps: float) -> str:
    return f"{decimal(speed, 2)} × · {whole(kbps)} kbit/s"


def ahead(seconds: float) -> str:
    return f"{whole(seconds)} s Vorsprung"


def slate(seconds: float) -> str:
    return f"{whole(seconds)} s Standbild"


def rerun(seconds: float) -> str:
    return f"{whole(seconds)} s Wiederholung"


def reconnected(count: int) -> str:
    return f"{whole(count)}-mal neu verbunden"


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
