"""The words of every language: nothing is missing, nothing left in English, and nothing said before it is asked."""

import ast
import inspect
import re
import string
import textwrap
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, cast

import discord
import pytest
from discord import Locale, app_commands

from bot.client import create_bot
from bot.i18n import words
from bot.i18n.translator import CommandTranslator
from bot.i18n.words import current_language, in_language, streams, topic_module
from streaming.services.guilds import Language
from streaming.settings import Settings
from tests.standins.discord_wire.command_limits import tree_problems
from tests.standins.discord_wire.limits import component_problems, walk
from tests.standins.no_services import NO_SERVICES

ROOT = Path(__file__).parents[3]
BOT = sorted(path.relative_to(ROOT) for path in (ROOT / "bot").rglob("*.py"))
OTHERS = [language for language in Language if language is not Language.ENGLISH]
PAIRS = [(language, topic) for language in OTHERS for topic in words.__all__]
NOT_FOR_DISCORD = {
    "checks",
    "console",
    "__main__.py",
    "channel_messages.py",
    "command_sync.py",
    "connection.py",
    "messages.py",
    "messages_de",
    "supervisor.py",
    *(path.name for path in BOT if path.stem.endswith(tuple(f"_{language}" for language in Language))),
}
"""Where words belong, where they are for whoever runs the machine, or for the process's log."""
READ = "\n".join((ROOT / path).read_text() for path in BOT)
"""All sources in which words may be read."""
SAID_TO_PROGRAMS = {"center left"}
FOR_DISCORD = ("COMMANDS", "OPTIONS", "CHOICES")
"""Told to Discord in all languages at once, and so asked for when commands are made."""
THE_SAME_EVERYWHERE = (*FOR_DISCORD, "LANGUAGES")
TABLES = ("messages",)
"""Translations of messages: `test_messages.py`."""

SAID_ALIKE = {
    Language.GERMAN: {
        "setup.LANGUAGES.en",  # each language by its own name
        "setup.LANGUAGES.de",
        "help.ABOUT_TITLE",
        "help.OPTIONAL",
        "help.ENGINES",
        "help.LICENCE_NAME",
        "incidents.MISSED_SECONDS",
        "panels.BUTTONS.logs",
        "charts.BITRATE",
        "playlists.TITLE",
        "queue.ANSWERED",
        "queue.FOUND",
        "streams.LEVELS.info",
        "streams.LEVELS.warning",
        "streams.LEVELS.error",
        "streams.LOG",
        "streams.PLAYLIST",
        "streams.rate",  # numbers and units
        "setup.PLAYLIST_LABEL",
        "numbers.brief",  # units
        "targets.NAME_LABEL",
        "targets.CHOICES.youtube",
        "targets.CHOICES.twitch",
        "targets.CHOICES.kick",
        "targets.CHOICES.facebook",
        "help.FIRST_STEPS.0.0",  # names of commands
        "help.FIRST_STEPS.1.0",
        "help.FIRST_STEPS.2.0",
    }
}
"""What a language says as English does."""


def module(language: Language, topic: str) -> ModuleType:
    return topic_module(topic, language)


def names(of: ModuleType) -> dict[str, Any]:
    """The words of a topic: constants, and functions of its own."""
    return {
        name: value
        for name, value in vars(of).items()
        if not name.startswith("_")
        and (name.isupper() or (isinstance(value, FunctionType) and value.__module__ == of.__name__))
    }


def texts(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Every text within a constant, and where it is."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from texts(each, f"{path}.{key}")
    elif isinstance(value, tuple):
        for index, each in enumerate(value):
            yield from texts(each, f"{path}.{index}")
    else:
        pytest.fail(f"{path} is {value!r}, which nobody can read")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def constants(language: Language, topic: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in names(module(language, topic)).items():
        if not callable(value):
            found |= dict(texts(value, f"{topic}.{name}"))
    return found


def body(function: FunctionType) -> str:
    """The statements of a function, without its docstring."""
    (parsed,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(parsed, ast.FunctionDef)
    return "\n".join(map(ast.unparse, parsed.body[ast.get_docstring(parsed) is not None :]))


def test_every_language_has_the_same_topics() -> None:
    for language in Language:
        files = {path for path in BOT if path.stem.endswith(f"_{language}") and not path.stem.startswith(TABLES)}
        topics = {Path(cast("str", module(language, topic).__file__)).relative_to(ROOT) for topic in words.__all__}
        assert files == topics


@pytest.mark.parametrize("topic", words.__all__)
def test_every_word_is_read_somewhere(topic: str) -> None:
    own = (ROOT / Path(cast("str", module(Language.ENGLISH, topic).__file__))).read_text()
    unread = [
        name
        for name in names(module(Language.ENGLISH, topic))
        if not re.search(rf"(\w\.|import [\w, ]*){name}\b", READ) and len(re.findall(rf"\b{name}\b", own)) < 2
    ]
    assert unread == []


@pytest.mark.parametrize(("language", "topic"), PAIRS)
def test_every_word_is_there(language: Language, topic: str) -> None:
    english, other = names(module(Language.ENGLISH, topic)), names(module(language, topic))
    assert {name: type(value) for name, value in other.items()} == {
        name: type(value) for name, value in english.items()
    }
    assert list(constants(language, topic)) == list(constants(Language.ENGLISH, topic))


@pytest.mark.parametrize(("language", "topic"), PAIRS)
def test_templates_are_filled_in_alike(language: Language, topic: str) -> None:
    english = constants(Language.ENGLISH, topic)
    for name, text in constants(language, topic).items():
        assert placeholders(text) == placeholders(english[name]), name


@pytest.mark.parametrize(("language", "topic"), PAIRS)
def test_functions_are_asked_alike(language: Language, topic: str) -> None:
    english = names(module(Language.ENGLISH, topic))
    for name, value in names(module(language, topic)).items():
        if callable(value):
            assert inspect.signature(value) == inspect.signature(english[name]), name


@pytest.mark.parametrize(("language", "topic"), PAIRS)
def test_nothing_is_left_in_english(language: Language, topic: str) -> None:
    english = constants(Language.ENGLISH, topic)
    alike = {name for name, text in constants(language, topic).items() if text == english[name]}
    functions = names(module(Language.ENGLISH, topic))
    for name, value in names(module(language, topic)).items():
        if isinstance(value, FunctionType) and body(value) == body(functions[name]):
            alike.add(f"{topic}.{name}")
    assert alike == {name for name in SAID_ALIKE[language] if name.startswith(f"{topic}.")}


def test_german_quotes_as_germans_do() -> None:
    for topic in words.__all__:
        for name, text in constants(Language.GERMAN, topic).items():
            assert not set(text) & set("\"”'"), name


def test_numbers_are_written_as_people_write_them() -> None:
    assert (words.numbers.whole(1204), words.numbers.decimal(2.31, 1)) == ("1,204", "2.3")
    with in_language(Language.GERMAN):
        assert (words.numbers.whole(1204), words.numbers.decimal(2.31, 1)) == ("1.204", "2,3")


def test_language_is_spoken_for_as_long_as_it_is_in_force() -> None:
    with in_language(Language.GERMAN):
        assert streams.ON_AIR == "Gestartet"
        assert current_language() is Language.GERMAN
    assert streams.ON_AIR == "Started"


def word_modules(tree: ast.Module) -> set[str]:
    """The names under which a file knows topics."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == words.__name__]
    return {alias.asname or alias.name for node in imports for alias in node.names if alias.name in words.__all__}


def asked_at_once(node: ast.AST) -> Iterator[ast.expr]:
    """The expressions that are evaluated when a file is loaded, or once for a function and all its calls."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from (*child.decorator_list, *child.args.defaults, *(d for d in child.args.kw_defaults if d))
        elif isinstance(child, ast.expr):
            yield child
        else:
            yield from asked_at_once(child)


def frozen_words(source: str) -> list[str]:
    tree = ast.parse(source)
    topics = word_modules(tree)
    return [
        f"{node.value.id}.{node.attr}"
        for expression in asked_at_once(tree)
        for node in ast.walk(expression)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in topics
        if node.attr not in THE_SAME_EVERYWHERE
    ]


@pytest.mark.parametrize("path", BOT, ids=str)
def test_no_word_is_asked_for_when_a_module_is_loaded(path: Path) -> None:
    assert frozen_words((ROOT / path).read_text()) == []


@pytest.mark.parametrize(
    "frozen",
    [
        "TITLE = words.BACK",
        "LOOKS = {'yes': (words.BACK, 1)}",
        "class Form(Modal, title=words.BACK): ...",
        "class Form:\n    title = words.BACK",
        "def told(title=words.BACK): ...",
        "@command(description=words.BACK)\ndef told(): ...",
        "if True:\n    TITLE = words.BACK",
    ],
)
def test_words_asked_for_too_early_are_found(frozen: str) -> None:
    assert frozen_words(f"from bot.i18n.words import queue as words\n{frozen}") == ["words.BACK"]


def literals(source: str) -> Iterator[str]:
    """What looks like words for people, but for what is said to programmers and to the process's log."""
    tree = ast.parse(source)
    silent: set[int] = set()
    for node in ast.walk(tree):
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_logged = isinstance(node, ast.Call) and ast.unparse(node.func).startswith("_log.")
        is_task_name = isinstance(node, ast.keyword) and node.arg == "name"
        if is_docstring or is_logged or is_task_name:
            silent |= set(map(id, ast.walk(node)))
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in silent else None
        if isinstance(text, str) and re.search(r"[a-z]{2,} [A-Za-z]{2,}", text):
            yield text


@pytest.mark.parametrize("path", [path for path in BOT if not set(path.parts) & NOT_FOR_DISCORD], ids=str)
def test_no_words_stand_in_the_logic(path: Path) -> None:
    commands = {name for topic in words.__all__ for name in getattr(module(Language.ENGLISH, topic), "COMMANDS", ())}
    assert set(literals((ROOT / path).read_text())) - commands - SAID_TO_PROGRAMS == set()


def test_words_in_the_logic_are_found() -> None:
    source = "def card():\n    'A docstring.'\n    _log.info('Said to the log')\n    return f'{n} streams are on air'"
    assert list(literals(source)) == [" streams are on air"]


async def told_to_discord() -> list[dict[str, Any]]:
    bot = create_bot(Settings(), NO_SERVICES, shard_count=1)
    translator = CommandTranslator()
    return [await command.get_translated_payload(bot.tree, translator) for command in bot.tree.get_commands()]


def described(entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every command, group and option."""
    yield entry
    for option in entry.get("options") or []:
        yield from described(option)


async def test_discord_takes_the_commands_in_every_language() -> None:
    assert list(tree_problems(await told_to_discord())) == []


async def test_every_description_is_told_in_every_language() -> None:
    for command in await told_to_discord():
        for entry in described(command):
            assert {locale[:2] for locale in entry["description_localizations"]} == set(OTHERS), entry["description"]
            assert not entry.get("name_localizations"), "names are the same for everybody"


async def test_choices_are_told_in_german_where_they_are_words() -> None:
    choices = [
        c for command in await told_to_discord() for entry in described(command) for c in entry.get("choices", [])
    ]
    untold = {choice["name"] for choice in choices if not choice.get("name_localizations")}
    values = {"direct", "auto", "always", "copy", "1h", "24h"}
    brands = {"YouTube", "Twitch", "Kick", "Facebook", "English", "Deutsch"}
    assert untold == values | brands


@pytest.mark.parametrize("other", OTHERS)
def test_no_english_text_means_two_things(other: Language) -> None:
    told: dict[str, str] = {}
    for topic, table in product(words.__all__, FOR_DISCORD):
        english, translated = (getattr(module(each, topic), table, {}) for each in (Language.ENGLISH, other))
        for name, text in english.items():
            assert told.setdefault(text, translated[name]) == translated[name], text


async def test_languages_we_do_not_speak_are_told_nothing() -> None:
    context: Any = app_commands.TranslationContext(
        app_commands.TranslationContextLocation.command_description, cast("Any", None)
    )
    text = app_commands.locale_str(streams.COMMANDS["stream stop"])
    translator = CommandTranslator()
    assert await translator.translate(text, Locale.french, context) is None
    assert await translator.translate(text, Locale.british_english, context) is None
    assert await translator.translate(text, Locale.german, context) == "Einen Stream beenden"


@pytest.mark.parametrize("language", Language)
def test_forms_and_buttons_fit(language: Language) -> None:
    from bot.panels.buttons import ACTIONS, PanelButton
    from bot.queue.views import SearchModal
    from bot.setup.welcome import PlatformSelect, StartModal, Step, StepButton
    from bot.targets.modal import TargetModal
    from streaming.model.states import TargetKind

    with in_language(language):
        forms: list[discord.ui.Modal] = [
            TargetModal(NO_SERVICES.targets, NO_SERVICES.guilds, "main", TargetKind.CUSTOM),
            StartModal(NO_SERVICES),
            SearchModal(NO_SERVICES.queue, "#1"),
        ]
        items: list[Any] = [*(PanelButton(action, 1) for action in ACTIONS), *map(StepButton, Step), PlatformSelect()]
    for form in forms:
        assert 1 <= len(form.title) <= 45
        for label in form.to_dict()["components"]:
            assert 1 <= len(label["label"]) <= 45
            assert len(label.get("description") or "") <= 100
    parts = [item.to_component_dict() for item in items]
    assert [problem for part in walk(parts) for problem in component_problems(part)] == []


@pytest.mark.parametrize(("language", "one"), [(Language.ENGLISH, "1 item, "), (Language.GERMAN, "1 Video, ")])
def test_one_is_not_told_as_many(language: Language, one: str) -> None:
    with in_language(language):
        assert words.playlists.facts(1, "now").startswith(one)
