"""Words of `/help` and `/about`."""

COMMANDS = {
    "help": "Show what you can do and how to start",
    "about": "Show the version and the running engines",
}
OPTIONS = {"command": "Which command to explain"}
HELP_TITLE = "How to run a channel"
FIRST_STEPS = (
    ("target add", "choose where to stream. Only you see the form for the stream key."),
    ("stream start", "put a playlist on air. `playlist:demo` plays some built-in demo clips."),
    ("stream status", "see how it's going."),
)
OTHER_COMMANDS = "Other"
NO_OPTIONS = "It has no options."
NO_COMMAND = "There is no command “{name}”."
NO_COMMAND_HINT = "/help lists all commands."
OPTIONAL = "optional"

ABOUT_TITLE = "Nonstop {version}"
ABOUT = "Keeps channels on air around the clock. Plays playlists to YouTube Live, Twitch or any RTMP ingest."
UP = "Started"
SERVERS = "Servers"
LICENCE = "Licence"
LICENCE_NAME = "MIT"
INVITE = "Invite"
INVITE_LABEL = "Add it to another server"
ENGINES = "Engines"
NO_ENGINE = "No engine is running, so nothing can go on air. Start one with `python -m streaming run`."
