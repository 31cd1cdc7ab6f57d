"""Discord's rules for the command tree a bot uploads."""

from collections.abc import Iterator

from discord import Locale

from tests.standins.discord_wire.limits import choices_problems, length_outside
from tests.standins.discord_wire.world import Json

SUBCOMMAND, GROUP = 1, 2
CHAT_INPUT = 1
_MOST_CHARACTERS = 8000
_LOCALES = {locale.value for locale in Locale}


def tree_problems(commands: list[Json]) -> Iterator[str]:
    """Everything wrong with a list of commands of one scope."""
    names = [(command.get("type", CHAT_INPUT), command["name"]) for command in commands]
    if len(set(names)) != len(names):
        yield f"two commands with one name in {names}"
    if len(commands) > 100:
        yield f"{len(commands)} commands, at most 100"
    for command in commands:
        for problem in command_problems(command):
            yield f"/{command['name']}: {problem}"


def command_problems(command: Json) -> Iterator[str]:
    if command.get("type", CHAT_INPUT) != CHAT_INPUT:
        yield from length_outside(command, "name", 1, 32)
        return
    yield from named_problems(command)
    yield from options_problems(command.get("options") or [], depth=0)
    if characters(command) > _MOST_CHARACTERS:
        yield f"{characters(command)} characters in all, at most {_MOST_CHARACTERS}"


def named_problems(entry: Json) -> Iterator[str]:
    """`^[-_'\\p{L}\\p{N}]{1,32}$`, in lower case, with a description."""
    name = entry["name"]
    if not 1 <= len(name) <= 32 or name != name.lower() or not all(c.isalnum() or c in "-_'" for c in name):
        yield f"name {name!r} is not allowed"
    for problem in length_outside(entry, "description", 1, 100):
        yield f"{name}: {problem}"
    yield from localizations_problems(entry, "name", 32)
    yield from localizations_problems(entry, "description", 100)


def localizations_problems(entry: Json, field: str, most: int) -> Iterator[str]:
    """What is told to readers in other languages, by locales that Discord knows."""
    for locale, told in (entry.get(f"{field}_localizations") or {}).items():
        if locale not in _LOCALES:
            yield f"{entry['name']}: {locale!r} is no locale of Discord's"
        if not isinstance(told, str) or not 1 <= len(told) <= most:
            yield f"{entry['name']}: {field} in {locale} is {told!r}, not 1 to {most} characters"


def options_problems(options: list[Json], *, depth: int) -> Iterator[str]:
    """`depth` is how many groups are around: groups hold subcommands, subcommands hold values, nothing else."""
    if len(options) > 25:
        yield f"{len(options)} options, at most 25"
    if len({option["name"] for option in options}) != len(options):
        yield "two options with one name"
    if len({option["type"] in {SUBCOMMAND, GROUP} for option in options}) > 1:
        yield "subcommands and values side by side"
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        yield "a required option after an optional one"
    for option in options:
        yield from option_problems(option, depth=depth)


def option_problems(option: Json, *, depth: int) -> Iterator[str]:
    yield from named_problems(option)
    if option["type"] == GROUP and depth > 0:
        yield f"{option['name']}: groups nest too deep"
    if option["type"] in {SUBCOMMAND, GROUP}:
        yield from options_problems(option.get("options") or [], depth=depth + 1)
    choices = option.get("choices") or []
    if choices:
        yield from choices_problems(choices, option["type"])
    for choice in choices:
        yield from localizations_problems(choice, "name", 100)
    if choices and option.get("autocomplete"):
        yield f"{option['name']}: choices and autocomplete together"


def characters(entry: Json) -> int:
    """Names, descriptions and choice values, all the way down; of languages, the longest counts."""
    own = longest(entry, "name") + longest(entry, "description")
    choices = sum(longest(choice, "name") + len(str(choice["value"])) for choice in entry.get("choices") or [])
    return own + choices + sum(map(characters, entry.get("options") or []))


def longest(entry: Json, field: str) -> int:
    told = [entry.get(field) or "", *(entry.get(f"{field}_localizations") or {}).values()]
    return max(map(len, told))
