"""Words on health charts."""

from bot.i18n.numbers_de import whole

BITRATE = "Bitrate · Mbit/s"
SPEED = "Tempo · ×"
LEAD = "Vorsprung · s"
SLATE = "Standbild"
RECONNECT = "neu verbunden"
NOW = "jetzt"


def more_targets(count: int) -> str:
    return f"und {whole(count)} weitere"


def ago(hours: float) -> str:
    return f"vor {hours:g} h" if hours >= 1 else f"vor {hours * 60:.0f} min"
