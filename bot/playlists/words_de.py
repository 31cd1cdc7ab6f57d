"""Words of saved playlists."""

from bot.i18n.numbers_de import whole

COMMANDS = {
    "playlist": "Playlists unter einem Namen behalten",
    "playlist add": "Eine Playlist unter einem Namen speichern",
    "playlist list": "Die gespeicherten Playlists dieses Servers zeigen, und die zuletzt gespielten",
    "playlist refresh": "Nachsehen, was jetzt in einer Playlist ist, und wie viel davon sich spielen lässt",
    "playlist remove": "Eine gespeicherte Playlist vergessen",
}
OPTIONS = {
    "playlist": "Eine Playlist oder ein Video von YouTube, als Adresse oder ID",
    "saved": "Welche gespeicherte Playlist",
    "known": "Eine gespeicherte Playlist, oder eine andere als Adresse oder ID",
    "name": "Wie sie hier heißt (sonst: ihr Titel, soweit bekannt)",
}
SAVED = "🟢 Playlist gespeichert"
REMOVED = "⚫ Playlist entfernt"
LISTING = "🔵 Liest die Playlist"
LISTED = "🟢 Playlist gelesen"
NOTHING_TO_PLAY = "🟠 Nichts davon lässt sich spielen"
TITLE = "Playlists"
PLAYED_LATELY = "Zuletzt gespielt"
NONE = "Noch ist keine Playlist gespeichert. Speichere eine mit **/playlist add**."
NOTHING_SAVED = "Noch ist keine gespeichert. Speichere eine mit **/playlist add**."
START = "Bring sie auf Sendung mit **/stream start playlist:**{name}"


def removed(name: str) -> str:
    return f"**{name}** ist vergessen. Was auf Sendung ist, bleibt es."


def so_far(items: int) -> str:
    return f"{whole(items)} bis jetzt …"


def playable(items: int, playable: int) -> str:
    if items == playable:
        return (
            "Das einzige Video lässt sich spielen."
            if items == 1
            else f"Alle {whole(items)} Videos lassen sich spielen."
        )
    verb = "lässt" if playable == 1 else "lassen"
    others = "die anderen sind privat, gelöscht, live oder nicht für alle"
    return f"{whole(playable)} von {whole(items)} Videos {verb} sich spielen; {others}."


def facts(items: int | None, listed: str) -> str:
    if items is None:
        return "noch nicht gelesen"
    return f"{whole(items)} {'Video' if items == 1 else 'Videos'}, gelesen {listed}"
