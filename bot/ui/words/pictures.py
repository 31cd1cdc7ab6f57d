"""Words beside pictures: previews, health charts, and the test of a target."""

PREVIEW = "See a picture of what is on air"
TEST = "Publish two seconds to a target and see what its ingest answers"
CHART = "How far back the health chart goes (default: 1h)"

BITRATE = "Bitrate · Mbit/s"
SPEED = "Speed · ×"
LEAD = "Lead · s"
SLATE = "slate"
RECONNECT = "reconnect"
NOW = "now"

TESTING = "Two seconds of picture and sound are on their way there. This takes a few seconds."
MORE_TARGETS = "and {count} more"


def testing(name: str) -> str:
    """The title while a target is tested; `name` is safe to show."""
    return f"🔵 Testing {name}"


def works(name: str) -> str:
    """The title for a target that takes what is sent."""
    return f"🟢 {name} works"


def works_not(name: str) -> str:
    """The title for a target that does not."""
    return f"🔴 {name} does not work"


def ago(hours: float) -> str:
    """A point on the time axis."""
    return f"{hours:g} h ago" if hours >= 1 else f"{hours * 60:.0f} min ago"
