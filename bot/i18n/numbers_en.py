"""Notation of numbers, durations and enumerations."""

from collections.abc import Sequence

UNTITLED = "(untitled)"
"""In place of a title without a visible character."""


def whole(number: float) -> str:
    """`1,204`"""
    return f"{number:,.0f}"


def decimal(number: float, places: int) -> str:
    """`2.31`"""
    return f"{number:,.{places}f}"


def respelled(number: str) -> str:
    """A number from an English text in the language's notation."""
    return number


def brief(seconds: float) -> str:
    """`42 s`, `3 min 20 s`, `2 h 5 min`."""
    seconds = round(seconds)
    if seconds < 60:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def more(count: int) -> str:
    """The entries a list has no room for."""
    return f"… and {whole(count)} more"


def listed(things: Sequence[str]) -> str:
    """`A, B and C`."""
    *most, last = things
    return f"{', '.join(most)} and {last}" if most else last
