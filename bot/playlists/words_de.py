"""Words of saved playlists."""

from bot.i18n.numbers_de import whole

COMMANDS = {
    "playlist": "Gespeicherte Playlists",
    "playlist add": "Eine Playlist unter einem Namen speichern",
    "playlist list": "Gespeicherte und zuletzt gespielte Playlists zeigen",
    "playlist refresh": "Prüfen, was in einer Playlist ist und wie viel davon abspielbar ist",
    "playlist remove": "Eine gespeicherte Playlist entfernen",
}
OPTIONS = {
    "playlist": "Eine Playlist oder ein Video von YouTube, als Link oder ID",
    "saved": "Welche gespeicherte Playlist",
    "known": "Eine gespeicherte Playlist oder eine andere als Link oder ID",
    "name": "Ihr Name hier (Standard: ihr Titel, falls bekannt)",
}
SAVED = "🟢 Playlist gespeichert"
REMOVED = "⚫ Playlist entfernt"
LISTING = "🔵 Playlist wird geprüft"
LISTED = "🟢 Playlist geprüft"
NOTHING_TO_PLAY = "🟠 Nichts davon ist abspielbar"
TITLE = "Playlists"
PLAYED_LATELY = "Zuletzt gespielt"
NONE = "Noch keine Playlists gespeichert. Speichere eine mit **/playlist add**."
START = "Bring sie auf Sendung mit **/stream start playlist:**{name}"


def removed(name: str) -> str:
    return f"**{name}** ist nicht mehr gespeichert. Streams damit bleiben auf Sendung."


def so_far(items: int) -> str:
    return f"{whole(items)} bis jetzt …"


def playable(items: int, playable: int) -> str:
    if items == playable:
        return (
            "Das einzige Video darin ist abspielbar." if items == 1 else f"Alle {whole(items)} Videos sind abspielbar."
        )
    verb = "ist" if playable == 1 else "sind"
    others = "der Rest ist privat, gelöscht, live oder eingeschränkt"
    return f"{whole(playable)} von {whole(items)} Videos {verb} abspielbar; {others}."


def facts(items: int | None, listed: str) -> str:
    if items is None:
        return "noch nicht geprüft"
    return f"{whole(items)} {'Video' if items == 1 else 'Videos'}, geprüft {listed}"
