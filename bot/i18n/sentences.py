"""Translates messages of the streaming side into the current language.

The streaming side raises and stores finished English sentences. A language's tables, `sentences_de.py` and
`clauses_de.py`, map the template of each, with `{}` for a value, to its translation. In a translation `{0}` is the
first value unchanged, `{0:bare}` a quoted name without its quotes, `{0:told}` a sentence or clause that is translated
itself, and `{0:number}` a number in the language's notation. What no table has stays English.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import islice

from bot.i18n.words import current_language, numbers
from streaming.services.guilds import Language

_MOST_SENTENCES = 12
_LONGEST = 2000
_END = re.compile(r"(?<=[.!?…]) ")
_BARE = re.compile(r"\{(\d):bare\}")


@dataclass(frozen=True, slots=True)
class _Template:
    """One entry of a table: the fixed parts around the values, the indices of quoted values, the translation."""

    parts: tuple[str, ...]
    quoted: frozenset[int]
    translation: str

    def translate(self, sentence: str) -> str | None:
        """The translation, if the sentence matches."""
        values = self._values(sentence)
        if values is None or not all(_is_quoted(values[index]) for index in self.quoted):
            return None
        return self.translation.format(*map(_Value, values))

    def _values(self, sentence: str) -> list[str] | None:
        """The values between the fixed parts. Searches each part once, so the time is linear in the text."""
        first, *middle = self.parts
        if not middle:
            return [] if sentence == first else None
        last = middle.pop()
        if len(sentence) < len(first) + len(last) or not (sentence.startswith(first) and sentence.endswith(last)):
            return None
        values, rest = [], sentence[len(first) : len(sentence) - len(last)]
        for part in middle:
            before, found, rest = rest.partition(part)
            if not found:
                return None
            values.append(before)
        return [*values, rest]


class _Value(str):
    """A value; the format specification in the translation says how it appears."""

    __slots__ = ()

    def __format__(self, how: str) -> str:
        match how:
            case "bare":
                return self[1:-1]
            case "number":
                return numbers.respelled(self)
            case "told":
                whole = translate(self)
                return whole if whole != self else translate(f"{self}.").removesuffix(".")  # a sentence's clause
            case _:
                return str(self)


def translate(text: str) -> str:
    """One or several sentences or clauses in the current language."""
    if current_language() is Language.ENGLISH or not text or len(text) > _LONGEST:
        return text
    starts = [0, *(match.end() for match in islice(_END.finditer(text), _MOST_SENTENCES)), len(text) + 1]
    ways = {len(text) + 1: ""}
    """Translations of the text's tails by where they begin, found from the end on, each once."""
    for start in reversed(starts[:-1]):
        for end in starts:
            if end > start and end in ways and (sentence := _one(text[start : end - 1])):
                ways[start] = f"{sentence} {ways[end]}".rstrip()
                break
    return ways.get(0, text)


def _one(sentence: str) -> str | None:
    return next(filter(None, (template.translate(sentence) for template in _templates(current_language()))), None)


def translations(language: Language) -> Mapping[str, str]:
    """A language's translations by the template of what is translated."""
    sentences: dict[str, str] = import_module(f"bot.i18n.sentences_{language}").SENTENCES
    clauses: dict[str, str] = import_module(f"bot.i18n.clauses_{language}").CLAUSES
    return sentences | clauses


@cache
def _templates(language: Language) -> Sequence[_Template]:
    """A language's table, the longest templates first, so that the most specific one matches."""
    found = [
        _Template(tuple(english.split("{}")), frozenset(map(int, _BARE.findall(translation))), translation)
        for english, translation in translations(language).items()
    ]
    return sorted(found, key=lambda template: -sum(map(len, template.parts)))


def _is_quoted(content: str) -> bool:
    return len(content) > 1 and content[0] == content[-1] and content[0] in "'\""
