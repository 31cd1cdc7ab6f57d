"""Words of the queue: its commands, cards and buttons."""

from bot.i18n.numbers_en import whole

COMMANDS = {
    "stream previous": "Go back to the previous item; the current one plays again after it",
    "stream jump": "Play an item now or next",
    "stream queue": "Show what plays next; search it and change the order",
}
OPTIONS = {
    "item": "Which item: type part of its title",
    "when": "Now, or after the current item (default: now)",
    "search": "Show only items with this in their title",
    "page": "Which page (default: the first)",
    "remove": "Remove an item: type part of its title",
}
CHOICES = {"now": "now", "next": "next"}

BACK = "⏮️ Back"
JUMPED = "▶️ Playing now"
COMES_NEXT = "⏭️ Up next"
ANSWERED = "✅ {answer}"

NOW = "▶️ **Now** {title}"
NOTHING_ON = "⚫ Not on air. The list:"
NOTHING_COMES = "Nothing plays after this."
NOTHING_LISTED = "The list is not known yet. It is read when the stream starts."
NOTHING_FOUND = "No titles contain “{text}”."
FOUND = "🔎 **{text}**"
REMOVED = "removed"
SHUFFLED, IN_ORDER = "shuffled", "in order"
LOOPED, ONCE = "loops", "plays once"

CHOOSE = "Choose an item …"
SEARCH = "Search"
SHUFFLE = "Shuffle"
LOOP = "Loop"
PLAY_NOW = "Play now"
PLAY_NEXT = "Play next"
REMOVE = "Remove"
TO_QUEUE = "Queue"
IS_REMOVED = "It was removed. Play it now or next to put it back in the queue."
WHAT_WITH_IT = "What would you like to do?"
SEARCH_TITLE = "Search the queue"
SEARCH_LABEL = "Part of the title"


def only_the_next(shown: int, listed: int) -> str:
    """A note that the list is longer."""
    return f"-# Showing the next {whole(shown)} of {whole(listed)}. Use Search to find the others."


def page(number: int, count: int) -> str:
    return f"Page {number} of {count}"


def place(number: int) -> str:
    """An entry's place in the playlist."""
    return f"#{whole(number)} in the list"


def counted(listed: int, removed: int) -> str:
    return f"{whole(listed)} in the list" + (f", {whole(removed)} removed" if removed else "")
