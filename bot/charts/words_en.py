"""Words on health charts."""

from bot.i18n.numbers_en import whole

BITRATE = "Bitrate · Mbit/s"
SPEED = "Speed · ×"
LEAD = "Lead · s"
SLATE = "slate"
RECONNECT = "reconnect"
NOW = "now"


def more_targets(count: int) -> str:
    """Targets the chart has no line for."""
    return f"and {whole(count)} more"


def ago(hours: float) -> str:
    """A point on the time axis."""
    return f"{hours:g} h ago" if hours >= 1 else f"{hours * 60:.0f} min ago"
