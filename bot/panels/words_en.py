"""Words of panels and their buttons."""

COMMANDS = {"stream panel": "Keep a live message about a stream in a channel, or take it away"}
OPTIONS = {
    "channel": "Where to (default: this channel)",
    "remove": "Take the panel away (default: no)",
}

WANTED = "📌 The panel comes to {channel}"
WANTED_MORE = "It is kept true by itself, and its buttons are for everybody who may run streams."
REMOVED = "⚫ The panel of {title} is taken away"
NOWHERE = "A panel lives in a channel on Discord."
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
    "stop_now": "Yes, off the air",
    "keep_on": "No",
}
"""By the word in their custom_id."""
QUICKER = "Somebody else is just doing that."
QUICKER_HINT = "Look at the panel in a moment."
OUTDATED = "This button is from another version of me."
OUTDATED_HINT = "Use /stream panel to get a new panel, or the commands of /stream."
STOP_QUESTION = "Take {title} off the air?"
STOP_QUESTION_MORE = "Everybody who watches is cut off. Nothing is lost: it can be started again."
KEPT_ON = "🟢 It stays on the air"

GIVEN_UP = "📌 Its panel is not kept any more. The log says why; `/stream panel` brings it back."
