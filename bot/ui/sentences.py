"""What the engine's side says, told in the language in force.

It knows no readers: its sentences are raised, and kept in the database, as finished English. So they are known again by
their fixed parts. A language's table `SENTENCES` has the template of each, with `{}` where something is filled in, and
what is said instead. There `{0}` is what was filled in first, as it is; `{0:bare}` a name that English has quoted, to
be quoted in another way; `{0:told}` a sentence or clause to be told likewise; `{0:number}` a number to be spelled
anew. What no table knows stays English.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import islice

from bot.ui.words import language_in_force, numbers
from streaming.control.guilds import Language

_MOST_SENTENCES = 12
_LONGEST = 2000
_END = re.compile(r"(?<=[.!?…]) ")
_BARE = re.compile(r"\{(\d):bare\}")


@dataclass(frozen=True, slots=True)
class _Template:
    """A sentence we know: its fixed parts, which of what is between them has to be quoted, and what it is told as."""

    parts: tuple[str, ...]
    quoted: frozenset[int]
    telling: str

    def told(self, sentence: str) -> str | None:
        """What to say instead, if it is this sentence."""
        contents = self._contents(sentence)
        if contents is None or not all(_is_quoted(contents[index]) for index in self.quoted):
            return None
        return self.telling.format(*map(_Content, contents))

    def _contents(self, sentence: str) -> list[str] | None:
        """What is filled in. Each part is sought once, from left to right, so it takes no longer than the text is."""
        first, *middle = self.parts
        if not middle:
            return [] if sentence == first else None
        last = middle.pop()
        if len(sentence) < len(first) + len(last) or not (sentence.startswith(first) and sentence.endswith(last)):
            return None
        contents, rest = [], sentence[len(first) : len(sentence) - len(last)]
        for part in middle:
            before, found, rest = rest.partition(part)
            if not found:
                return None
            contents.append(before)
        return [*contents, rest]


class _Content(str):
    """Something filled in; how it is told is in the template."""

    __slots__ = ()

    def __format__(self, how: str) -> str:
        match how:
            case "bare":
                return self[1:-1]
            case "number":
                return numbers.respelled(self)
            case "told":
                return told(self) if told(self) != self else told(f"{self}.").removesuffix(".")  # a sentence's clause
            case _:
                return str(self)


def told(text: str) -> str:
    """One sentence or clause, or several, in the language in force."""
    if language_in_force() is Language.ENGLISH or not text or len(text) > _LONGEST:
        return text
    starts = [0, *(match.end() for match in islice(_END.finditer(text), _MOST_SENTENCES)), len(text) + 1]
    ways = {len(text) + 1: ""}
    """From where on the text is known to its end, and how that is told; sought from its end, each once."""
    for start in reversed(starts[:-1]):
        for end in starts:
            if end > start and end in ways and (sentence := _one(text[start : end - 1])):
                ways[start] = f"{sentence} {ways[end]}".rstrip()
                break
    return ways.get(0, text)


def _one(sentence: str) -> str | None:
    return next(filter(None, (template.told(sentence) for template in _templates(language_in_force()))), None)


@cache
def _templates(language: Language) -> Sequence[_Template]:
    """A language's table, those that say most first."""
    table: dict[str, str] = import_module(f"bot.ui.words.{language}.sentences").SENTENCES
    found = [
        _Template(tuple(english.split("{}")), frozenset(map(int, _BARE.findall(telling))), telling)
        for english, telling in table.items()
    ]
    return sorted(found, key=lambda template: -sum(map(len, template.parts)))


def _is_quoted(content: str) -> bool:
    return len(content) > 1 and content[0] == content[-1] and content[0] in "'\""
