"""Text of others, cleaned where it enters: what no database, log, picture or terminal can take is left out there.

Titles, lines of FFmpeg's, messages of yt-dlp's and what people type come through here once. Behind that, every text can
be encoded, bound, drawn and printed.
"""

_UNREADABLE = "\ufffd"
_BLANKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"
_LINE_END = "\n"
_CLEANED: dict[int, str | None] = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0))),
    **dict.fromkeys(range(0xD800, 0xE000), _UNREADABLE),
    # How Python writes a byte of a file name that is not UTF-8 (PEP 383); such names are Latin-1, nearly always.
    **{0xDC00 + byte: chr(byte) for byte in range(0xA0, 0x100)},
    **dict.fromkeys(map(ord, _BLANKS), " "),
}
_CLEANED_BUT_LINE_ENDS = {sign: cleaned for sign, cleaned in _CLEANED.items() if chr(sign) != _LINE_END}


def clean(text: str, *, keeps_lines: bool = False) -> str:
    """The text without NUL, control signs and lone surrogates, in one line unless its lines are kept.

    Halves of a character that found each other (JSON escapes them apart) become the character.
    """
    if text.isprintable():
        return text
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return joined.translate(_CLEANED_BUT_LINE_ENDS if keeps_lines else _CLEANED)


def clean_all(value: object) -> object:
    """The same of every text in what JSON can say; keys are ours, and stay."""
    if isinstance(value, str):
        return clean(value, keeps_lines=True)
    if isinstance(value, list):
        return [clean_all(each) for each in value]
    if isinstance(value, dict):
        return {key: clean_all(each) for key, each in value.items()}
    return value
