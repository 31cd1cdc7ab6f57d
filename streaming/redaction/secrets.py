"""Secrets as a type that masks itself, and their removal from text."""

import re
from functools import lru_cache

from streaming.redaction.known_secrets import KnownSecrets, is_short, mask_short
from streaming.redaction.signed_urls import mask_secrets

_MASK = "…"
_SHOWN = 4
_LONG = 3 * _SHOWN
"""Shorter secrets show nothing: four characters would be too many."""
_VARIED = 5
_INGEST = re.compile(r"rtmp\w*://[^/?#]*/(?P<path>.*)", re.IGNORECASE | re.DOTALL)

_known = KnownSecrets()


class Secret:
    """A text that prints as its last four characters, or less. Only `reveal()` returns the whole."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __str__(self) -> str:
        is_shown = len(self._value) >= _LONG and "://" not in self._value
        return _MASK + self._value[-_SHOWN:] if is_shown else _MASK

    def __repr__(self) -> str:
        return f"Secret('{self}')"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __bool__(self) -> bool:
        return bool(self._value)


def remember(secret: Secret) -> Secret:
    """Makes `redact` find this secret in every text of this process, in any spelling."""
    for part in _parts(secret):
        if len(set(part.reveal())) >= _VARIED:  # "xxxxxxxx" would match ordinary text
            _known.add(part.reveal(), str(part))
    return secret


def redact(text: str, *secrets: Secret) -> str:
    """Masks the given and the remembered secrets, and everything that is secret by its place (URLs, headers)."""
    parts = tuple(part for secret in secrets for part in _parts(secret))
    if parts:
        text = _without(text, parts)
    return mask_secrets(_known.mask(text))


def _without(text: str, parts: tuple[Secret, ...]) -> str:
    text = _finder(parts).mask(text)
    for part in parts:
        if is_short(part.reveal()):
            text = mask_short(text, part.reveal(), str(part))
    return text


@lru_cache(maxsize=256)
def _finder(parts: tuple[Secret, ...]) -> KnownSecrets:
    finder = KnownSecrets()
    for part in parts:
        finder.add(part.reveal(), str(part))
    return finder


def _parts(secret: Secret) -> tuple[Secret, ...]:
    """The secret itself, or the keys in an ingest's URL."""
    if not secret:
        return ()
    ingest = _INGEST.match(secret.reveal())
    if ingest is None:
        return (secret,)
    application, slash, key = ingest["path"].partition("/")
    return tuple(Secret(part) for part in ((key, key.rpartition("/")[2]) if slash else (application,)) if part)
