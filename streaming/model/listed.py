"""The result of listing a playlist."""

from dataclasses import dataclass, fields
from typing import Self

from streaming.model.errors import ServiceUnavailable
from streaming.model.message import Message, Text


class Contents:
    """What is in a playlist."""

    OTHER_VERSION = Text("The engine answered in a way that this version of the bot does not understand.")
    UPDATE = Text("Bring bot and engine to the same version.")
    COUNTED = Text("{title}: {playable} of {items} can be played.")


@dataclass(frozen=True, slots=True)
class Listed:
    """The result of listing a playlist, so far or in all."""

    title: str
    items: int
    playable: int

    @classmethod
    def read(cls, message: Message) -> Self:
        """Reads the result from the values of its message. Raises ServiceUnavailable for one of another version."""
        try:
            return cls(**{field.name: message.values[field.name] for field in fields(cls)})
        except KeyError as error:
            raise ServiceUnavailable(Contents.OTHER_VERSION(), hint=Contents.UPDATE()) from error

    @property
    def message(self) -> Message:
        """The result as the answer to a command."""
        return Contents.COUNTED(title=self.title, items=self.items, playable=self.playable)
