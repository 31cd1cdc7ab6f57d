"""Words of saved playlists."""

from bot.i18n.numbers_en import whole

COMMANDS = {
    "playlist": "Playlists",
    "playlist add": "Save a playlist under a name",
    "playlist list": "List saved and recently played playlists",
    "playlist refresh": "Check what is in a playlist and how much of it can be played",
    "playlist remove": "Remove a saved playlist",
}
OPTIONS = {
    "playlist": "A YouTube playlist or video, as a link or ID",
    "saved": "Which saved playlist",
    "known": "A saved playlist, or another one as a link or ID",
    "name": "Its name here (default: its title, if known)",
}
SAVED = "🟢 Playlist saved"
REMOVED = "⚫ Playlist removed"
LISTING = "🔵 Checking the playlist"
LISTED = "🟢 Playlist checked"
NOTHING_TO_PLAY = "🟠 Nothing in it can be played"
TITLE = "Playlists"
PLAYED_LATELY = "Recently played"
NONE = "No saved playlists yet. Save one with **/playlist add**."
START = "Put it on air with **/stream start playlist:**{name}"


def removed(name: str) -> str:
    return f"**{name}** is no longer saved. Streams that play it stay on air."


def so_far(items: int) -> str:
    return f"{whole(items)} so far …"


def playable(items: int, playable: int) -> str:
    if items == playable:
        return "The one item in it can be played." if items == 1 else f"All {whole(items)} items can be played."
    others = "the rest are private, deleted, live or restricted"
    return f"{whole(playable)} of {whole(items)} items can be played; {others}."


def facts(items: int | None, listed: str) -> str:
    """Items, and when they were listed; `listed` is a timestamp of Discord's."""
    if items is None:
        return "not checked yet"
    return f"{whole(items)} {'item' if items == 1 else 'items'}, checked {listed}"
