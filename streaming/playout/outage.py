"""An outage of the platform, as it concerns one stream: logged once when it begins and once when it is over."""

from streaming.model.errors import PlatformTrouble
from streaming.model.events import PlayoutEvents
from streaming.model.states import LogLevel


class PlatformOutage:
    """Whether the platform refuses everything at the moment, and why."""

    def __init__(self, events: PlayoutEvents) -> None:
        self._events = events
        self.reason = ""
        """What the platform says, for people; empty while it answers."""

    def begin(self, error: PlatformTrouble) -> None:
        """Logs an outage, unless the same one is logged already."""
        if error.message != self.reason:
            self.reason = error.message
            self._events.log(
                LogLevel.ERROR, f"{error} Until this is resolved, the stream continues with what is available."
            )

    def end(self) -> None:
        """The platform has answered."""
        if self.reason:
            self.reason = ""
            self._events.log(LogLevel.INFO, "Resolved: new items are available again.")
