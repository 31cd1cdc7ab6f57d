"""Words of `/help` and `/about`."""

COMMANDS = {
    "help": "Was du hier tun kannst, und wie du anfängst",
    "about": "Welche Version das ist, und was die Arbeit macht",
}
OPTIONS = {"command": "Ein Befehl mit seinen Optionen"}
HELP_TITLE = "So betreibst du einen Kanal"
FIRST_STEPS = (
    ("target add", "sag, wohin Streams gehen. Nach dem Schlüssel fragt ein Formular, das nur du siehst."),
    ("stream start", "bring eine Playlist auf Sendung. Mit `playlist:demo` spielt es ein paar Clips von uns."),
    ("stream status", "sieh nach, wie es läuft."),
)
AROUND = "Und drumherum"
NO_OPTIONS = "Er hat keine Optionen."
NO_COMMAND = "Einen Befehl „{name}“ gibt es nicht."
NO_COMMAND_HINT = "/help allein zeigt alle."
MAY_BE_LEFT_OUT = "kann wegbleiben"

ABOUT_TITLE = "Nonstop {version}"
ABOUT = "Hält Kanäle auf Sendung: Es spielt Playlists rund um die Uhr auf YouTube Live, Twitch oder jeden RTMP-Ingest."
UP = "Gestartet"
SERVERS = "Server"
LICENCE = "Lizenz"
LICENCE_NAME = "MIT"
INVITE = "Einladen"
INVITE_LABEL = "Auf einen anderen Server holen"
ENGINES = "Engines"
NO_ENGINE = "Es läuft keine, also kommt nichts auf Sendung: Starte eine mit `python -m streaming run`."
