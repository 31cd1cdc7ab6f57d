"""What a panel shows of a stream, and what of it is news: drawn by pure functions."""

import hashlib
import io
import json
from collections.abc import Collection
from dataclasses import dataclass, replace

from discord import Embed, File, ui

from bot.panels.buttons import panel_view
from bot.ui import picture_cards
from streaming.control.status import StreamStatus, TargetStatus


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures for a panel's message, by the names its cards call them: a frame of what is on air, and a chart."""

    contents: dict[str, bytes]

    @property
    def names(self) -> frozenset[str]:
        """What the files are called."""
        return frozenset(self.contents)

    def files(self) -> list[File]:
        """To be sent, once."""
        return [File(io.BytesIO(content), filename=name) for name, content in self.contents.items()]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A panel's message; `pictures` are the files its cards show."""

    cards: tuple[Embed, ...]
    view: ui.View
    pictures: frozenset[str]

    @property
    def digest(self) -> str:
        """The same for what looks the same."""
        return _digest([[card.to_dict() for card in self.cards], self.view.to_components()])


def draw(status: StreamStatus, there: Collection[str] = ()) -> Drawing:
    """The panel of a stream, with those of its pictures that are there; what is off the air has none."""
    pictures = frozenset(there if status.state.is_playing else ())
    return Drawing(picture_cards.panel(status, pictures), panel_view(status), pictures)


def news(status: StreamStatus) -> StreamStatus:
    """What people would want to see at once: the same as long as nothing but time passes."""
    playing = status.now_playing and replace(status.now_playing, position_seconds=0.0)
    targets = tuple(map(_without_counts, status.targets))
    return replace(status, now_playing=playing, targets=targets, health=None, items_listed=0)


def _without_counts(target: TargetStatus) -> TargetStatus:
    return replace(target, sent_seconds=0.0, missed_seconds=0.0)


def _digest(value: object) -> str:
    return hashlib.blake2s(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
