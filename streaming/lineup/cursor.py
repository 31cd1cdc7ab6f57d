"""The cursor of a lineup, which outlasts a restart: JSON in which a digest of eight letters stands for an entry."""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any

from streaming.model.items import Item
from streaming.model.message import decode, encode

_DIGEST_BYTES = 6
"""Short enough for thousands in one cursor. One list of 10,000 in five million has two entries with one digest."""
_ITEMS = ("present", "next")
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
        digests = {name: _packed(getattr(self, name)) for name in _DIGESTS}
        items = {name: _item_values(getattr(self, name)) for name in _ITEMS}
        return json.dumps(asdict(self) | digests | items, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> "LineupCursor":
        """Reads a cursor. Raises LookupError, TypeError or ValueError when it is none."""
        values = json.loads(text)
        items = {name: _item(values[name]) for name in _ITEMS}
        return cls(**values | items | {name: _unpacked(values[name]) for name in _DIGESTS})


def _item_values(item: Item | None) -> dict[str, Any] | None:
    return asdict(item) | {"reason_unplayable": encode(item.reason_unplayable)} if item else None


def _item(values: Mapping[str, Any] | None) -> Item | None:
    return Item(**{**values, "reason_unplayable": decode(values.get("reason_unplayable", ""))}) if values else None


def _packed(digests: Iterable[bytes]) -> str:
    return base64.b64encode(b"".join(digests)).decode()


def _unpacked(text: str) -> tuple[bytes, ...]:
    data = base64.b64decode(text, validate=True)
    return tuple(data[at : at + _DIGEST_BYTES] for at in range(0, len(data), _DIGEST_BYTES))
