"""Events of a playout, noted."""

from dataclasses import dataclass, field

from streaming.model.items import Item
from streaming.model.message import Message
from streaming.model.states import LogLevel


@dataclass
class PaperEvents:
    """Notes the lines of a stream's log, and the items viewers see."""

    lines: list[tuple[LogLevel, Message]] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)

    def log(self, level: LogLevel, message: Message) -> None:
        self.lines.append((level, message))

    def changed(self) -> None:
        """Nothing here shows a snapshot."""

    def item_started(self, item: Item) -> None:
        self.items.append(item)

    @property
    def messages(self) -> list[Message]:
        return [message for _, message in self.lines]
