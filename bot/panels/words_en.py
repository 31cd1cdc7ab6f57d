"""Words of panels and their buttons."""

COMMANDS = {"stream panel": "Keep a live status message in a channel, or remove it"}
OPTIONS = {
    "channel": "Which channel (default: this one)",
    "remove": "Remove the panel (default: no)",
}

WANTED = "📌 The panel will appear in {channel}"
WANTED_MORE = "It updates itself. Its buttons work for anyone who can run streams."
REMOVED = "⚫ Removed the panel of {title}"
NOWHERE = "A panel needs a channel on Discord."
NOWHERE_KNOWN = "that channel"
NOWHERE_HINT = "Use /stream status here."

BUTTONS = {
    "previous": "Back",
    "skip": "Skip",
    "restart": "Restart",
    "stop": "Stop",
    "queue": "Queue",
    "logs": "Log",
    "refresh": "Refresh",
}
"""By the word in their custom_id."""
IN_PROGRESS = "Already in progress."
IN_PROGRESS_HINT = "Check the panel in a moment."
OUTDATED = "This button is from another version of the bot."
OUTDATED_HINT = "Use /stream panel to get a new panel, or the /stream commands."

GIVEN_UP = "📌 The panel is no longer updated. The log says why; `/stream panel` brings it back."
