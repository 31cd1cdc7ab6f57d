"""Control signs of others, made visible: what they write must not steer a terminal, or pass for a line of ours."""

_PICTURES = 0x2400
"""Unicode has a picture for each of the first 32 control signs, from here on (Control Pictures)."""
_DELETE, _PICTURE_OF_DELETE = 0x7F, 0x2421
_INVISIBLE = (
    *range(0x80, 0xA0),  # the second set of control signs; 0x9B begins a sequence like ESC [
    0x061C,
    *range(0x200E, 0x2010),
    *range(0x2028, 0x202F),  # line and paragraph separators, and what turns the direction of writing
    *range(0x2066, 0x206A),
    *range(0xD800, 0xE000),
)
_SIGNS = {
    **{sign: chr(_PICTURES + sign) for sign in range(0x20)},
    _DELETE: chr(_PICTURE_OF_DELETE),
    ord("\n"): "\u2424",
    **{sign: f"\\u{sign:04x}" for sign in _INVISIBLE},
}
_SIGNS_BUT_LINE_ENDS = {sign: shown for sign, shown in _SIGNS.items() if sign != ord("\n")}


def visible_signs(text: str, *, keeps_lines: bool = False) -> str:
    """The text with its control signs as signs (\u241b, \u2424, \\u202e), also those of lines unless they are kept."""
    return text.translate(_SIGNS_BUT_LINE_ENDS if keeps_lines else _SIGNS)
