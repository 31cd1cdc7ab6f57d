"""Words of a server's settings, of its welcome, and of the bot's departure."""

from streaming.services.guilds import Language, Setting

COMMANDS = {
    "settings": "See or change who runs streams here, where incidents are told, and the language",
}
OPTIONS = {
    "operator_role": "Who has this role may run streams, as those who manage the server may",
    "alerts_channel": "Where incidents are told",
    "language": "What panels and alerts are written in",
    "clear": "Forget a choice",
}
CHOICES = {
    Setting.OPERATOR_ROLE: "Operator role",
    Setting.ALERTS_CHANNEL: "Alerts channel",
    Setting.LANGUAGE: "Language",
}
LANGUAGES = {Language.ENGLISH: "English", Language.GERMAN: "Deutsch"}
SETTINGS_TITLE = "Settings"
SETTINGS_SAVED = "🟢 Settings saved"
NO_OPERATOR_ROLE = "nobody but those who manage the server"
NO_ALERTS_CHANNEL = "nowhere"
NO_LANGUAGE = "the server's own"
SETTINGS_HINT = "Change one with **/settings**, or forget it with its option **clear:**."

WELCOME_TITLE = "👋 Nonstop keeps a channel on air"
WELCOME = (
    "It plays playlists to YouTube Live, Twitch or any RTMP ingest around the clock. "
    "Three steps, each with a button:\n\n"
    "**1 · Say where to.** Add a target with its stream key; only you see the form.\n"
    "**2 · Put something on air.** A YouTube playlist, or `demo` for a few clips of ours.\n"
    "**3 · See how it goes.** What plays, where, and how well.\n\n"
    "-# Whoever manages this server may do this; with {settings} you choose a role that may, too. "
    "{help} lists the rest."
)
BUTTONS = {"target": "1 · Add a target", "start": "2 · Put on air", "status": "3 · See how it goes"}
"""By the word in their custom_id."""
PLATFORM = "Where is it to go?"
PLATFORM_HINT = "Choose the platform; then a form asks for the stream key, which only you see."
PLATFORM_CHOICE = "Choose a platform"
START_TITLE = "Put on air"
PLAYLIST_LABEL = "Playlist"
PLAYLIST_HELP = "A YouTube playlist or video, as an address or id; or a saved name; or demo"
LEAVING_TITLE = "👋 I leave again"
LEAVING = "I am run for certain servers, and this is none of them. Whoever runs me can add it; then invite me again."
TO_LABEL = "Target"
TO_HELP = "Its name; with only one there is, leave this empty"
