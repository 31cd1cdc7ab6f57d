"""Words of a server's settings, of its welcome, and of the bot's departure."""

from streaming.services.guilds import Language, Setting

COMMANDS = {
    "settings": "Sehen oder ändern, wer hier Streams steuert, wo Störungen gemeldet werden, und die Sprache",
}
OPTIONS = {
    "operator_role": "Wer diese Rolle hat, darf Streams steuern wie alle, die den Server verwalten",
    "alerts_channel": "Wo Störungen gemeldet werden",
    "language": "Worin Panels und Meldungen geschrieben werden",
    "clear": "Eine Wahl vergessen",
}
CHOICES = {
    Setting.OPERATOR_ROLE: "Rolle für Operatoren",
    Setting.ALERTS_CHANNEL: "Kanal für Störungen",
    Setting.LANGUAGE: "Sprache",
}
LANGUAGES = {Language.ENGLISH: "English", Language.GERMAN: "Deutsch"}
SETTINGS_TITLE = "Einstellungen"
SETTINGS_SAVED = "🟢 Einstellungen gespeichert"
NO_OPERATOR_ROLE = "niemand außer denen, die den Server verwalten"
NO_ALERTS_CHANNEL = "nirgends"
NO_LANGUAGE = "die des Servers"
SETTINGS_HINT = "Ändere eine mit **/settings**, oder vergiss sie mit der Option **clear:**."

WELCOME_TITLE = "👋 Nonstop hält einen Kanal auf Sendung"
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
LEAVING_TITLE = "👋 Ich gehe wieder"
LEAVING = (
    "Ich bin für bestimmte Server da, und dieser ist keiner davon. Der Betreiber kann ihn aufnehmen; "
    "lade mich dann wieder ein."
)
TO_LABEL = "Ziel"
TO_HELP = "Sein Name; gibt es nur eines, lass dies leer"
