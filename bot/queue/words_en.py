"""Words of the queue: its commands, cards and buttons."""

from bot.i18n.numbers_en import whole

COMMANDS = {
    "stream previous": "Go back to what played before; what is on comes next again",
    "stream jump": "Play an item now, or let it come next",
    "stream queue": "See what comes next, find an item, and change the order",
}
OPTIONS = {
    "item": "Which item: type a part of its title",
    "when": "Right now, or after the present item (default: now)",
    "search": "Show only items with this in their title",
    "page": "Which page (default: the first)",
    "remove": "An item to be played no more: type a part of its title",
}
CHOICES = {"now": "now", "next": "next"}

BACK = "⏮️ Back"
JUMPED = "▶️ Playing now"
COMES_NEXT = "⏭️ Up next"
ANSWERED = "✅ {answer}"

NOW = "▶️ **Now** {title}"
NOTHING_ON = "⚫ Not on air. This is its list:"
NOTHING_COMES = "Nothing comes after this."
NOTHING_LISTED = "Its list is not known yet: it is listed when the stream starts."
NOTHING_FOUND = "No title holds **{text}**."
FOUND = "🔎 **{text}**"
REMOVED = "removed"
SHUFFLED, IN_ORDER = "shuffled", "in order"
LOOPED, ONCE = "looped", "once"

CHOOSE = "Choose an item …"
SEARCH = "Search"
SHUFFLE = "Shuffle"
LOOP = "Loop"
PLAY_NOW = "Play now"
PLAY_NEXT = "Play next"
REMOVE = "Remove"
TO_QUEUE = "Queue"
IS_REMOVED = "It was removed. Play it now or next, and it is back in the queue."
WHAT_WITH_IT = "What is to happen with it?"
SEARCH_TITLE = "Search the queue"
SEARCH_LABEL = "A part of the title"


def only_the_next(shown: int, listed: int) -> str:
    """A note that the list is longer."""
    return f"-# These are the next {whole(shown)} of {whole(listed)}. Search finds the others."


def page(number: int, count: int) -> str:
    return f"Page {number} of {count}"


def place(number: int) -> str:
    """An entry's place in the playlist."""
    return f"place {whole(number)} in the list"


def counted(listed: int, removed: int) -> str:
    return f"{whole(listed)} in the list" + (f", {whole(removed)} removed" if removed else "")
