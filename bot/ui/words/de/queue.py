"""What people read about the order of play, and about keeping streams up."""

from bot.ui.words.de.numbers import whole
from streaming.model.states import LogLevel

COMMANDS = {
    "stream previous": "Zurück zu dem, was vorher lief; was jetzt läuft, kommt danach noch einmal",
    "stream jump": "Ein Video jetzt spielen, oder als Nächstes",
    "stream queue": "Sehen, was als Nächstes kommt, ein Video suchen und die Reihenfolge ändern",
    "stream restart": "Einen Stream von der Sendung nehmen und von vorn wieder auf Sendung bringen",
    "stream edit": "Einen Stream ändern: seinen Namen, seine Reihenfolge, sein Bild",
    "stream delete": "Einen Stream vergessen, mit allem, was über ihn aufgezeichnet ist",
    "stream logs": "Sehen, was geschah, und wer was getan hat",
}
OPTIONS = {
    "item": "Welches Video: tippe einen Teil seines Titels",
    "when": "Sofort, oder nach dem jetzigen Video (sonst: sofort)",
    "search": "Nur Videos zeigen, in deren Titel das vorkommt",
    "page": "Welche Seite (sonst: die erste)",
    "remove": "Ein Video, das nicht mehr gespielt wird: tippe einen Teil seines Titels",
    "title": "Wie der Stream von nun an heißt",
    "description": "Eine Notiz für alle, die nachsehen",
    "encode": "Video neu kodieren? Das gilt ab dem nächsten Start",
    "shuffle": "Von nun an in zufälliger Reihenfolge spielen",
    "loop": "Von nun an am Ende von vorn beginnen",
    "delete": "Welcher Stream",
    "confirm": "Nicht noch einmal fragen (sonst: fragen)",
    "log_of": "Welcher Stream (sonst: alles auf diesem Server)",
    "lines": "Wie viele Zeilen (sonst: 20)",
    "level": "Nur Zeilen dieser Art",
}
CHOICES = {"now": "sofort", "next": "danach", "info": "Info", "warning": "Warnung", "error": "Fehler"}

BACK = "⏮️ Zurück"
JUMPED = "▶️ Läuft jetzt"
COMES_NEXT = "⏭️ Kommt als Nächstes"
ANSWERED = "✅ {answer}"

NOW = "▶️ **Jetzt** {title}"
NOTHING_ON = "⚫ Nicht auf Sendung. Das ist seine Liste:"
NOTHING_COMES = "Danach kommt nichts mehr."
NOTHING_LISTED = "Seine Liste ist noch nicht bekannt: Sie wird gelesen, wenn der Stream startet."
NOTHING_FOUND = "In keinem Titel kommt **{text}** vor."
FOUND = "🔎 **{text}**"
REMOVED = "entfernt"
SHUFFLED, IN_ORDER = "gemischt", "der Reihe nach"
LOOPED, ONCE = "in Schleife", "einmal"

CHOOSE = "Wähle ein Video …"
SEARCH = "Suchen"
SHUFFLE = "Mischen"
LOOP = "Schleife"
PLAY_NOW = "Sofort spielen"
PLAY_NEXT = "Danach spielen"
REMOVE = "Entfernen"
TO_QUEUE = "Zur Warteschlange"
IS_REMOVED = "Es wurde entfernt. Spiel es sofort oder danach, und es ist wieder in der Warteschlange."
WHAT_WITH_IT = "Was soll damit geschehen?"
SEARCH_TITLE = "In der Warteschlange suchen"
SEARCH_LABEL = "Ein Teil des Titels"

DELETE_QUESTION = "🗑️ {title} löschen?"
DELETE_MORE = "Warteschlange, Verlauf und Log werden vergessen. Die Ziele bleiben."
DELETE_BUTTONS = {"yes": "Löschen", "no": "Behalten"}
DELETED = "⚫ {title} ist gelöscht"
KEPT = "Nichts wurde gelöscht."

LOG = "📜 {title}"
LOG_OF_SERVER = "📜 Dieser Server"
NO_LINES = "Im Log steht nichts."
LEVELS = {LogLevel.INFO: "", LogLevel.WARNING: "🟠 ", LogLevel.ERROR: "🔴 "}


def only_the_next(shown: int, listed: int) -> str:
    """That the list goes on."""
    return f"-# Das sind die nächsten {whole(shown)} von {whole(listed)}. Die Suche findet die anderen."


def page(number: int, count: int) -> str:
    """Where in a list one is."""
    return f"Seite {number} von {count}"


def place(number: int) -> str:
    """Where in the list an entry stands."""
    return f"Platz {whole(number)} der Liste"


def counted(listed: int, removed: int) -> str:
    """How long the list is."""
    return f"{whole(listed)} in der Liste" + (f", {whole(removed)} entfernt" if removed else "")
