"""A lineup's place as it is kept over a restart: JSON in which an entry is eight letters, its mark."""

import base64
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from hashlib import blake2b

from streaming.model.items import Item

_DIGEST_BYTES = 6
"""Short enough to note thousands in a cursor; of five million lists of 10,000, one has two items with the same mark."""
_DIGESTS = ("played", "failed", "resting", "history", "ahead", "asked", "removed")


def item_digest(entry: str) -> bytes:
    """What an entry is called in a cursor."""
    return blake2b(entry.encode(errors="surrogatepass"), digest_size=_DIGEST_BYTES).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineupCursor:
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
        return json.dumps(
            asdict(self) | {name: _packed(getattr(self, name)) for name in _DIGESTS}, separators=(",", ":")
        )

    @classmethod
    def read(cls, text: str) -> "LineupCursor":
        """Raises LookupError, TypeError or ValueError for what is no cursor."""
        values = json.loads(text)
        items = {name: Item(**values[name]) if values[name] else None for name in ("present", "next")}
        return cls(**values | items | {name: _unpacked(values[name]) for name in _DIGESTS})


def _packed(digests: Iterable[bytes]) -> str:
    return base64.b64encode(b"".join(digests)).decode()


def _unpacked(text: str) -> tuple[bytes, ...]:
    data = base64.b64decode(text, validate=True)
    return tuple(data[at : at + _DIGEST_BYTES] for at in range(0, len(data), _DIGEST_BYTES))
