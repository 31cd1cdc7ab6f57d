"""Words of the queue: its commands, cards and buttons."""

from bot.i18n.numbers_de import whole

COMMANDS = {
    "stream previous": "Zurück zum vorigen Video; das aktuelle läuft danach noch einmal",
    "stream jump": "Ein Video jetzt oder als Nächstes spielen",
    "stream queue": "Zeigen, was als Nächstes läuft; suchen und die Reihenfolge ändern",
}
OPTIONS = {
    "item": "Welches Video: tippe einen Teil seines Titels",
    "when": "Jetzt oder nach dem aktuellen Video (Standard: jetzt)",
    "search": "Nur Videos zeigen, in deren Titel das vorkommt",
    "page": "Welche Seite (Standard: die erste)",
    "remove": "Ein Video entfernen: tippe einen Teil seines Titels",
}
CHOICES = {"now": "jetzt", "next": "als Nächstes"}

BACK = "⏮️ Zurück"
JUMPED = "▶️ Läuft jetzt"
COMES_NEXT = "⏭️ Kommt als Nächstes"
ANSWERED = "✅ {answer}"

NOW = "▶️ **Jetzt** {title}"
NOTHING_ON = "⚫ Nicht auf Sendung. Die Liste:"
NOTHING_COMES = "Danach läuft nichts mehr."
NOTHING_LISTED = "Die Liste ist noch nicht bekannt. Sie wird gelesen, wenn der Stream startet."
NOTHING_FOUND = "Kein Titel enthält „{text}“."
FOUND = "🔎 **{text}**"
REMOVED = "entfernt"
SHUFFLED, IN_ORDER = "gemischt", "der Reihe nach"
LOOPED, ONCE = "in Endlosschleife", "einmal"

CHOOSE = "Wähle ein Video …"
SEARCH = "Suchen"
SHUFFLE = "Mischen"
LOOP = "Endlosschleife"
PLAY_NOW = "Jetzt spielen"
PLAY_NEXT = "Als Nächstes spielen"
REMOVE = "Entfernen"
TO_QUEUE = "Zur Warteschlange"
IS_REMOVED = "Es wurde entfernt. Spiel es jetzt oder als Nächstes, dann ist es wieder in der Warteschlange."
WHAT_WITH_IT = "Was möchtest du damit machen?"
SEARCH_TITLE = "In der Warteschlange suchen"
SEARCH_LABEL = "Teil des Titels"


def only_the_next(shown: int, listed: int) -> str:
    return f"-# Die nächsten {whole(shown)} von {whole(listed)}. Die übrigen findest du mit Suchen."


def page(number: int, count: int) -> str:
    return f"Seite {number} von {count}"


def place(number: int) -> str:
    return f"Nr. {whole(number)} der Liste"


def counted(listed: int, removed: int) -> str:
    return f"{whole(listed)} in der Liste" + (f", {whole(removed)} entfernt" if removed else "")
