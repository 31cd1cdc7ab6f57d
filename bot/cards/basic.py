"""Cards that no feature owns, and the colours of all cards."""

from discord import Colour, Embed

from bot.cards import text
from bot.i18n.messages import render
from bot.i18n.words import cards as words

GREEN = Colour(0x3BA55D)
BLUE = Colour(0x5865F2)
ORANGE = Colour(0xE8A33D)
RED = Colour(0xD83C3E)
GREY = Colour(0x80848E)

_LIGHTS = {"🟢": GREEN, "🔵": BLUE, "🟠": ORANGE, "🔴": RED, "⚫": GREY}


def light_colour(title: str) -> Colour:
    """The colour of the light a title begins with; blue without a light."""
    return _LIGHTS.get(title[0], BLUE)


def failure(message: str, hint: str = "") -> Embed:
    """What went wrong, and what to do about it; both are translated and made safe here."""
    paragraphs = (text.safe(render(message), 1000), hint and words.what_to_do(text.safe(render(hint), 1000)))
    return Embed(title=f"🔴 {words.FAILURE}", description="\n\n".join(filter(None, paragraphs)), colour=RED)


def answer(title: str, message: str) -> Embed:
    """The engine's answer to a command."""
    return Embed(title=title, description=text.safe(render(message), 300), colour=GREEN)


def question(title: str, details: str) -> Embed:
    """A confirmation before something is done; both texts have to be safe already."""
    return Embed(title=title, description=details, colour=ORANGE)


def note(title: str, details: str = "") -> Embed:
    """An outcome without further data; both texts have to be safe already."""
    return Embed(title=title, description=details or None, colour=light_colour(title))


def is_failure(card: Embed) -> bool:
    return card.colour == RED
