"""Words of `/help` and `/about`."""

COMMANDS = {
    "help": "Zeigen, was du tun kannst und wie du anfängst",
    "about": "Version und laufende Engines zeigen",
}
OPTIONS = {"command": "Welcher Befehl erklärt werden soll"}
HELP_TITLE = "So betreibst du einen Kanal"
FIRST_STEPS = (
    ("target add", "wähle, wohin gestreamt wird. Das Formular für den Streamschlüssel siehst nur du."),
    ("stream start", "bring eine Playlist auf Sendung. `playlist:demo` spielt ein paar eingebaute Demo-Clips."),
    ("stream status", "sieh nach, wie es läuft."),
)
OTHER_COMMANDS = "Sonstiges"
NO_OPTIONS = "Dieser Befehl hat keine Optionen."
NO_COMMAND = "Einen Befehl „{name}“ gibt es nicht."
NO_COMMAND_HINT = "/help zeigt alle Befehle."
OPTIONAL = "optional"

ABOUT_TITLE = "Nonstop {version}"
ABOUT = "Hält Kanäle rund um die Uhr auf Sendung und streamt Playlists zu YouTube Live, Twitch oder jedem RTMP-Ingest."
UP = "Gestartet"
SERVERS = "Server"
LICENCE = "Lizenz"
LICENCE_NAME = "MIT"
INVITE = "Einladen"
INVITE_LABEL = "Zu einem anderen Server hinzufügen"
ENGINES = "Engines"
NO_ENGINE = "Es läuft keine Engine, also kommt nichts auf Sendung. Starte eine mit `python -m streaming run`."
