"""What commands say of themselves, in each language: Discord is told all of them, and shows readers theirs."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from bot.ui import words
from streaming.control.guilds import Language

_TABLES = ("COMMANDS", "OPTIONS", "CHOICES")


def told(english: str, language: Language | None = None) -> str:
    """A description, or the name of a choice, in a language, or the one in force; what is not known stays English."""
    return _dictionary(language or words.language_in_force()).get(english, english)


@cache
def _dictionary(language: Language) -> Mapping[str, str]:
    """Each English text of the tables, and that of the same name."""
    told: dict[str, str] = {}
    for topic in words.__all__:
        english, other = (import_module(f"{words.__name__}.{code}.{topic}") for code in (Language.ENGLISH, language))
        for table in _TABLES:
            translations = getattr(other, table, {})
            told |= {text: translations[name] for name, text in getattr(english, table, {}).items()}
    return told
