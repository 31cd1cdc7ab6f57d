"""Words of the card that welcomes a server, and of what its buttons open."""

TITLE = "👋 Nonstop keeps a channel on air"
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
NOT_SERVED_TITLE = "👋 I leave again"
NOT_SERVED = "I am run for certain servers, and this is none of them. Whoever runs me can add it; then invite me again."
TO_LABEL = "Target"
TO_HELP = "Its name; with only one there is, leave this empty"
