"""The result of listing a playlist."""

import json
from dataclasses import asdict, dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Listed:
    """The result of listing a playlist, so far or in all."""

    title: str
    items: int
    playable: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parses the text written by `str`."""
        return cls(**json.loads(text))

    def __str__(self) -> str:
        return json.dumps(asdict(self))
