"""The state of a playout at one moment, as plain values that can be pickled."""

from dataclasses import dataclass
from datetime import datetime

from streaming.model.items import Item
from streaming.model.message import Message
from streaming.model.states import RunStatus
from streaming.output.uplink import UplinkStatus


@dataclass(frozen=True, slots=True)
class LineupView:
    """The lineup as viewers see it: the lead separates them from the item that is fed."""

    cursor: str = ""
    """Where to go on after a restart, as `Lineup.resume` reads it; empty while a filler is on air."""
    upcoming: tuple[str, ...] = ()
    """The next entries in order of play: at most a hundred, and no more than the list has."""
    next_title: str = ""


@dataclass(frozen=True, slots=True)
class TargetSnapshot:
    """The state of one target."""

    target_id: int
    name: str
    status: UplinkStatus
    reason: Message
    """What is wrong and what is done about it; empty when nothing is."""
    sent_seconds: float
    missed_seconds: float


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of a whole playout."""

    status: RunStatus
    reason: Message
    item: Item | None
    position_seconds: float
    lineup_view: LineupView
    is_copy: bool | None
    treatment: Message
    """Why it is copied or encoded."""
    urls_expire_at: float | None
    """When the URLs of the item that is read expire, in Unix time; None where that is not known."""
    items_listed: int
    items_played: int
    on_air_since: datetime | None
    rerun_seconds: float
    slate_seconds: float
    lead_seconds: float
    targets: tuple[TargetSnapshot, ...]


@dataclass(frozen=True, slots=True)
class QueuePart:
    """Some items of the list, and the state of the whole list."""

    items: tuple[Item, ...]
    length: int
    """How many items are listed."""
    list_version: int
    """How often the list was replaced by a newer version."""
    is_listed: bool
    """Whether the list is known to its end."""
    title: str
    """The playlist's title; empty while it is not known."""
    removed: frozenset[str]
    """The entries that were taken out of the lineup."""
    upcoming: tuple[str, ...]
    """The next entries in order of play."""
