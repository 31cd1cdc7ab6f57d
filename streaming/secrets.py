"""Values that must not be seen: a type that masks itself, and the removal of secrets from text."""

import re

_MASK = "…"
_SHOWN = 4
_SIGNED_QUERY = re.compile(r"(https?://[^\s\"'?]+)\?(?!(?:list|v)=[-\w…]*(?:[^-\w…&;%+=]|$))[^\s\"']+")
"""Any query but the id of a video or a playlist alone, which is public."""
_RTMP = re.compile(r"(rtmps?://[^\s\"'/]+(?:/[^\s\"'/]+)?)/[^\s\"']+")


class Secret:
    """A text that prints as its last four characters. `reveal()` is the only way to the whole."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The whole text."""
        return self._value

    def __str__(self) -> str:
        return _MASK + self._value[-_SHOWN:] if len(self._value) >= 2 * _SHOWN else _MASK

    def __repr__(self) -> str:
        return f"Secret('{self}')"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __bool__(self) -> bool:
        return bool(self._value)


def redact(text: str, *secrets: Secret) -> str:
    """Removes the given secrets, what follows the application in RTMP addresses, and the queries of signed URLs."""
    for secret in sorted(secrets, key=lambda s: len(s.reveal()), reverse=True):
        if secret:
            text = text.replace(secret.reveal(), str(secret))
    text = _RTMP.sub(rf"\1/{_MASK}", text)
    return _SIGNED_QUERY.sub(rf"\1?{_MASK}", text)
