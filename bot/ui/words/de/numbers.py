"""How numbers, and several things in a row, are written."""

from collections.abc import Sequence

UNTITLED = "(ohne Titel)"

_SIGNS = str.maketrans(",.", ".,")


def whole(number: float) -> str:
    """`1.204`."""
    return f"{number:,.0f}".translate(_SIGNS)


def decimal(number: float, places: int) -> str:
    """`2,31`, with so many places."""
    return f"{number:,.{places}f}".translate(_SIGNS)


def respelled(number: str) -> str:
    """`2,31`, where a text has `2.31`."""
    return number.translate(_SIGNS)


def brief(seconds: float) -> str:
    """`42 s`, `3 min 20 s`, `2 Std. 5 min`."""
    seconds = round(seconds)
    if seconds < 60:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} Std. {minutes} min" if minutes else f"{hours} Std."


def more(count: int) -> str:
    """What a list has no room for."""
    return f"… und {whole(count)} weitere"


def listed(things: Sequence[str]) -> str:
    """`A, B und C`."""
    *most, last = things
    return f"{', '.join(most)} und {last}" if most else last
