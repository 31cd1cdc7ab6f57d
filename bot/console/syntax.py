"""Parses a typed line like `/stream start playlist:demo title:"two words"`, with the checks Discord makes."""

import difflib
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from streaming.model.errors import UsageError
from streaming.model.message import Message

Value = str | int | float | bool

_SUBCOMMAND, _GROUP = 1, 2
_TRUE, _FALSE = ("true", "yes", "on"), ("false", "no", "off")


class Kind(IntEnum):
    """The types of options that can be typed (Discord's ApplicationCommandOptionType)."""

    TEXT = 3
    INTEGER = 4
    BOOLEAN = 5
    NUMBER = 10


_TYPED = {kind.value for kind in Kind}
"""Channels, roles and people exist on Discord only."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a command; `choices` maps labels to values."""

    name: str
    kind: Kind
    description: str
    is_required: bool
    choices: Mapping[str, Value]
    least: float | None
    most: float | None
    """The range of a number, or of a text's length."""


@dataclass(frozen=True, slots=True)
class Form:
    """One command: the words of its name, and its options."""

    path: tuple[str, ...]
    description: str
    options: tuple[Option, ...]

    @property
    def name(self) -> str:
        return "/" + " ".join(self.path)

    @property
    def usage(self) -> str:
        """Its options, optional ones in brackets."""
        return " ".join(f"{o.name}:" if o.is_required else f"[{o.name}:]" for o in self.options)


@dataclass(frozen=True, slots=True)
class Call:
    """A command with the values of its options."""

    form: Form
    values: Mapping[str, Value]

    @property
    def payload(self) -> dict[str, Any]:
        """The data Discord would send for it."""
        kinds = {option.name: option.kind for option in self.form.options}
        options: list[dict[str, Any]] = [
            {"name": name, "type": int(kinds[name]), "value": value} for name, value in self.values.items()
        ]
        first, *rest = self.form.path
        for depth, name in enumerate(reversed(rest)):
            options = [{"name": name, "type": _GROUP if depth else _SUBCOMMAND, "options": options}]
        return {"id": "0", "name": first, "type": 1, "options": options}


def forms(commands: Sequence[Mapping[str, Any]]) -> tuple[Form, ...]:
    """The commands in their registration payload (`app_commands.Command.to_dict`), each subcommand on its own."""
    return tuple(form for command in commands for form in _flattened(command, ()))


def parse(line: str, known: Sequence[Form]) -> Call:
    """Parses one line. Raises UsageError with what is wrong and what was expected."""
    words = _words(line.strip().removeprefix("/"))
    form = _form(words, known)
    values: dict[str, Value] = {}
    for word in words[len(form.path) :]:
        option, text = _option(word, form)
        if option.name in values:
            raise UsageError(Message(f"{option.name}: was given twice."))
        values[option.name] = _value(option, text)
    missing = [f"{option.name}:" for option in form.options if option.is_required and option.name not in values]
    if missing:
        raise UsageError(Message(f"{form.name} needs {' and '.join(missing)}."), hint=Message(f"It takes {form.usage}"))
    return Call(form, values)


def _flattened(command: Mapping[str, Any], above: tuple[str, ...]) -> Iterator[Form]:
    path = (*above, command["name"])
    options = command.get("options", [])
    nested = [option for option in options if option["type"] in (_SUBCOMMAND, _GROUP)]
    if nested or command.get("type") == _GROUP:
        for option in nested:
            yield from _flattened(option, path)
    else:
        typable = [option for option in options if option["type"] in _TYPED]  # roles and channels are Discord's
        yield Form(path, command["description"], tuple(map(_described, typable)))


def _described(option: Mapping[str, Any]) -> Option:
    return Option(
        name=option["name"],
        kind=Kind(option["type"]),
        description=option["description"],
        is_required=option.get("required", False),
        choices={choice["name"]: choice["value"] for choice in option.get("choices", [])},
        least=option.get("min_value", option.get("min_length")),
        most=option.get("max_value", option.get("max_length")),
    )


def _words(line: str) -> list[str]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters, lexer.quotes, lexer.escape = True, "", '"', ""
    try:
        return list(lexer)
    except ValueError:
        raise UsageError(Message("A quotation mark is missing.")) from None


def _form(words: Sequence[str], known: Sequence[Form]) -> Form:
    for form in known:
        if tuple(words[: len(form.path)]) == form.path:
            return form
    typed = "/" + " ".join(word for word in words[:2] if ":" not in word)
    near = _nearest(typed, [form.name for form in known])
    raise UsageError(Message(f"There is no command {typed}."), hint=Message(near or "/help lists all commands."))


def _option(word: str, form: Form) -> tuple[Option, str]:
    name, colon, text = word.partition(":")
    if not colon:
        raise UsageError(
            Message(f"{word!r} does not belong to an option."),
            hint=Message('Write option:value, or option:"two words".'),
        )
    for option in form.options:
        if option.name == name:
            return option, text
    names = [option.name for option in form.options]
    takes = f"It takes {form.usage}" if names else "It takes none."
    raise UsageError(
        Message(f"{form.name} has no option {name}:."), hint=Message(_nearest(name, names, suffix=":") or takes)
    )


def _value(option: Option, text: str) -> Value:
    if option.choices:
        return _choice(option, text)
    if option.kind is Kind.BOOLEAN:
        if text.casefold() not in _TRUE + _FALSE:
            raise UsageError(Message(f"{option.name}: must be yes or no, not {text!r}."))
        return text.casefold() in _TRUE
    if option.kind is Kind.TEXT:
        _check_range(option, len(text), "characters")
        return text
    try:
        number = int(text) if option.kind is Kind.INTEGER else float(text)
    except ValueError:
        raise UsageError(Message(f"{option.name}: must be a number, not {text!r}.")) from None
    _check_range(option, number, "")
    return number


def _choice(option: Option, text: str) -> Value:
    for name, value in option.choices.items():
        if text.casefold() in (name.casefold(), str(value).casefold()):
            return value
    known = [str(value) for value in option.choices.values()]
    hint = _nearest(text, known) or f"Available: {', '.join(known)}."
    raise UsageError(Message(f"{option.name}: cannot be {text!r}."), hint=Message(hint))


def _check_range(option: Option, number: float, unit: str) -> None:
    if option.least is not None and number < option.least:
        raise UsageError(
            Message(f"{option.name}: must be at least {option.least:g} {unit}".strip() + f", not {number:g}.")
        )
    if option.most is not None and number > option.most:
        raise UsageError(
            Message(f"{option.name}: must be at most {option.most:g} {unit}".strip() + f", not {number:g}.")
        )


def _nearest(text: str, known: Sequence[str], suffix: str = "") -> str:
    near = difflib.get_close_matches(text, known, n=1, cutoff=0.5)
    return f"Did you mean {near[0]}{suffix}?" if near else ""
