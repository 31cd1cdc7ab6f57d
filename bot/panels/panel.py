"""A panel as its keeper knows it: what its message shows, and what it is to show."""

from dataclasses import dataclass

from bot.panels.drawing import Pictures, news
from streaming.control.panels import PanelPlace, Watched
from streaming.control.status import StreamStatus


@dataclass(eq=False, slots=True)
class KeptPanel:
    """One panel; times are of a monotonic clock."""

    watched: Watched
    place: PanelPlace
    told: StreamStatus | None = None
    """The news its message tells."""
    digest: str = ""
    """What its message looks like."""
    attached: frozenset[str] | None = None
    """The files its message has, as far as we know."""
    pictures: Pictures | None = None
    """Taken, and to be shown with the next edit that is in no hurry."""
    edited_at: float = 0.0
    rests_until: float = 0.0
    """Before that its message is left alone."""
    is_in_work: bool = False
    looked_at: float = 0.0
    """When we looked whether it is buried."""

    @property
    def status(self) -> StreamStatus:
        """How its stream is."""
        return self.watched.status

    @property
    def has_news(self) -> bool:
        """Whether its message is not true any more."""
        return self.told != news(self.status)

    @property
    def is_given_up(self) -> bool:
        """Whether it cannot be kept where it is, and is wanted nowhere else."""
        return bool(self.place.trouble) and self.watched.panel == self.place

    @property
    def waits_for_first_picture(self) -> bool:
        """Whether there is a picture for a message that has none."""
        return self.pictures is not None and not self.attached
