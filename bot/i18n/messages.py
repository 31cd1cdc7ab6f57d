"""Renders messages of the streaming side in the language of the current task.

A message carries its code, its values and its English text. A language's table has a template for each code, with the
same values. Whatever no table knows is shown in English: text from outside, and messages of a newer engine.
"""

import string
from collections.abc import Mapping
from functools import cache
from importlib import import_module

from bot.i18n.words import current_language, numbers
from streaming.model.message import Message
from streaming.services.guilds import Language


def render(message: str) -> str:
    """A message in the current language. Text without a code is the same in every language."""
    if not isinstance(message, Message) or current_language() is Language.ENGLISH:
        return message
    template = templates(current_language()).get(message.code)
    try:
        return message if template is None else _FORMATTER.vformat(template, (), message.values)
    except (LookupError, ValueError):  # another version of the engine gave it other values
        return message


@cache
def templates(language: Language) -> Mapping[str, str]:
    """A language's templates by code; English has none, because messages are in English."""
    if language is Language.ENGLISH:
        return {}
    found: Mapping[str, str] = import_module(f"bot.i18n.messages_{language}").MESSAGES
    return found


class _Formatter(string.Formatter):
    """`str.format` with messages and numbers as the current language writes them."""

    def format_field(self, value: object, format_spec: str) -> str:
        if isinstance(value, str):
            return format(Message(render(value)), format_spec)
        shown: str = format(value, format_spec)
        return numbers.respelled(shown) if isinstance(value, int | float) else shown


_FORMATTER = _Formatter()
