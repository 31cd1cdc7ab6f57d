"""The result of listing a playlist."""

from dataclasses import dataclass
from typing import Self

from streaming.model.message import Message, Text


class Contents:
    """What is in a playlist."""

    COUNTED = Text("{title}: {items} items, {playable} of them can be played.")


@dataclass(frozen=True, slots=True)
class Listed:
    """The result of listing a playlist, so far or in all."""

    title: str
    items: int
    playable: int

    @classmethod
    def read(cls, message: Message) -> Self:
        """Reads the result from the values of its message."""
        return cls(**message.values)

    @property
    def message(self) -> Message:
        """The result as the answer to a command."""
        return Contents.COUNTED(title=self.title, items=self.items, playable=self.playable)
