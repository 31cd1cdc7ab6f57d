"""Pictures for panels: taken seldom and one after the other, so that neither engines nor Discord feel it."""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.charting import Charts
from bot.panels.drawing import Pictures
from bot.ui import picture_cards
from bot.ui.words import speaking
from streaming.control.control import Control
from streaming.control.guilds import Language
from streaming.control.panels import Watched
from streaming.control.status import StreamState, StreamStatus
from streaming.model.errors import NonstopError

_log = logging.getLogger(__name__)

_OF_ANOTHER_ITEM_SECONDS = 60.0
"""At least so long after the picture before, another item gets its own."""
_OF_THE_SAME_ITEM_SECONDS = 300.0
_INTO_ITEM_SECONDS = 10.0
"""Items begin with black and with titles: only then they look like themselves."""

Scene = tuple[bool, str, str]
"""What a picture shows: whether the slate, and which item."""


@dataclass(eq=False, slots=True)
class _Sitting:
    """A stream that has its picture taken; times are of a monotonic clock."""

    watched: Watched
    tried_at: float = float("-inf")
    scene: Scene | None = None
    """What the last picture shows."""

    @property
    def status(self) -> StreamStatus:
        return self.watched.status

    def is_due(self, now: float) -> bool:
        """Whether it is time for another picture."""
        if not _is_worth_seeing(self.status):
            return False
        is_same = self.scene == _scene(self.status)
        return now >= self.tried_at + (_OF_THE_SAME_ITEM_SECONDS if is_same else _OF_ANOTHER_ITEM_SECONDS)


class PanelPictures:
    """The pictures of all panels. A picture that cannot be had changes nothing."""

    def __init__(
        self, control: Control, language: Callable[[int], Language], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`language` is what a guild is told in."""
        self._control = control
        self._language = language
        self._charts = Charts(control)
        self._clock = clock
        self._sittings: dict[int, _Sitting] = {}

    def take(self, watched: Iterable[Watched]) -> None:
        """Takes in the streams whose panels are to have pictures, as they are now."""
        before, self._sittings = self._sittings, {}
        for each in watched:
            sitting = before.get(each.status.stream_id) or _Sitting(each)
            sitting.watched = each
            self._sittings[each.status.stream_id] = sitting

    def renew(self, stream_id: int) -> None:
        """A panel has no pictures any more: the next ones are due even when they show the same."""
        if sitting := self._sittings.get(stream_id):
            sitting.scene = None

    async def next(self) -> tuple[int, Pictures] | None:
        """Takes the pictures that are due the longest; gives the id of their stream beside them, if there are any."""
        now = self._clock()
        due = [sitting for sitting in self._sittings.values() if sitting.is_due(now)]
        if not due:
            return None
        sitting = min(due, key=lambda sitting: sitting.tried_at)
        sitting.tried_at = now
        try:
            return sitting.status.stream_id, await self._of(sitting)
        except NonstopError as error:
            _log.info("The panel of stream %s has to do without a new picture: %s", sitting.status.stream_id, error)
            return None

    async def _of(self, sitting: _Sitting) -> Pictures:
        guild_id, stream_id, scene = sitting.watched.guild_id, sitting.status.stream_id, _scene(sitting.status)
        picture = await self._control.preview(guild_id, f"#{stream_id}")
        with speaking(self._language(guild_id)):
            chart = await self._charts.strip(guild_id, stream_id)
        sitting.scene = scene
        return Pictures({picture_cards.FRAME: picture.jpeg} | ({picture_cards.CHART: chart} if chart else {}))


def _is_worth_seeing(status: StreamStatus) -> bool:
    if status.state is StreamState.SLATE:
        return True
    playing = status.now_playing
    if status.state is not StreamState.ON_AIR or playing is None:
        return False
    half = (playing.duration_seconds or float("inf")) / 2
    return playing.position_seconds >= min(_INTO_ITEM_SECONDS, half)


def _scene(status: StreamStatus) -> Scene:
    playing = status.now_playing
    return (status.state is StreamState.SLATE, playing.title if playing else "", playing.link if playing else "")
