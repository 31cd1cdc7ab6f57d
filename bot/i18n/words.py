"""The words people read, by topic, in the language of the current task.

`from bot.i18n.words import queue as words` gives the words of the queue. A topic's words lie beside its feature, in
`bot/queue/words_en.py` and `words_de.py`, and have the same names in each language. A word is looked up when it is
read, so words are read while a card is built and never at import: `tests/unit/bot/test_words.py` checks that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from streaming.services.guilds import Language

__all__ = [
    "cards",
    "charts",
    "discord",
    "help",
    "incidents",
    "numbers",
    "panels",
    "playlists",
    "queue",
    "setup",
    "streams",
    "targets",
]
"""The topics: features of the bot, and how numbers are written."""

_current: ContextVar[Language] = ContextVar("language", default=Language.ENGLISH)


def current_language() -> Language:
    return _current.get()


def set_language(language: Language) -> None:
    """Sets the language of this task and of tasks it starts from now on."""
    _current.set(language)


@contextmanager
def in_language(language: Language) -> Iterator[None]:
    """Sets the language of this task for a block."""
    before = _current.set(language)
    try:
        yield
    finally:
        _current.reset(before)


def topic_module(topic: str, language: Language) -> ModuleType:
    """The module with a topic's words in a language."""
    return import_module(f"bot.i18n.numbers_{language}" if topic == "numbers" else f"bot.{topic}.words_{language}")


if TYPE_CHECKING:
    from bot.cards import words_en as cards
    from bot.charts import words_en as charts
    from bot.discord import words_en as discord
    from bot.help import words_en as help  # noqa: A004  (a topic)
    from bot.i18n import numbers_en as numbers
    from bot.incidents import words_en as incidents
    from bot.panels import words_en as panels
    from bot.playlists import words_en as playlists
    from bot.queue import words_en as queue
    from bot.setup import words_en as setup
    from bot.streams import words_en as streams
    from bot.targets import words_en as targets
else:

    class _Topic:
        """One topic in the language of whichever task reads it."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, word: str) -> Any:  # noqa: ANN401  (for the type checker it is the English module)
            return getattr(topic_module(self._name, _current.get()), word)

    def __getattr__(name: str) -> _Topic:
        if name not in __all__:
            raise AttributeError(name)
        return _Topic(name)
