"""What a playout is to play, and how."""

from dataclasses import dataclass

from streaming.model.profiles import Profile
from streaming.model.states import EncodeMode
from streaming.output.uplink import Destination


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be played, and how."""

    title: str
    destinations: tuple[Destination, ...]
    profile: Profile
    encode: EncodeMode = EncodeMode.AUTO
    is_looped: bool = False
    is_shuffled: bool = False
    lead_seconds: float = 10.0
    cursor: str = ""
    """The lineup's place to go on from, or nothing to begin at the beginning."""
    position_seconds: float = 0.0
    """Where in that place's item to go on."""
    removed: tuple[str, ...] = ()
    """Entries that are not to be played."""
