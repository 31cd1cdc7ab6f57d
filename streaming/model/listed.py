"""What an engine found in a playlist."""

import json
from dataclasses import asdict, dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Listed:
    """What an engine found in a playlist, so far or all in all."""

    title: str
    items: int
    playable: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads what `str` wrote."""
        return cls(**json.loads(text))

    def __str__(self) -> str:
        return json.dumps(asdict(self))
