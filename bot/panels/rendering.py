"""Renders a panel, and decides which changes of a stream it has to show at once."""

import hashlib
import io
import json
from collections.abc import Collection
from dataclasses import dataclass, replace

from discord import Embed, File, ui

from bot.panels import cards
from bot.panels.buttons import panel_view
from streaming.services.status import StreamStatus, TargetStatus


@dataclass(frozen=True, slots=True)
class Pictures:
    """Files for a panel's message by name: a frame of what is on air, and a chart."""

    contents: dict[str, bytes]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.contents)

    def files(self) -> list[File]:
        """The files to upload; discord.py reads each only once."""
        return [File(io.BytesIO(content), filename=name) for name, content in self.contents.items()]


@dataclass(frozen=True, slots=True)
class RenderedPanel:
    """The content of a panel's message; `pictures` names the files its cards show."""

    cards: tuple[Embed, ...]
    view: ui.View
    pictures: frozenset[str]

    @property
    def digest(self) -> str:
        """Equal for contents that look equal."""
        return _digest([[card.to_dict() for card in self.cards], self.view.to_components()])


def render(status: StreamStatus, available: Collection[str] = ()) -> RenderedPanel:
    """The panel of a stream with the available pictures; none while it is off the air."""
    pictures = frozenset(available if status.state.is_playing else ())
    return RenderedPanel(cards.panel(status, pictures), panel_view(status), pictures)


def visible_state(status: StreamStatus) -> StreamStatus:
    """The status without what changes by mere passing of time: a panel shows changes of this at once."""
    playing = status.now_playing and replace(status.now_playing, position_seconds=0.0)
    targets = tuple(map(_without_counts, status.targets))
    return replace(status, now_playing=playing, targets=targets, health=None, items_listed=0)


def _without_counts(target: TargetStatus) -> TargetStatus:
    return replace(target, sent_seconds=0.0, missed_seconds=0.0)


def _digest(value: object) -> str:
    return hashlib.blake2s(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
