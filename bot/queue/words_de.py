"""Words of the queue: its commands, cards and buttons."""

from bot.i18n.numbers_de import whole

COMMANDS = {
    "stream previous": "Zurück zu dem, was vorher lief; was jetzt läuft, kommt danach noch einmal",
    "stream jump": "Ein Video jetzt spielen, oder als Nächstes",
    "stream queue": "Sehen, was als Nächstes kommt, ein Video suchen und die Reihenfolge ändern",
}
OPTIONS = {
    "item": "Welches Video: tippe einen Teil seines Titels",
    "when": "Sofort, oder nach dem jetzigen Video (sonst: sofort)",
    "search": "Nur Videos zeigen, in deren Titel das vorkommt",
    "page": "Welche Seite (sonst: die erste)",
    "remove": "Ein Video, das nicht mehr gespielt wird: tippe einen Teil seines Titels",
}
CHOICES = {"now": "sofort", "next": "danach"}

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


def only_the_next(shown: int, listed: int) -> str:
    return f"-# Das sind die nächsten {whole(shown)} von {whole(listed)}. Die Suche findet die anderen."


def page(number: int, count: int) -> str:
    return f"Seite {number} von {count}"


def place(number: int) -> str:
    return f"Platz {whole(number)} der Liste"


def counted(listed: int, removed: int) -> str:
    return f"{whole(listed)} in der Liste" + (f", {whole(removed)} entfernt" if removed else "")
