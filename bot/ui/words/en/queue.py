"""What people read about the order of play, and about keeping streams up."""

from bot.ui.words.en.numbers import whole
from streaming.model.states import LogLevel

COMMANDS = {
    "stream previous": "Go back to what played before; what is on comes next again",
    "stream jump": "Play an item now, or let it come next",
    "stream queue": "See what comes next, find an item, and change the order",
    "stream restart": "Take a stream off the air and put it on again, from the beginning",
    "stream edit": "Change a stream: its name, its order, its picture",
    "stream delete": "Forget a stream and all that was recorded of it",
    "stream logs": "See what happened, and who did what",
}
OPTIONS = {
    "item": "Which item: type a part of its title",
    "when": "Right now, or after the present item (default: now)",
    "search": "Show only items with this in their title",
    "page": "Which page (default: the first)",
    "remove": "An item to be played no more: type a part of its title",
    "title": "What the stream is called from now on",
    "description": "A note for people who look at it",
    "encode": "Encode the video again? It takes effect at the next start",
    "shuffle": "Play in random order, from now on",
    "loop": "Begin again at the end, from now on",
    "delete": "Which stream",
    "confirm": "Do not ask again (default: ask)",
    "log_of": "Which stream (default: everything on this server)",
    "lines": "How many lines (default: 20)",
    "level": "Only lines of this kind",
}
CHOICES = {"now": "now", "next": "next", "info": "info", "warning": "warning", "error": "error"}

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

DELETE_QUESTION = "🗑️ Delete {title}?"
DELETE_MORE = "Its queue, its history and its log are forgotten. Its targets stay."
DELETE_BUTTONS = {"yes": "Delete", "no": "Keep"}
DELETED = "⚫ Deleted {title}"
KEPT = "Nothing was deleted."

LOG = "📜 {title}"
LOG_OF_SERVER = "📜 This server"
NO_LINES = "There is nothing in the log."
LEVELS = {LogLevel.INFO: "", LogLevel.WARNING: "🟠 ", LogLevel.ERROR: "🔴 "}


def only_the_next(shown: int, listed: int) -> str:
    """That the list goes on."""
    return f"-# These are the next {whole(shown)} of {whole(listed)}. Search finds the others."


def page(number: int, count: int) -> str:
    """Where in a list one is."""
    return f"Page {number} of {count}"


def place(number: int) -> str:
    """Where in the list an entry stands."""
    return f"place {whole(number)} in the list"


def counted(listed: int, removed: int) -> str:
    """How long the list is."""
    return f"{whole(listed)} in the list" + (f", {whole(removed)} removed" if removed else "")
