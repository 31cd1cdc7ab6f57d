"""Trouble with the platform as one stream's log tells it: once when it begins, and once when it is over."""

from collections.abc import Callable

from streaming.model.errors import PlatformTrouble
from streaming.model.states import LogLevel


class PlatformOutage:
    """The trouble a stream is in, if any."""

    def __init__(self, log: Callable[[LogLevel, str], None]) -> None:
        self._log = log
        self.reason = ""
        """What the platform says, for people; nothing while all is well."""

    def begin(self, error: PlatformTrouble) -> None:
        """Tells the operators, unless they know."""
        if error.message != self.reason:
            self.reason = error.message
            self._log(LogLevel.ERROR, f"{error} Until this is over the stream goes on with what is at hand.")

    def end(self) -> None:
        """The platform has answered."""
        if self.reason:
            self.reason = ""
            self._log(LogLevel.INFO, "The trouble is over: new items can be had again.")
