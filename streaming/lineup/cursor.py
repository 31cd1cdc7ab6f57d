"""The cursor of a lineup, which outlasts a restart: JSON in which a digest of eight letters stands for an entry."""

import base64
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from hashlib import blake2b

from streaming.model.items import Item

_DIGEST_BYTES = 6
"""Short enough for thousands in one cursor. One list of 10,000 in five million has two entries with one digest."""
_DIGESTS = ("played", "failed", "resting", "history", "ahead", "asked", "removed")


def item_digest(entry: str) -> bytes:
    """What stands for an entry in a cursor."""
    return blake2b(entry.encode(errors="surrogatepass"), digest_size=_DIGEST_BYTES).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineupCursor:
    """The content of a cursor; the fields are those of the lineup. Their names are stored: they must not change."""

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
        """The cursor as JSON."""
        return json.dumps(
            asdict(self) | {name: _packed(getattr(self, name)) for name in _DIGESTS}, separators=(",", ":")
        )

    @classmethod
    def read(cls, text: str) -> "LineupCursor":
        """Reads a cursor. Raises LookupError, TypeError or ValueError when it is none."""
        values = json.loads(text)
        items = {name: Item(**values[name]) if values[name] else None for name in ("present", "next")}
        return cls(**values | items | {name: _unpacked(values[name]) for name in _DIGESTS})


def _packed(digests: Iterable[bytes]) -> str:
    return base64.b64encode(b"".join(digests)).decode()


def _unpacked(text: str) -> tuple[bytes, ...]:
    data = base64.b64decode(text, validate=True)
    return tuple(data[at : at + _DIGEST_BYTES] for at in range(0, len(data), _DIGEST_BYTES))
