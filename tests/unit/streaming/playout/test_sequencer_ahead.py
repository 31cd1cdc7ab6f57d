"""What follows an item is prepared while the item is fed, also when it is too short ever to have a lead."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from types import SimpleNamespace
from typing import Any, cast

from streaming.bitstream.matroska import Cluster
from streaming.ffmpeg.treatment import Fault
from streaming.input.inspection import Inspector
from streaming.input.loader import CuedItem
from streaming.model.items import Item, Media
from streaming.model.profiles import PROFILES
from streaming.model.states import EncodeMode
from streaming.playout.sequencer import Sequencer
from streaming.timeline.program import Program
from streaming.timeline.writer import ProgramWriter
from tests.standins.paper_events import PaperEvents
from tests.unit.streaming.playout.test_sequencer_left import COPIED, LIMIT_SECONDS, WaitingFallback
from tests.unit.streaming.timeline.program_parts import ItemSpec, clusters, header

SHORT = ItemSpec(pictures=60)
SHORT_SECONDS = 2.0


class EndlessFeeder:
    """A feeder that gives all of a short item, and whose FFmpeg does not end."""

    found_damage = False

    async def clusters(self) -> AsyncIterator[Cluster]:
        for cluster in clusters(SHORT):
            yield cluster

    async def ended_well(self) -> bool:
        await asyncio.Event().wait()
        return True


class ShortCues:
    """One short item, and then the end."""

    def __init__(self) -> None:
        self._has_given = False
        self.is_cued_ahead = asyncio.Event()

    async def next(self) -> CuedItem | None:
        if self._has_given:
            self.is_cued_ahead.set()
            return None
        self._has_given = True
        media = Media(Item("short", "Short"), (), duration_seconds=SHORT_SECONDS)
        feeder, source = cast("Any", EndlessFeeder()), cast("Any", SimpleNamespace(failure=None))
        return CuedItem(media, source, feeder, header(SHORT), COPIED, AsyncExitStack())

    async def resume(self, _broken: CuedItem, _seconds: float, _fault: Fault | None = None) -> CuedItem | None:
        raise AssertionError


async def test_what_follows_a_short_item_is_prepared_before_its_feeder_ends() -> None:
    cues = ShortCues()
    sequencer = Sequencer(
        ProgramWriter(Program(lead_seconds=10.0)),
        WaitingFallback(),
        cues,
        inspector=lambda each: Inspector(each.header, each.treatment, EncodeMode.COPY, PROFILES["720p30"]),
        item_started=lambda _: 1,
        events=PaperEvents(),
    )
    playing = asyncio.create_task(sequencer.run())
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            await cues.is_cued_ahead.wait()
    finally:
        playing.cancel()
        await asyncio.wait([playing])
