"""Words of targets, their tests, and the form for a stream key."""

from streaming.model.states import TargetKind

COMMANDS = {
    "target": "Targets",
    "target add": "Add a target; only you see the form for its stream key",
    "target edit": "Change a target's name, address or stream key, also while it is on air",
    "target list": "List this server's targets",
    "target remove": "Remove a target and its stream key",
    "target test": "Send two seconds to a target and show what its ingest answers",
}
OPTIONS = {
    "platform": "The platform",
    "name": "The target's name here (default: the platform)",
    "target": "Which target",
}
CHOICES = {
    TargetKind.YOUTUBE: "YouTube",
    TargetKind.TWITCH: "Twitch",
    TargetKind.KICK: "Kick",
    TargetKind.FACEBOOK: "Facebook",
    TargetKind.CUSTOM: "Other ingest (RTMP)",
    TargetKind.LOCAL: "This machine",
}
TITLE = "Targets"
NO_TARGETS = "There are no targets yet. Add one with **/target add**."
SAVED = "🟢 Target saved"
CHANGED = "🟢 Target changed"
CHANGED_ON_AIR = "-# A stream uses it now: a new address or key takes effect when it reconnects."
REMOVED = "⚫ Target removed"

MODAL_TITLE = "Add a target"
EDIT_TITLE = "Change a target"
NAME_LABEL = "Name"
URL_LABEL = "Ingest URL"
URL_HELP = "Starts with rtmp:// or rtmps://, without the key"
URL_EXAMPLE = "rtmp://HOST/APPLICATION"
KEY_LABEL = "Stream key"
KEY_HELP = "From the platform's live dashboard. Stored encrypted and never shown again."

TESTING = "Sending two seconds of picture and sound. This takes a few seconds."


def removed(name: str) -> str:
    return f"**{name}** and its stream key are removed."


def used_by(streams: str) -> str:
    """The streams on air there."""
    return f"used by {streams}"


def key(hint: str) -> str:
    """The last characters of its stream key."""
    return f"key {hint}"


def key_kept(hint: str) -> str:
    """In the empty field for a new stream key."""
    return f"Leave empty to keep {hint}"


def testing(name: str) -> str:
    """The title while a target is tested; `name` is safe to show."""
    return f"🔵 Testing {name}"


def works(name: str) -> str:
    """The title for a target that accepts the stream."""
    return f"🟢 {name} works"


def works_not(name: str) -> str:
    """The title for a target that does not."""
    return f"🔴 {name} doesn't work"
