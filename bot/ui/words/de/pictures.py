"""Words beside pictures: previews and health charts."""

from bot.ui.words.de.numbers import whole

COMMANDS = {"stream preview": "Ein Bild von dem sehen, was auf Sendung ist"}
OPTIONS = {"chart": "Wie weit der Verlauf zurückreicht (sonst: 1h)"}

BITRATE = "Bitrate · Mbit/s"
SPEED = "Tempo · ×"
LEAD = "Vorsprung · s"
SLATE = "Standbild"
RECONNECT = "neu verbunden"
NOW = "jetzt"


def more_targets(count: int) -> str:
    """What a chart has no line for."""
    return f"und {whole(count)} weitere"


def ago(hours: float) -> str:
    """A point on the time axis."""
    return f"vor {hours:g} Std." if hours >= 1 else f"vor {hours * 60:.0f} min"
