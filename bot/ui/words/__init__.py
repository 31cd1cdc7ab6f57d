"""The words people read: a package for each language, with the same topics and the same names in each.

`from bot.ui.words import queue` gives a topic that speaks the language in force where it is asked. So words are
asked for while a card is drawn, and never when a module is loaded: `tests/unit/test_words.py` looks for that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from typing import TYPE_CHECKING, Any

from streaming.control.guilds import Language

__all__ = [
    "discord",
    "failures",
    "first_run",
    "guild",
    "help",
    "numbers",
    "panel",
    "pictures",
    "playlist",
    "queue",
    "streams",
    "targets",
]
"""The topics."""

_in_force: ContextVar[Language] = ContextVar("language", default=Language.ENGLISH)


def language_in_force() -> Language:
    """What the words of this task are in."""
    return _in_force.get()


def speak(language: Language) -> None:
    """Has this task speak a language from now on, and what it starts, too."""
    _in_force.set(language)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Has this task speak a language for a while."""
    before = _in_force.set(language)
    try:
        yield
    finally:
        _in_force.reset(before)


if TYPE_CHECKING:
    from bot.ui.words.en import (
        discord,
        failures,
        first_run,
        guild,
        help,  # noqa: A004  (a topic)
        numbers,
        panel,
        pictures,
        playlist,
        queue,
        streams,
        targets,
    )
else:

    class _Topic:
        """One topic, in whatever language is in force when it is asked."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, word: str) -> Any:  # noqa: ANN401  (for the type checker it is the English module)
            return getattr(import_module(f"{__name__}.{_in_force.get()}.{self._name}"), word)

    def __getattr__(name: str) -> _Topic:
        if name not in __all__:
            raise AttributeError(name)
        return _Topic(name)
