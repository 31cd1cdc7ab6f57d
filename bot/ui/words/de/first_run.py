"""Words of the card that welcomes a server, and of what its buttons open."""

TITLE = "👋 Nonstop hält einen Kanal auf Sendung"
WELCOME = (
    "Es spielt Playlists rund um die Uhr auf YouTube Live, Twitch oder jeden RTMP-Ingest. "
    "Drei Schritte, jeder mit einem Knopf:\n\n"
    "**1 · Sag, wohin.** Lege ein Ziel mit seinem Streamschlüssel an; das Formular siehst nur du.\n"
    "**2 · Bring etwas auf Sendung.** Eine YouTube-Playlist, oder `demo` für ein paar Clips von uns.\n"
    "**3 · Sieh nach, wie es läuft.** Was spielt, wo, und wie gut.\n\n"
    "-# Wer diesen Server verwaltet, darf das; mit {settings} wählst du eine Rolle, die es auch darf. "
    "{help} zeigt alles andere."
)
BUTTONS = {"target": "1 · Ein Ziel anlegen", "start": "2 · Auf Sendung", "status": "3 · Sehen, wie es läuft"}
PLATFORM = "Wohin soll es gehen?"
PLATFORM_HINT = "Wähle die Plattform; dann fragt ein Formular nach dem Streamschlüssel, das nur du siehst."
PLATFORM_CHOICE = "Wähle eine Plattform"
START_TITLE = "Auf Sendung bringen"
PLAYLIST_LABEL = "Playlist"
PLAYLIST_HELP = "Playlist oder Video von YouTube als Adresse oder ID, ein gespeicherter Name, oder demo"
NOT_SERVED_TITLE = "👋 Ich gehe wieder"
NOT_SERVED = (
    "Ich bin für bestimmte Server da, und dieser ist keiner davon. Der Betreiber kann ihn aufnehmen; "
    "lade mich dann wieder ein."
)
TO_LABEL = "Ziel"
TO_HELP = "Sein Name; gibt es nur eines, lass dies leer"
