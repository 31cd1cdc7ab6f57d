"""Cleaning of outside text, visible control characters, blank text, and shortening.

Titles, file names, FFmpeg's lines, yt-dlp's messages and people's input pass `clean` once, on entry. After that every
text can be encoded, bound to a statement, drawn and printed.
"""

import unicodedata

_UNREADABLE = "\ufffd"
_BLANKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"
_LINE_END = "\n"
_CLEANED: dict[int, str | None] = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0))),
    **dict.fromkeys(range(0xD800, 0xE000), _UNREADABLE),
    # Python's surrogate for a byte of a file name that is not UTF-8 (PEP 383). Nearly all such names are Latin-1.
    **{0xDC00 + byte: chr(byte) for byte in range(0xA0, 0x100)},
    **dict.fromkeys(map(ord, _BLANKS), " "),
}
_CLEANED_BUT_LINE_ENDS = {sign: cleaned for sign, cleaned in _CLEANED.items() if chr(sign) != _LINE_END}


def clean(text: str, *, keeps_lines: bool = False) -> str:
    """Removes NUL, control characters and lone surrogates; joins lines unless `keeps_lines`.

    Two surrogates that form a pair become their character: JSON escapes characters above U+FFFF in halves.
    """
    if text.isprintable():
        return text
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return joined.translate(_CLEANED_BUT_LINE_ENDS if keeps_lines else _CLEANED)


def clean_all(value: object) -> object:
    """Cleans every string in a JSON value. Keys are our own and stay."""
    if isinstance(value, str):
        return clean(value, keeps_lines=True)
    if isinstance(value, list):
        return [clean_all(each) for each in value]
    if isinstance(value, dict):
        return {key: clean_all(each) for key, each in value.items()}
    return value


_PICTURES = 0x2400
"""Unicode's block Control Pictures: one symbol for each of the first 32 control characters."""
_DELETE, _PICTURE_OF_DELETE = 0x7F, 0x2421
_INVISIBLE = (
    *range(0x80, 0xA0),  # C1 controls; 0x9B begins a sequence like ESC [
    0x061C,
    *range(0x200E, 0x2010),
    *range(0x2028, 0x202F),  # line and paragraph separators, and changes of the writing direction
    *range(0x2066, 0x206A),
    *range(0xD800, 0xE000),
)
_VISIBLE = {
    **{sign: chr(_PICTURES + sign) for sign in range(0x20)},
    _DELETE: chr(_PICTURE_OF_DELETE),
    ord("\n"): "\u2424",
    **{sign: f"\\u{sign:04x}" for sign in _INVISIBLE},
}
_VISIBLE_BUT_LINE_ENDS = {sign: shown for sign, shown in _VISIBLE.items() if sign != ord("\n")}


def visible_signs(text: str, *, keeps_lines: bool = False) -> str:
    """Shows control characters as symbols (\u241b, \u2424, \\u202e), line ends too unless `keeps_lines`."""
    return text.translate(_VISIBLE_BUT_LINE_ENDS if keeps_lines else _VISIBLE)


_UNSEEN_KINDS = ("Cc", "Cf", "Cn", "Co", "Cs", "Me", "Mn", "Zl", "Zp", "Zs")
_UNSEEN_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols without ink: Hangul fillers and the Braille blank."""


def is_blank(text: str) -> bool:
    """Whether nothing of the text is visible."""
    return all(c in _UNSEEN_LETTERS or unicodedata.category(c) in _UNSEEN_KINDS for c in text)


def shortened(text: str, limit: int) -> str:
    """The text in at most `limit` characters, with spaces and line breaks collapsed."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
