"""State of one panel: what its message shows now and what it should show."""

from dataclasses import dataclass

from bot.panels.rendering import Pictures, visible_state
from streaming.process.woken_task import WokenTask
from streaming.services.panels import PanelPlace, Watched
from streaming.services.status import StreamStatus


@dataclass(eq=False, slots=True)
class PanelState:
    """One panel; times are of a monotonic clock."""

    watched: Watched
    place: PanelPlace
    task: WokenTask
    """Updates its message."""
    shown: StreamStatus | None = None
    """The visible state its message shows."""
    digest: str = ""
    """Of what its message shows."""
    attached: frozenset[str] | None = None
    """The files its message has; None when that is unknown."""
    pictures: Pictures | None = None
    """To be uploaded with the next edit that is not urgent."""
    edited_at: float = 0.0
    rests_until: float = 0.0
    """No edit before that."""
    buried_checked_at: float = 0.0

    @property
    def status(self) -> StreamStatus:
        return self.watched.status

    @property
    def is_outdated(self) -> bool:
        """Whether its message shows another state than the stream's."""
        return self.shown != visible_state(self.status)

    @property
    def is_given_up(self) -> bool:
        """Whether Discord refuses it where it is, and it was not requested in another channel."""
        return bool(self.place.problem) and self.watched.panel == self.place

    @property
    def waits_for_first_picture(self) -> bool:
        """Whether there are pictures for a message that has none."""
        return self.pictures is not None and not self.attached
