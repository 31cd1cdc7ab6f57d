"""Words of a server's settings, of its welcome, and of the bot's departure."""

from streaming.services.guilds import Language, Setting

COMMANDS = {
    "settings": "Zeigen oder ändern, wer Streams steuern darf, wohin Meldungen gehen, und die Sprache",
}
OPTIONS = {
    "operator_role": "Mitglieder mit dieser Rolle dürfen Streams steuern, wie alle, die den Server verwalten",
    "alerts_channel": "Wohin Meldungen gehen",
    "language": "Die Sprache von Panels und Meldungen",
    "clear": "Eine Einstellung zurücksetzen",
}
CHOICES = {
    Setting.OPERATOR_ROLE: "Rolle für Operatoren",
    Setting.ALERTS_CHANNEL: "Kanal für Meldungen",
    Setting.LANGUAGE: "Sprache",
}
LANGUAGES = {Language.ENGLISH: "English", Language.GERMAN: "Deutsch"}
SETTINGS_TITLE = "Einstellungen"
SETTINGS_SAVED = "🟢 Einstellungen gespeichert"
NO_OPERATOR_ROLE = "Keine (nur wer den Server verwalten darf)"
NO_ALERTS_CHANNEL = "Nicht gesetzt (Meldungen gehen in den Kanal des Panels)"
NO_LANGUAGE = "Standard des Servers"
SETTINGS_HINT = "Ändere eine mit **/settings**, oder setze sie mit der Option `clear` zurück."

WELCOME_TITLE = "👋 Nonstop hält deinen Kanal auf Sendung"
WELCOME = (
    "Es spielt Playlists rund um die Uhr auf YouTube Live, Twitch oder jeden RTMP-Ingest. "
    "Drei Schritte, jeder mit einem Button:\n\n"
    "**1 · Wähle, wohin gestreamt wird.** Lege ein Ziel mit seinem Streamschlüssel an. Das Formular siehst nur du.\n"
    "**2 · Bring etwas auf Sendung.** Eine YouTube-Playlist, oder `demo` für ein paar eingebaute Demo-Clips.\n"
    "**3 · Sieh nach, wie es läuft.** Was läuft, wo und wie gut.\n\n"
    "-# Das darf, wer den Server verwalten darf. Mit {settings} erlaubst du es auch einer Rolle. "
    "{help} zeigt alle Befehle."
)
BUTTONS = {"target": "1 · Ein Ziel anlegen", "start": "2 · Auf Sendung", "status": "3 · Sehen, wie es läuft"}
PLATFORM = "Wohin soll gestreamt werden?"
PLATFORM_HINT = "Wähle die Plattform. Dann fragt ein Formular nach dem Streamschlüssel; nur du siehst es."
PLATFORM_CHOICE = "Wähle eine Plattform"
START_TITLE = "Auf Sendung bringen"
PLAYLIST_LABEL = "Playlist"
PLAYLIST_HELP = "Playlist oder Video von YouTube (Link oder ID), ein gespeicherter Name oder demo"
LEAVING_TITLE = "👋 Ich verlasse den Server"
LEAVING = (
    "Ich bin nur für bestimmte Server da, und dieser gehört nicht dazu. Bitte den Betreiber, ihn aufzunehmen, "
    "und lade mich dann wieder ein."
)
TO_LABEL = "Ziel"
TO_HELP = "Name des Ziels. Leer lassen, wenn es nur eines gibt"
