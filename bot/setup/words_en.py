"""Words of a server's settings, of its welcome, and of the bot's departure."""

from streaming.services.guilds import Language, Setting

COMMANDS = {
    "settings": "Show or change who can run streams, where alerts go, and the language",
}
OPTIONS = {
    "operator_role": "Members with this role can run streams, like those with Manage Server",
    "alerts_channel": "Where to post alerts",
    "language": "The language of panels and alerts",
    "clear": "Reset a setting",
}
CHOICES = {
    Setting.OPERATOR_ROLE: "Operator role",
    Setting.ALERTS_CHANNEL: "Alerts channel",
    Setting.LANGUAGE: "Language",
}
LANGUAGES = {Language.ENGLISH: "English", Language.GERMAN: "Deutsch"}
SETTINGS_TITLE = "Settings"
SETTINGS_SAVED = "🟢 Settings saved"
NO_OPERATOR_ROLE = "None (Manage Server only)"
NO_ALERTS_CHANNEL = "Not set (alerts go to the panel's channel)"
NO_LANGUAGE = "Server default"
SETTINGS_HINT = "Change one with **/settings**, or reset it with the `clear` option."

WELCOME_TITLE = "👋 Nonstop keeps your channel on air"
WELCOME = (
    "It plays playlists to YouTube Live, Twitch or any RTMP ingest around the clock. "
    "Three steps, each with a button:\n\n"
    "**1 · Choose where to stream.** Add a target with its stream key. Only you see the form.\n"
    "**2 · Put something on air.** A YouTube playlist, or `demo` for some built-in demo clips.\n"
    "**3 · See how it's going.** What plays, where, and how well.\n\n"
    "-# Anyone with Manage Server can do this. Use {settings} to allow a role as well. "
    "{help} lists all commands."
)
BUTTONS = {"target": "1 · Add a target", "start": "2 · Put on air", "status": "3 · See how it's going"}
"""By the word in their custom_id."""
PLATFORM = "Where should it stream to?"
PLATFORM_HINT = "Choose the platform. A form then asks for the stream key; only you see it."
PLATFORM_CHOICE = "Choose a platform"
START_TITLE = "Put on air"
PLAYLIST_LABEL = "Playlist"
PLAYLIST_HELP = "A YouTube playlist or video (link or ID), a saved name, or demo"
LEAVING_TITLE = "👋 I'm leaving"
LEAVING = (
    "I only serve certain servers, and this is not one of them. Ask whoever runs me to add it, then invite me again."
)
TO_LABEL = "Target"
TO_HELP = "Its name. Leave this empty if there is only one"
