"""Messages: what they carry, how they are stored, and that each can be told in every language."""

import ast
import pickle
import pkgutil
import re
import string
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import streaming
from bot.i18n.messages import render, templates
from bot.i18n.words import in_language
from streaming.model.message import CATALOGUE, Message, Text, decode, encode
from streaming.services.guilds import Language

ROOT = Path(__file__).parents[3]
SOURCES = sorted([*ROOT.glob("streaming/**/*.py"), *ROOT.glob("bot/**/*.py")])
OTHERS = [language for language in Language if language is not Language.ENGLISH]
SAID_BY_THE_BOT = "bot.panels.messages"

for _module in pkgutil.walk_packages(streaming.__path__, "streaming."):
    if "migrations" not in _module.name:
        import_module(_module.name)
import_module(SAID_BY_THE_BOT)
DECLARED = dict(CATALOGUE)


class Samples:
    """Said in these tests alone."""

    GREETING = Text("{name!r} waits for {seconds:.1f} s: {reason:clause}.")
    REASON = Text("The disk is full.")
    COUNT = Text("{count:,} items")


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def formatted(template: str) -> set[tuple[str, str | None]]:
    """The values with their formats; a language may need a sentence where another one needs a clause."""
    found = string.Formatter().parse(template)
    return {(name, (spec or "").removeprefix("clause")) for _, name, spec, _ in found if name is not None}


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Where the sources make messages of texts: place, code, call."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and (code := ast.unparse(node.func).lower()) in DECLARED:
                yield f"{path.relative_to(ROOT)}:{node.lineno}", code, node


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_told_and_no_other(language: Language) -> None:
    assert sorted(DECLARED.keys() - templates(language).keys()) == []
    assert sorted(templates(language).keys() - DECLARED.keys()) == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_takes_what_the_message_has(language: Language) -> None:
    for code, template in templates(language).items():
        assert formatted(template) <= formatted(DECLARED[code].english), code
        if re.search(r"[a-z]", re.sub(r"\{.*?\}", "", template)):
            assert template != DECLARED[code].english, code


def test_every_message_is_made_with_the_values_it_names() -> None:
    for place, code, call in calls():
        assert not call.args, place
        assert {keyword.arg for keyword in call.keywords} == fields(DECLARED[code].english), place


def test_every_text_is_said_somewhere() -> None:
    named = {
        ast.unparse(node).lower()
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
    }
    assert sorted(DECLARED.keys() - named) == []


def test_a_message_is_its_english_text_and_knows_how_it_came_about() -> None:
    message = Samples.GREETING(name="Bob", seconds=1.25, reason=Samples.REASON())

    assert message == "'Bob' waits for 1.2 s: The disk is full."
    assert message.code == "samples.greeting"
    assert message.values["reason"].code == "samples.reason"


MESSAGES = (
    Samples.REASON(),
    Samples.GREETING(name='„Ärger“ {name} "', seconds=0.5, reason=Samples.REASON()),
    Samples.GREETING(name="x", seconds=0.5, reason=Message("from outside {reason}")),
    Message("from outside"),
    Message('{"code": "samples.reason"}'),
    Message('{"code":'),
    Message(),
)
BROKEN = ('{"code":', '{"code":1}', '{"code":"a.b","text":"x"}', '{"code":"a.b","text":"x","values":3}')
"""Texts of others that begin as ours do."""


@pytest.mark.parametrize("message", MESSAGES, ids=repr)
def test_a_message_survives_the_database_and_other_processes(message: Message) -> None:
    for other in (decode(encode(message)), pickle.loads(pickle.dumps(message))):
        assert (other, other.code, other.values) == (message, message.code, message.values)
        for name, value in message.values.items():
            assert getattr(other.values[name], "code", None) == getattr(value, "code", None)


@pytest.mark.parametrize("text", ["The playlist is empty.", *BROKEN])
def test_rows_of_earlier_versions_are_their_text(text: str) -> None:
    assert (decode(text), decode(text).code) == (text, "")


def test_a_plain_text_may_stand_where_a_clause_is_expected() -> None:
    assert Samples.GREETING(name="x", seconds=1.0, reason="Broken pipe.") == "'x' waits for 1.0 s: Broken pipe."


def test_a_change_reaches_every_text_of_a_message() -> None:
    message = Samples.GREETING(name="key", seconds=1.0, reason=Message("the key is wrong"))
    masked = message.mapped(lambda text: text.replace("key", "…"))

    assert masked == "'…' waits for 1.0 s: the … is wrong."
    assert (masked.values["name"], masked.values["reason"]) == ("…", "the … is wrong")
    assert masked.code == message.code


@pytest.mark.parametrize(
    ("message", "german"),
    [
        (Samples.GREETING(name="{name}", seconds=1234.5, reason=Samples.REASON()), "{name} (1.234,5): Platte voll"),
        (Samples.GREETING(name="x", seconds=1, reason=Message("Broken pipe.")), "x (1,0): Broken pipe"),
        (Samples.COUNT(count=12345), "12.345 Videos"),
        (Message("from outside"), "from outside"),
        (Samples.GREETING(name="x", seconds=1, reason="Broken pipe."), "x (1,0): Broken pipe"),
        (Message("Said by a newer engine.", "samples.newer", {"name": "x"}), "Said by a newer engine."),
        (Message("With other values.", "samples.greeting", {"who": "x"}), "With other values."),
        (Message("With other values.", "samples.count", {"count": "many"}), "With other values."),
    ],
)
def test_messages_are_rendered_in_the_language_of_the_reader(
    message: Message, german: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = {
        "samples.greeting": "{name} ({seconds:,.1f}): {reason:clause}",
        "samples.reason": "Platte voll.",
        "samples.count": "{count:,} Videos",
    }
    monkeypatch.setattr("bot.i18n.messages.templates", lambda _: table)

    assert render(message) == message
    with in_language(Language.GERMAN):
        assert render(message) == german
