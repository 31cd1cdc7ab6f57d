"""What the fallback shows while an item is not ready: the slate, or an earlier item, and no more than is needed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from streaming.bitstream.matroska import Cluster
from streaming.ffmpeg.treatment import Treatment
from streaming.input.loader import CuedItem
from streaming.model.items import Item, Media
from streaming.model.message import NOTHING
from streaming.playout import fallback
from streaming.playout.fallback import Fallback
from streaming.timeline.program import Program
from streaming.timeline.slate import Slate
from streaming.timeline.writer import ProgramWriter
from tests.standins.paper_events import PaperEvents
from tests.unit.streaming.output.program_uplinks import Reader
from tests.unit.streaming.timeline.program_parts import ItemSpec, airing, clusters, header

SPEC = ItemSpec(pictures=120)
SLATE = Slate(header(SPEC), tuple(clusters(SPEC)))
LIMIT_SECONDS = 10.0


class PaperFeeder:
    """A feeder that has all of its item at hand, and never comes to its end."""

    async def gather(self, seconds: float) -> None:
        """There is nothing to wait for."""

    async def clusters(self) -> AsyncIterator[Cluster]:
        async for cluster in SLATE.loop():
            yield cluster


@dataclass
class Scene:
    """A stream that has sent all it had, and its fallback."""

    program: Program = field(default_factory=lambda: Program(lead_seconds=10.0))
    events: PaperEvents = field(default_factory=PaperEvents)
    cued: int = 0
    closed: int = 0
    is_at_hand: asyncio.Event = field(default_factory=asyncio.Event)
    """Whether an earlier item can be had."""
    is_drawn: bool = True
    """Whether the slate is drawn when asked for; else it never is."""

    def __post_init__(self) -> None:
        writer = ProgramWriter(self.program)
        self.fallback = Fallback(writer, cue_rerun=self._rerun, draw_slate=self._slate, events=self.events)
        writer.begin(airing(SPEC, writer.new_play_id()))
        for cluster in clusters(SPEC):
            writer.add(cluster)

    async def _rerun(self) -> CuedItem | None:
        await self.is_at_hand.wait()
        self.cued += 1
        closing = AsyncExitStack()
        closing.callback(self._closed)
        media = Media(Item("earlier", "Earlier"), (), duration_seconds=60.0)
        feeder, treatment = cast("Any", PaperFeeder()), Treatment(copy_video=True, copy_audio=True, reason=NOTHING)
        return CuedItem(media, cast("Any", None), feeder, header(SPEC), treatment, closing)

    def _closed(self) -> None:
        self.closed += 1

    async def _slate(self) -> Slate:
        if not self.is_drawn:
            await asyncio.Event().wait()
        return SLATE

    async def until_logged(self, words: str) -> None:
        await self.program.until(lambda _: any(words in line for line in self.events.messages))


@asynccontextmanager
async def fallback_running(scene: Scene) -> AsyncIterator["asyncio.Future[None]"]:
    """A fallback at work between two items, with an uplink that sends all it is given; yields what it waits for."""

    async def send() -> None:
        reader = Reader(scene.program)
        reader.connect()
        while True:
            await reader.take()
            reader.send()

    ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    sending, work = asyncio.create_task(send()), asyncio.create_task(scene.fallback.fill_until(ready, with_reruns=True))
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            yield ready
            ready.set_result(None)
            assert await work, "something was put in"
    finally:
        for task in (sending, work):
            task.cancel()
        await asyncio.gather(sending, work, return_exceptions=True)


async def test_what_comes_next_goes_before_an_earlier_item_once_the_slate_is_on_air() -> None:
    scene = Scene()
    async with fallback_running(scene):
        await scene.until_logged("the slate is on air")
        scene.is_at_hand.set()
        await scene.program.until(lambda _: scene.cued == 1)
        later_ms = scene.program.sent_ms + 5000  # which takes no time here
        await scene.program.until(lambda program: program.sent_ms > later_ms)
    assert not any("again meanwhile" in line for line in scene.events.messages)
    assert (scene.fallback.seconds.rerun, scene.closed) == (0.0, 1)


async def test_an_earlier_item_takes_the_place_of_the_slate_when_nothing_else_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fallback, "_GRACE_SECONDS", 0.2)
    scene = Scene()
    async with fallback_running(scene):
        await scene.until_logged("the slate is on air")
        scene.is_at_hand.set()
        await scene.until_logged("playing “Earlier” again")
        await scene.program.until(lambda program: program.on_air is not None and program.on_air.item is not None)
    assert scene.closed == scene.cued == 1, "another one is prepared only towards the end of the first"


async def test_an_earlier_item_that_is_ready_in_time_spares_the_slate() -> None:
    scene = Scene()
    scene.is_at_hand.set()
    async with fallback_running(scene):
        await scene.until_logged("playing “Earlier” again")
    assert not any("slate" in line for line in scene.events.messages)
    assert scene.closed == scene.cued == 1


async def test_nothing_counts_as_put_in_before_anything_is_on_air(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is ready then goes on air at once: to gather some of it first would leave the picture standing."""
    scene, is_looking = Scene(is_drawn=False), asyncio.Event()
    show = scene.fallback._show_slate

    async def look(better: "list[asyncio.Future[Any]]") -> None:
        is_looking.set()
        await show(better)

    monkeypatch.setattr(scene.fallback, "_show_slate", look)
    reader = Reader(scene.program)
    reader.connect()
    ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    bridged = asyncio.create_task(scene.fallback.fill_until(ready, with_reruns=True))
    async with asyncio.timeout(LIMIT_SECONDS):
        while scene.program.ahead_ms > 500:
            await reader.take()
            reader.send()
        await is_looking.wait()
        assert not scene.fallback.is_filling
        ready.set_result(None)
        assert not await bridged


async def test_an_earlier_item_that_cannot_be_had_for_no_known_reason_leaves_the_slate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail(_: Scene) -> CuedItem | None:
        raise KeyError

    monkeypatch.setattr(Scene, "_rerun", fail)
    scene = Scene()
    async with fallback_running(scene):
        await scene.until_logged("the slate is on air")


async def test_an_earlier_item_that_cannot_be_played_leaves_the_slate(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(_: PaperFeeder) -> AsyncIterator[Cluster]:
        yield clusters(SPEC)[0]
        raise OverflowError

    monkeypatch.setattr(PaperFeeder, "clusters", fail)
    scene = Scene()
    scene.is_at_hand.set()
    async with fallback_running(scene):
        await scene.until_logged("the slate is on air")
    assert scene.closed == scene.cued


async def test_a_slate_that_cannot_be_drawn_for_no_known_reason_leaves_the_one_from_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail(_: Scene) -> Slate:
        raise KeyError

    monkeypatch.setattr(Scene, "_slate", fail)
    scene = Scene()
    scene.fallback.slate = SLATE
    async with fallback_running(scene):
        await scene.until_logged("the slate is on air")
