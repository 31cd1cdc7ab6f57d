"""What a playout plays, and how."""

from dataclasses import dataclass

from streaming.model.profiles import Profile
from streaming.model.states import EncodeMode
from streaming.output.uplink import Destination


@dataclass(frozen=True, slots=True)
class Plan:
    """The configuration of one run."""

    title: str
    destinations: tuple[Destination, ...]
    profile: Profile
    encode: EncodeMode = EncodeMode.AUTO
    is_looped: bool = False
    is_shuffled: bool = False
    lead_seconds: float = 10.0
    cursor: str = ""
    """Where the lineup goes on, as `Lineup.cursor` gives it; empty for the beginning."""
    position_seconds: float = 0.0
    """Where the cursor's present item goes on."""
    removed: tuple[str, ...] = ()
    """Entries that are left out."""
