"""What a playout reports while it runs."""

from dataclasses import dataclass
from typing import Protocol

from streaming.model.items import Item
from streaming.model.message import Message
from streaming.model.states import LogLevel


class PlayoutEvents(Protocol):
    """Receives what one playout reports. Every part of a playout logs through it; nothing here may block."""

    def log(self, level: LogLevel, message: Message) -> None:
        """A line for the stream's log, as its operators read it."""

    def changed(self) -> None:
        """The snapshot has changed in a way that is worth showing at once."""

    def item_started(self, item: Item) -> None:
        """Viewers see another item."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """A call of `PlayoutEvents.log`."""

    level: LogLevel
    message: Message


@dataclass(frozen=True, slots=True)
class Changed:
    """A call of `PlayoutEvents.changed`."""


@dataclass(frozen=True, slots=True)
class ItemStarted:
    """A call of `PlayoutEvents.item_started`."""

    item: Item


PlayoutEvent = LogLine | Changed | ItemStarted
"""The same as values that can be pickled."""
