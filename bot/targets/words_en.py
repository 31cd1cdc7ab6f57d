"""Words of targets, their tests, and the form for a stream key."""

from streaming.model.states import TargetKind

COMMANDS = {
    "target": "Say where streams may go",
    "target add": "Add a target; the stream key is asked for in a form only you see",
    "target list": "List the targets of this server",
    "target remove": "Forget a target and its stream key",
    "target test": "Publish two seconds to a target and see what its ingest answers",
}
OPTIONS = {
    "platform": "Whose ingest it is",
    "name": "What the target is called here (default: the platform)",
    "target": "Which target",
}
CHOICES = {
    TargetKind.YOUTUBE: "YouTube",
    TargetKind.TWITCH: "Twitch",
    TargetKind.KICK: "Kick",
    TargetKind.FACEBOOK: "Facebook",
    TargetKind.CUSTOM: "Another ingest (RTMP)",
    TargetKind.LOCAL: "This machine",
}
TITLE = "Targets"
NO_TARGETS = "There is no target yet. Add one with **/target add**."
SAVED = "🟢 Target saved"
REMOVED = "⚫ Target removed"

MODAL_TITLE = "Add a target"
URL_LABEL = "Ingest URL"
URL_HELP = "Begins with rtmp:// or rtmps://, without the key"
URL_EXAMPLE = "rtmp://HOST/APPLICATION"
KEY_LABEL = "Stream key"
KEY_HELP = "From the platform's live dashboard. It is stored encrypted and never shown again."

TESTING = "Two seconds of picture and sound are on their way there. This takes a few seconds."


def removed(name: str) -> str:
    return f"**{name}** and its key are gone."


def used_by(streams: str) -> str:
    """The streams on air there."""
    return f"used by {streams}"


def key(hint: str) -> str:
    """The last characters of its stream key."""
    return f"key {hint}"


def testing(name: str) -> str:
    """The title while a target is tested; `name` is safe to show."""
    return f"🔵 Testing {name}"


def works(name: str) -> str:
    """The title for a target that accepts the stream."""
    return f"🟢 {name} works"


def works_not(name: str) -> str:
    """The title for a target that does not."""
    return f"🔴 {name} does not work"
