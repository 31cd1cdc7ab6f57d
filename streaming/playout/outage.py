"""An outage of the platform, as it concerns one stream: logged once when it begins and once when it is over."""

from streaming.model.errors import PlatformTrouble
from streaming.model.events import PlayoutEvents
from streaming.model.message import NOTHING
from streaming.model.states import LogLevel
from streaming.playout.messages import Outages


class PlatformOutage:
    """Whether the platform refuses everything at the moment, and why."""

    def __init__(self, events: PlayoutEvents) -> None:
        self._events = events
        self.reason = NOTHING
        """What the platform says, for people; empty while it answers."""

    def begin(self, error: PlatformTrouble) -> None:
        """Logs an outage, unless the same one is logged already."""
        if error.message != self.reason:
            self.reason = error.message
            self._events.log(LogLevel.ERROR, Outages.BEGUN(reason=error.full_message))

    def end(self) -> None:
        """The platform has answered."""
        if self.reason:
            self.reason = NOTHING
            self._events.log(LogLevel.INFO, Outages.OVER())
