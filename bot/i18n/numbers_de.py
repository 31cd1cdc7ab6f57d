"""Notation of numbers, durations and enumerations."""

from collections.abc import Sequence

UNTITLED = "(ohne Titel)"

_SIGNS = str.maketrans(",.", ".,")


def whole(number: float) -> str:
    return f"{number:,.0f}".translate(_SIGNS)


def decimal(number: float, places: int) -> str:
    return f"{number:,.{places}f}".translate(_SIGNS)


def respelled(number: str) -> str:
    return number.translate(_SIGNS)


def brief(seconds: float) -> str:
    seconds = round(seconds)
    if seconds < 60:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def more(count: int) -> str:
    return f"… und {whole(count)} weitere"


def listed(things: Sequence[str]) -> str:
    *most, last = things
    return f"{', '.join(most)} und {last}" if most else last
