"""Finds known secrets in text, in any spelling."""

import base64
import re
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

_WINDOW = 8
"""Shorter secrets match too much: they are found only as written, and only where they are given."""
_CERTAIN = 16
"""A match of this length is no coincidence, even with blanks inside."""
_PREFIX = 12
"""Truncated secrets (FFmpeg cuts at 255 bytes, ingests elsewhere) are found by this much of their beginning."""
_MOST_KNOWN = 10_000
_PARTS = re.compile(r"[?&=/#;,]")
_ESCAPE = (
    r"%(?:25){0,8}([0-9A-Fa-f]{2})"
    r"|\\{1,8}(?:x([0-9A-Fa-f]{2})|u00([0-9A-Fa-f]{2})|([0-3][0-7]{2}))"
    r"|&#(?:[xX]0{0,6}([0-9A-Fa-f]{2})|0{0,6}([0-9]{2,3}));"
)
_PLAIN_PIECE = re.compile(r"[0-9A-Za-z]+")
_DECODED_PIECE = re.compile(rf"[0-9A-Za-z]+|{_ESCAPE}")
_BASES = (16, 16, 16, 8, 16, 10)


@dataclass(frozen=True, slots=True)
class _Needle:
    """One spelling of a secret in lower-case letters and digits, and its mask."""

    text: str
    mask: str


@dataclass(slots=True)
class _Canonical:
    """A text's letters and digits in lower case, with their places in the text."""

    text: str
    starts: list[int]
    """Offset of each piece among the letters and digits."""
    places: list[tuple[int, int]]
    """Span of each piece in the text."""

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """The part of the text that holds a range of the letters and digits."""
        return self._place(start)[0], self._place(stop - 1)[1]

    def _place(self, index: int) -> tuple[int, int]:
        piece = bisect_right(self.starts, index) - 1
        begin, end = self.places[piece]
        length = (self.starts[piece + 1] if piece + 1 < len(self.starts) else len(self.text)) - self.starts[piece]
        if length == 1:  # includes escaped characters
            return begin, end
        return (at := begin + index - self.starts[piece]), at + 1


@dataclass(slots=True)
class KnownSecrets:
    """A set of secrets to find. The time of a search grows with the text, not with the number of secrets."""

    _kept: OrderedDict[str, None] = field(default_factory=OrderedDict)
    _by_beginning: dict[str, list[_Needle]] = field(default_factory=dict)

    def add(self, value: str, mask: str) -> None:
        """Adds a secret. Beyond the limit, the least recently added one is forgotten."""
        if value in self._kept:
            self._kept.move_to_end(value)
            return
        self._kept[value] = None
        for needle in _needles(value, mask):
            self._by_beginning.setdefault(needle.text[:_WINDOW], []).append(needle)
        if len(self._kept) > _MOST_KNOWN:
            self._forget(self._kept.popitem(last=False)[0])

    def _forget(self, value: str) -> None:
        for needle in _needles(value, ""):
            beginning = needle.text[:_WINDOW]
            left = [other for other in self._by_beginning.get(beginning, ()) if other.text != needle.text]
            if left:
                self._by_beginning[beginning] = left
            else:
                self._by_beginning.pop(beginning, None)

    def mask(self, text: str) -> str:
        """Replaces the secrets in a text by their masks."""
        if not self._by_beginning or len(text) < _WINDOW:
            return text
        found: list[tuple[int, int, str]] = []
        if self._may_be_in(_letters(text)):
            found += self._found(text, _canonical(text, _PLAIN_PIECE))
        if "%" in text or "\\" in text or "&#" in text:
            found += self._found(text, _canonical(text, _DECODED_PIECE))
        return _replaced(text, found)

    def _may_be_in(self, letters: str) -> bool:
        """A quick test, which nearly all texts fail."""
        index = self._by_beginning
        return any(letters[place : place + _WINDOW] in index for place in range(len(letters) - _WINDOW + 1))

    def _found(self, text: str, canonical: _Canonical) -> Iterator[tuple[int, int, str]]:
        letters, index, place = canonical.text, self._by_beginning, 0
        last = len(letters) - _WINDOW
        while place <= last:
            needles = index.get(letters[place : place + _WINDOW])
            if needles and (hit := _longest(letters, place, needles)):
                length, mask = hit
                start, stop = canonical.span(place, place + length)
                if length >= _CERTAIN or not re.search(r"\s", text[start:stop]):
                    yield start, stop, mask
                    place += length
                    continue
            place += 1


def mask_short(text: str, value: str, mask: str) -> str:
    """Masks a secret that is too short for a general search where it stands as a word."""
    return _as_written(value).sub(lambda _: mask, text)


def is_short(value: str) -> bool:
    """Whether the secret is found only as it is written."""
    return len(_letters(value)) < _WINDOW


def _longest(letters: str, place: int, needles: Iterable[_Needle]) -> tuple[int, str] | None:
    best: tuple[int, str] | None = None
    for needle in needles:
        length, mask = len(needle.text), needle.mask
        if not letters.startswith(needle.text, place):
            length, mask = _agreeing(letters, place, needle.text), "…"
            if length < _PREFIX:
                continue
        if best is None or length > best[0]:
            best = length, mask
    return best


def _agreeing(letters: str, place: int, needle: str) -> int:
    """The length of the needle's beginning at this place."""
    for length, (ours, theirs) in enumerate(zip(needle, letters[place : place + len(needle)], strict=False)):
        if ours != theirs:
            return length
    return min(len(needle), len(letters) - place)


def _replaced(text: str, found: Iterable[tuple[int, int, str]]) -> str:
    parts, end = [], 0
    for start, stop, mask in sorted(found, key=lambda hit: (hit[0], -hit[1])):
        if start >= end:
            parts += [text[end:start], mask]
        end = max(end, stop)
    return "".join((*parts, text[end:])) if parts else text


def _canonical(text: str, piece: re.Pattern[str]) -> _Canonical:
    letters, starts, places, length = [], [], [], 0
    for match in piece.finditer(text):
        run = match[0] if match.lastindex is None else _decoded(match)
        if run:
            letters.append(run)
            starts.append(length)
            places.append(match.span())
            length += len(run)
    return _Canonical("".join(letters).lower(), starts, places)


def _decoded(match: re.Match[str]) -> str:
    """The escaped letter or digit, or nothing."""
    number = match.lastindex or 1
    sign = chr(int(match[number], _BASES[number - 1]))
    return sign if sign.isascii() and sign.isalnum() else ""


@lru_cache(maxsize=4096)
def _needles(value: str, mask: str) -> tuple[_Needle, ...]:
    """The spellings of a secret: whole, its long parts (keys carry parameters), and each in base64 and hexadecimal."""
    values = dict.fromkeys((value, *(part for part in _PARTS.split(value) if len(part) >= _PREFIX)))
    found: dict[str, str] = {}
    for each in values:
        spellings = (
            each,
            *(base64_in_the_middle(each.encode(errors="surrogatepass"))),
            each.encode("utf-8", "ignore").hex(),
        )
        for spelling in map(_letters, spellings):
            if len(spelling) >= _WINDOW:
                found.setdefault(spelling, mask if each == value else "…")
    return tuple(_Needle(text, shown) for text, shown in found.items())


def base64_in_the_middle(data: bytes) -> Iterator[str]:
    """The base64 characters that depend on these bytes only, for each offset (modulo 3) in a longer text."""
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + data).decode()
        first = -(-before * 8 // 6)
        yield encoded[first : (before + len(data)) * 8 // 6]


def _letters(text: str) -> str:
    return "".join(_PLAIN_PIECE.findall(text)).lower()


@lru_cache(maxsize=1024)
def _as_written(value: str) -> re.Pattern[str]:
    spelt = "".join(
        rf"(?:{re.escape(sign)}|%{ord(sign):02x}|\\x{ord(sign):02x}|\\u{ord(sign):04x}|\\{re.escape(sign)})"
        for sign in value
    )
    before = "(?<![0-9a-z])" if value[:1].isalnum() else ""
    after = "(?![0-9a-z])" if value[-1:].isalnum() else ""
    return re.compile(before + spelt + after, re.IGNORECASE)
