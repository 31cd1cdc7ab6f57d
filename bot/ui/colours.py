"""The colours of cards: each goes with the light that a title begins with."""

from discord import Colour

GREEN = Colour(0x3BA55D)
BLUE = Colour(0x5865F2)
ORANGE = Colour(0xE8A33D)
RED = Colour(0xD83C3E)
GREY = Colour(0x80848E)

_LIGHTS = {"🟢": GREEN, "🔵": BLUE, "🟠": ORANGE, "🔴": RED, "⚫": GREY}


def of_light(words: str) -> Colour:
    """The colour of the light that the words begin with; blue for words without one."""
    return _LIGHTS.get(words[0], BLUE)
