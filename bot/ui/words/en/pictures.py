"""Words beside pictures: previews and health charts."""

from bot.ui.words.en.numbers import whole

COMMANDS = {"stream preview": "See a picture of what is on air"}
OPTIONS = {"chart": "How far back the health chart goes (default: 1h)"}

BITRATE = "Bitrate · Mbit/s"
SPEED = "Speed · ×"
LEAD = "Lead · s"
SLATE = "slate"
RECONNECT = "reconnect"
NOW = "now"


def more_targets(count: int) -> str:
    """What a chart has no line for."""
    return f"and {whole(count)} more"


def ago(hours: float) -> str:
    """A point on the time axis."""
    return f"{hours:g} h ago" if hours >= 1 else f"{hours * 60:.0f} min ago"
