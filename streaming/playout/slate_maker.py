"""Draws the slate of one stream, with its title and what is up next."""

import logging

from streaming.lineup.reader import LineupReader
from streaming.model.errors import ConfigurationError
from streaming.model.events import PlayoutEvents
from streaming.model.profiles import Profile
from streaming.model.states import LogLevel
from streaming.playout.messages import Fillers
from streaming.timeline.slate import Slate, render

_log = logging.getLogger(__name__)


class SlateMaker:
    """Draws the slate as it should look now."""

    def __init__(self, ffmpeg: str, profile: Profile, title: str, lineup: LineupReader, events: PlayoutEvents) -> None:
        self._ffmpeg = ffmpeg
        self._profile = profile
        self._title = title
        self._lineup = lineup
        self._events = events

    async def draw(self) -> Slate | None:
        """Draws it with its text, else without; None when neither can be drawn, and the stream goes on without it."""
        upcoming = self._lineup.upcoming()
        for title in (self._title, ""):
            try:
                return await render(self._ffmpeg, self._profile, title, upcoming.title if upcoming else "")
            except ConfigurationError as error:
                self._events.log(LogLevel.WARNING, Fillers.NO_SLATE_BECAUSE(reason=error.full_message))
            except Exception as error:  # noqa: BLE001  (the stream goes on without)
                _log.warning("The slate cannot be drawn", exc_info=error)
                self._events.log(LogLevel.WARNING, Fillers.NO_SLATE_TEXT() if title else Fillers.NO_SLATE())
        return None
