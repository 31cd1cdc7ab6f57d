"""The seam between engine and playouts: whatever crosses it can be pickled, and events come in order to the end."""

import pickle
from datetime import UTC, datetime
from typing import Any, cast, get_args

import pytest

from streaming.ffmpeg.progress import Progress
from streaming.model.events import Changed, ItemStarted, LogLine, PlayoutEvent, PlayoutEvents
from streaming.model.items import Item
from streaming.model.message import NOTHING, Message
from streaming.model.states import LogLevel, RunStatus, UplinkState
from streaming.output.uplink import UplinkStatus
from streaming.playout.handle import ItemCommand, Jump, LocalPlayout, PlayNext, Previous, Remove, SetOrder, Skip
from streaming.playout.snapshot import LineupView, QueuePart, Snapshot, TargetSnapshot

ITEM = Item("key", "Title", 12.5, occurrence=2)
SNAPSHOT = Snapshot(
    status=RunStatus.ON_AIR,
    reason=NOTHING,
    item=ITEM,
    position_seconds=1.5,
    lineup_view=LineupView("{}", ("key",), "Title"),
    is_copy=True,
    treatment=NOTHING,
    urls_expire_at=1e9,
    items_listed=1,
    items_played=1,
    on_air_since=datetime.now(UTC),
    rerun_seconds=0.0,
    slate_seconds=0.0,
    lead_seconds=9.0,
    targets=(
        TargetSnapshot(1, "main", UplinkStatus(UplinkState.LIVE, progress=Progress(1.0, 2, 1.0, 0)), NOTHING, 1.0, 0.0),
    ),
)
QUEUE = QueuePart((ITEM,), 1, 0, is_listed=True, title="Title", removed=frozenset({"key"}), upcoming=("key",))
COMMANDS = (Skip(), Previous(), Jump("key"), PlayNext("key"), Remove("key"), SetOrder(loop=True, shuffle=False))
EVENTS = (LogLine(LogLevel.INFO, Message("a line")), Changed(), ItemStarted(ITEM))


@pytest.mark.parametrize("value", [SNAPSHOT, QUEUE, *COMMANDS, *EVENTS], ids=lambda value: type(value).__name__)
def test_what_crosses_the_seam_can_be_pickled(value: object) -> None:
    assert pickle.loads(pickle.dumps(value)) == value


def test_no_command_and_no_event_is_left_out() -> None:
    assert {type(command) for command in COMMANDS} == {*get_args(ItemCommand), SetOrder}
    assert {type(event) for event in EVENTS} == set(get_args(PlayoutEvent))


class ShortPlayout:
    """Reports three events, and fails."""

    def __init__(self, events: PlayoutEvents) -> None:
        self._events = events

    async def run(self) -> None:
        self._events.log(LogLevel.INFO, Message("a line"))
        self._events.changed()
        self._events.item_started(ITEM)
        raise KeyError


async def test_events_come_in_their_order_and_end_with_the_run_however_it_ends() -> None:
    playout = LocalPlayout(lambda events: cast("Any", ShortPlayout(events)))
    with pytest.raises(KeyError):
        await playout.run()
    assert tuple([event async for event in playout.events()]) == EVENTS
