"""The words of panels, their buttons, and incidents."""

PANEL_COMMAND = "Keep a live message about a stream in a channel, or take it away"
CHANNEL_OPTION = "Where to (default: this channel)"
REMOVE_OPTION = "Take the panel away (default: no)"

WANTED = "📌 The panel comes to {channel}"
WANTED_MORE = "It is kept true by itself, and its buttons are for everybody who may run streams."
REMOVED = "⚫ The panel of {title} is taken away"
NOWHERE = "A panel lives in a channel on Discord."
NOWHERE_KNOWN = "that channel"
NOWHERE_HINT = "Use /stream status here."

PREVIOUS = "Back"
SKIP = "Skip"
RESTART = "Restart"
QUEUE = "Queue"
LOGS = "Log"
STOP = "Stop"
STOP_NOW = "Yes, off the air"
KEEP_ON = "No"
REFRESH = "Refresh"
QUICKER = "Somebody else is just doing that."
QUICKER_HINT = "Look at the panel in a moment."
OUTDATED = "This button is from another version of me."
OUTDATED_HINT = "Use /stream panel to get a new panel, or the commands of /stream."
STOP_QUESTION = "Take {title} off the air?"
STOP_QUESTION_MORE = "Everybody who watches is cut off. Nothing is lost: it can be started again."
KEPT_ON = "🟢 It stays on the air"

MESSAGE_DELETED = "The panel was deleted, so it is kept no more."
CHANNEL_DELETED = "The channel of the panel was deleted, so it is kept no more."
NOT_ALLOWED = "The panel cannot be kept: I may not write in its channel any more. Use /stream panel when I may."
GIVEN_UP = "📌 Its panel is not kept any more. The log says why; `/stream panel` brings it back."
REFUSED = "The panel cannot be kept: Discord refuses it ({reason}). Use /stream panel to try again."

INCIDENT = "🟠 Trouble · {title}"
INCIDENT_OVER = "🟢 Over after {duration} · {title}"
INCIDENT_OFF_AIR = "⚫ Off air after {duration} of trouble · {title}"
INCIDENT_FAILED = "🔴 Failed after {duration} of trouble · {title}"
INCIDENT_TIMES = "It came back {times} times."
SINCE = "Since {since}."
SEEN = "Seen at the ingest: {seen}."
SEEN_NOTHING = "nothing"
SLATE_SECONDS = "slate for {duration}"
MISSED_SECONDS = "{duration} missed"
NO_TARGET_TAKES_IT = "No target takes the stream."
SLATE = "There is nothing to play, so viewers see the slate."
TARGET_REFUSED = "{target} refuses the stream"
TARGET_RETRYING = "{target} is being reconnected"
ENGINE_GONE = "The engine is gone; the stream goes on when it is back."


def brief(seconds: float) -> str:
    """`42 s`, `3 min 20 s`, `2 h 5 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
