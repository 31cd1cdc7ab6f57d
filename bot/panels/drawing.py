"""What a panel shows of a stream, and what of it is news: drawn by pure functions."""

import hashlib
import json
from dataclasses import dataclass, replace

from discord import Embed, ui

from bot.panels.buttons import panel_view
from bot.ui import cards
from streaming.control.status import StreamStatus, TargetStatus


@dataclass(frozen=True, slots=True)
class Drawing:
    """A panel's message. A picture would stand in the card, with its file beside it here."""

    card: Embed
    view: ui.View

    @property
    def digest(self) -> str:
        """The same for what looks the same."""
        return _digest([self.card.to_dict(), self.view.to_components()])


def draw(status: StreamStatus) -> Drawing:
    """The panel of a stream."""
    return Drawing(cards.stream(status), panel_view(status))


def news(status: StreamStatus) -> StreamStatus:
    """What people would want to see at once: the same as long as nothing but time passes."""
    playing = status.now_playing and replace(status.now_playing, position_seconds=0.0)
    targets = tuple(map(_without_counts, status.targets))
    return replace(status, now_playing=playing, targets=targets, health=None, items_listed=0)


def _without_counts(target: TargetStatus) -> TargetStatus:
    return replace(target, sent_seconds=0.0, missed_seconds=0.0)


def _digest(value: object) -> str:
    return hashlib.blake2s(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
