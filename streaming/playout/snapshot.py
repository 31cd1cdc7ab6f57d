"""How a playout stands at one moment, as plain values."""

from dataclasses import dataclass
from datetime import datetime

from streaming.model.items import Item
from streaming.model.states import RunStatus
from streaming.output.uplink import Destination, UplinkStatus
from streaming.playout.transport import LineupView


@dataclass(frozen=True, slots=True)
class TargetSnapshot:
    """How one target is doing."""

    destination: Destination
    status: UplinkStatus
    reason: str
    """What is the matter with it, and what is done about it; nothing when all is well."""
    sent_seconds: float
    missed_seconds: float


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything there is to tell of a playout at one moment."""

    status: RunStatus
    reason: str
    item: Item | None
    position_seconds: float
    lineup_view: LineupView
    is_copy: bool | None
    treatment: str
    """Why it is copied or encoded."""
    urls_expire_at: float | None
    """Until when the URLs of what is being read are good, in Unix time; None where that is not known."""
    items_listed: int
    items_played: int
    on_air_since: datetime | None
    rerun_seconds: float
    slate_seconds: float
    lead_seconds: float
    targets: tuple[TargetSnapshot, ...]
