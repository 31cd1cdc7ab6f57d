"""A lineup's place as it is kept over a restart: JSON in which an entry is eight letters, its mark."""

import base64
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from hashlib import blake2b

from streaming.model.items import Item

_MARK_BYTES = 6
"""Short enough to note thousands in a cursor; of five million lists of 10,000, one has two items with the same mark."""
_MARKS = ("played", "failed", "resting", "history", "ahead", "asked", "removed")


def mark_of(entry: str) -> bytes:
    """What an entry is called in a cursor."""
    return blake2b(entry.encode(errors="surrogatepass"), digest_size=_MARK_BYTES).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a cursor holds; the fields are those of the lineup."""

    seed: int
    round: int
    present: Item | None
    next: Item | None
    played: tuple[bytes, ...]
    failed: tuple[bytes, ...]
    resting: tuple[bytes, ...]
    history: tuple[bytes, ...]
    ahead: tuple[bytes, ...]
    asked: tuple[bytes, ...]
    removed: tuple[bytes, ...]

    def written(self) -> str:
        """The cursor."""
        return json.dumps(asdict(self) | {name: _packed(getattr(self, name)) for name in _MARKS}, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> "Place":
        """Raises LookupError, TypeError or ValueError for what is no cursor."""
        values = json.loads(text)
        items = {name: Item(**values[name]) if values[name] else None for name in ("present", "next")}
        return cls(**values | items | {name: _unpacked(values[name]) for name in _MARKS})


def _packed(marks: Iterable[bytes]) -> str:
    return base64.b64encode(b"".join(marks)).decode()


def _unpacked(text: str) -> tuple[bytes, ...]:
    data = base64.b64decode(text, validate=True)
    return tuple(data[at : at + _MARK_BYTES] for at in range(0, len(data), _MARK_BYTES))
