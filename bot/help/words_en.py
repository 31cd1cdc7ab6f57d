"""Words of `/help` and `/about`."""

COMMANDS = {
    "help": "What you can do here, and how to begin",
    "about": "Which version this is, and what does the work",
}
OPTIONS = {"command": "One command, with its options"}
HELP_TITLE = "How to run a channel"
FIRST_STEPS = (
    ("target add", "say where streams go. The key is asked for in a form only you see."),
    ("stream start", "put a playlist on air. With `playlist:demo` it plays a few clips of ours."),
    ("stream status", "see how it goes."),
)
AROUND = "And around it"
NO_OPTIONS = "It has no options."
NO_COMMAND = "There is no command {name!r}."
NO_COMMAND_HINT = "/help alone lists them all."
MAY_BE_LEFT_OUT = "may be left out"

ABOUT_TITLE = "Nonstop {version}"
ABOUT = "Keeps channels on air: it plays playlists to YouTube Live, Twitch or any RTMP ingest around the clock."
UP = "Up since"
SERVERS = "Servers"
LICENCE = "Licence"
LICENCE_NAME = "MIT"
INVITE = "Invite"
INVITE_LABEL = "Add it to another server"
ENGINES = "Engines"
NO_ENGINE = "None is running, so nothing can go on air: start one with `python -m streaming run`."
