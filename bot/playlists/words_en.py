"""Words of saved playlists."""

from bot.i18n.numbers_en import whole

COMMANDS = {
    "playlist": "Keep playlists under a name",
    "playlist add": "Save a playlist under a name",
    "playlist list": "List the saved playlists of this server, and those played lately",
    "playlist refresh": "Look what is in a playlist now, and how much of it can be played",
    "playlist remove": "Forget a saved playlist",
}
OPTIONS = {
    "playlist": "A YouTube playlist or video, as an address or id",
    "saved": "Which saved playlist",
    "known": "A saved playlist, or any other as an address or id",
    "name": "What it is called here (default: its title, as far as it is known)",
}
SAVED = "🟢 Playlist saved"
REMOVED = "⚫ Playlist removed"
LISTING = "🔵 Listing the playlist"
LISTED = "🟢 Playlist listed"
NOTHING_TO_PLAY = "🟠 Nothing in it can be played"
TITLE = "Playlists"
PLAYED_LATELY = "Played lately"
NONE = "No playlist is saved yet. Save one with **/playlist add**."
NOTHING_SAVED = "None is saved yet. Save one with **/playlist add**."
START = "Put it on air with **/stream start playlist:**{name}"


def removed(name: str) -> str:
    return f"**{name}** is forgotten. What is on air stays there."


def so_far(items: int) -> str:
    return f"{whole(items)} so far …"


def playable(items: int, playable: int) -> str:
    if items == playable:
        return "The only item can be played." if items == 1 else f"All {whole(items)} items can be played."
    others = "the others are private, deleted, live or not for everybody"
    return f"{whole(playable)} of {whole(items)} items can be played; {others}."


def facts(items: int | None, listed: str) -> str:
    """Items, and when they were listed; `listed` is a timestamp of Discord's."""
    if items is None:
        return "not listed yet"
    return f"{whole(items)} {'item' if items == 1 else 'items'}, listed {listed}"
