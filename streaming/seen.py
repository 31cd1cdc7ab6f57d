"""Whether there is anything to see in a text of others."""

import unicodedata

_UNSEEN_KINDS = ("Cc", "Cf", "Cn", "Co", "Cs", "Me", "Mn", "Zl", "Zp", "Zs")
_UNSEEN_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs without any ink: fillers of Hangul, and a blank of Braille."""


def is_blank(text: str) -> bool:
    """Whether readers would see nothing of it."""
    return all(c in _UNSEEN_LETTERS or unicodedata.category(c) in _UNSEEN_KINDS for c in text)
