"""Takes pictures for panels, seldom and one at a time, to keep the load on engines and Discord low."""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.charts.cache import CHART_FILE, ChartCache
from bot.i18n.words import in_language
from bot.panels.cards import FRAME_FILE
from bot.panels.rendering import Pictures
from streaming.model.errors import NonstopError
from streaming.services.guilds import Language
from streaming.services.history import HistoryService
from streaming.services.panels import Watched
from streaming.services.previews import PreviewService
from streaming.services.status import StreamState, StreamStatus

_log = logging.getLogger(__name__)

_OF_ANOTHER_ITEM_SECONDS = 60.0
"""Between two pictures when the item has changed."""
_OF_THE_SAME_ITEM_SECONDS = 300.0
_INTO_ITEM_SECONDS = 10.0
"""Items begin with black frames and titles, which show nothing of them."""

Scene = tuple[bool, str, str]
"""What a picture shows: whether it is the slate, and title and link of the item."""


@dataclass(eq=False, slots=True)
class _Subject:
    """A stream whose pictures are taken; times are of a monotonic clock."""

    watched: Watched
    tried_at: float = float("-inf")
    scene: Scene | None = None
    """Of the last picture."""

    @property
    def status(self) -> StreamStatus:
        return self.watched.status

    def is_due(self, now: float) -> bool:
        if not _is_worth_seeing(self.status):
            return False
        is_same = self.scene == _scene(self.status)
        return now >= self.tried_at + (_OF_THE_SAME_ITEM_SECONDS if is_same else _OF_ANOTHER_ITEM_SECONDS)


class PanelPictures:
    """The pictures of all panels. Where taking one fails, the panel stays as it is."""

    def __init__(
        self,
        previews: PreviewService,
        history: HistoryService,
        language: Callable[[int], Language],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`language` gives the language of a guild."""
        self._previews = previews
        self._language = language
        self._charts = ChartCache(history)
        self._clock = clock
        self._subjects: dict[int, _Subject] = {}

    def update(self, watched: Iterable[Watched]) -> None:
        """Sets the streams whose panels get pictures, with their present states."""
        before, self._subjects = self._subjects, {}
        for each in watched:
            subject = before.get(each.status.stream_id) or _Subject(each)
            subject.watched = each
            self._subjects[each.status.stream_id] = subject

    def invalidate(self, stream_id: int) -> None:
        """Makes new pictures due even if the scene is the same, as the panel has lost its files."""
        if subject := self._subjects.get(stream_id):
            subject.scene = None

    async def next(self) -> tuple[int, Pictures] | None:
        """Takes the pictures that have been due longest, with the id of their stream; None if none are due."""
        now = self._clock()
        due = [subject for subject in self._subjects.values() if subject.is_due(now)]
        if not due:
            return None
        subject = min(due, key=lambda subject: subject.tried_at)
        subject.tried_at = now
        try:
            return subject.status.stream_id, await self._of(subject)
        except NonstopError as error:
            _log.info("The panel of stream %s gets no new picture: %s", subject.status.stream_id, error)
            return None

    async def _of(self, subject: _Subject) -> Pictures:
        guild_id, stream_id, scene = subject.watched.guild_id, subject.status.stream_id, _scene(subject.status)
        picture = await self._previews.get(guild_id, f"#{stream_id}")
        with in_language(self._language(guild_id)):
            chart = await self._charts.strip(guild_id, stream_id)
        subject.scene = scene
        return Pictures({FRAME_FILE: picture.jpeg} | ({CHART_FILE: chart} if chart else {}))


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
