"""Messages for people: English texts that know their code and their values, so that any language can render them.

A package declares what it says as `Text` attributes of one class for each topic, in its `messages.py`:

    class Targets:
        UNKNOWN = Text("There is no target {name!r}.")

`Targets.UNKNOWN(name="Main")` is a message: the English text, with the code `targets.unknown` and the value. A message
may be a value of another one; `{reason:clause}` renders it without its full stop. The bot renders a message in the
language of its reader (`bot/i18n/messages.py`).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any, Final, Self

_FULL_STOP = "."
_ENCODED = '{"code":'


class Message(str):
    """A text for people in English; `code` and `values` say the same for a program and in other languages.

    Text that comes from outside has no code and is the same in every language. Built from parts (`f"{message}!"`), it
    is an ordinary string again. `Message(message)` is the message itself.
    """

    __slots__ = ("code", "values")

    code: str
    values: Mapping[str, Any]

    def __new__(cls, text: str = "", code: str = "", values: Mapping[str, Any] | None = None) -> Self:
        if isinstance(text, cls) and not code:
            return text
        message = super().__new__(cls, text)
        message.code, message.values = code, values or {}
        return message

    def __format__(self, how: str) -> str:
        return self.removesuffix(_FULL_STOP) if how == "clause" else super().__format__(how)

    def __reduce__(self) -> tuple[object, ...]:
        return Message, (str(self), self.code, dict(self.values))

    def mapped(self, change: Callable[[str], str]) -> "Message":
        """The message after a change of its text and of each text among its values."""
        return Message(
            change(str(self)), self.code, {name: _mapped(value, change) for name, value in self.values.items()}
        )


def _mapped(value: object, change: Callable[[str], str]) -> object:
    if isinstance(value, Message):
        return value.mapped(change)
    return change(value) if isinstance(value, str) else value


CATALOGUE: Final[dict[str, "Text"]] = {}
"""Every text that was declared in the modules imported so far, by its code."""


class Text:
    """The template of a message, in the notation of `str.format` with named values."""

    def __init__(self, english: str) -> None:
        self.english = english
        self.code = ""

    def __set_name__(self, topic: type, name: str) -> None:
        self.code = f"{topic.__name__}.{name}".lower()
        assert self.code not in CATALOGUE, f"{self.code} is declared twice"
        CATALOGUE[self.code] = self

    def __call__(self, **values: "str | int | float | Message") -> Message:
        """The message with these values."""
        shown = {name: Message(value) if isinstance(value, str) else value for name, value in values.items()}
        return Message(self.english.format(**shown), self.code, values)


NOTHING = Message()
"""Nothing to say."""


class Joined:
    """Messages that follow each other."""

    SENTENCES = Text("{first} {second}")


def joined(clauses: Sequence[Message], link: Text) -> Message:
    """One clause of at least one; `link` stands between two of them."""
    return reduce(lambda first, second: link(first=first, second=second), clauses)


def encode(text: str) -> str:
    """A message as one string that `decode` reads: JSON, or the text alone where there is no code."""
    if (isinstance(text, Message) and text.code) or text.startswith(_ENCODED):
        return json.dumps(_to_json(Message(text)), ensure_ascii=False, separators=(",", ":"))
    return str(text)


def decode(encoded: str) -> Message:
    """The message of such a string. What was written before messages had codes is a text without one."""
    if not encoded.startswith(_ENCODED):
        return Message(encoded)
    try:
        return _from_json(json.loads(encoded))
    except (LookupError, TypeError, ValueError):
        return Message(encoded)


def _to_json(message: Message) -> dict[str, object]:
    values = {name: _to_json(value) if isinstance(value, Message) else value for name, value in message.values.items()}
    return {"code": message.code, "text": str(message), "values": values}


def _from_json(found: Mapping[str, Any]) -> Message:
    values = {
        name: _from_json(value) if isinstance(value, dict) else value for name, value in dict(found["values"]).items()
    }
    return Message(found["text"], found["code"], values)
