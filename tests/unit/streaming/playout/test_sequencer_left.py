"""What people leave is left for good, and what was prepared for nothing is put away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import cached_property
from types import SimpleNamespace
from typing import Any, cast

import pytest

from streaming.bitstream.matroska import Cluster
from streaming.ffmpeg.treatment import Fault, Treatment
from streaming.input.inspection import Inspector
from streaming.input.loader import CuedItem
from streaming.model.errors import NotFound
from streaming.model.items import Item, Media
from streaming.model.message import NOTHING
from streaming.model.profiles import PROFILES
from streaming.model.states import EncodeMode
from streaming.playout import sequencer as sequencing
from streaming.playout.fallback import Fallback
from streaming.playout.play import Idle
from streaming.playout.sequencer import Sequencer
from streaming.timeline.program import Program
from streaming.timeline.writer import ProgramWriter
from tests.standins.paper_events import PaperEvents
from tests.unit.streaming.output.program_uplinks import Reader
from tests.unit.streaming.timeline.program_parts import ItemSpec, clusters, header

SPEC = ItemSpec(pictures=120)
COPIED = Treatment(copy_video=True, copy_audio=True, reason=NOTHING)
LIMIT_SECONDS = 10.0


class PaperFeeder:
    """A feeder that gives all of its item at once, and may take its time to begin."""

    found_damage = False

    def __init__(self, *, breaks_off: bool, may_begin: asyncio.Event) -> None:
        self._breaks_off, self._may_begin = breaks_off, may_begin

    async def gather(self, _seconds: float) -> None:
        await self._may_begin.wait()

    async def clusters(self) -> AsyncIterator[Cluster]:
        for cluster in clusters(SPEC):
            yield cluster

    async def ended_well(self) -> bool:
        return not self._breaks_off


class WaitingFallback(Fallback):
    """A fallback that shows nothing, and says that it does."""

    def __init__(self) -> None:
        self.is_filling = True

    async def fill_until(self, ready: "asyncio.Future[Any]", *, with_reruns: bool = False) -> bool:  # noqa: ARG002  (either way)
        await asyncio.wait([ready])
        return False


LEGAL_MOVES = {tuple(line.split()[:2]) for line in str(sequencing.__doc__).splitlines() if line.startswith("    ")}


class WatchedSequencer(Sequencer):
    """Notes the moves between its states."""

    def __setattr__(self, name: str, value: Any) -> None:
        if (
            name == "_state"
            and (before := getattr(self, "_state", None)) is not None
            and type(before) is not type(value)
        ):
            self.moves.add((type(before).__name__, type(value).__name__))
        super().__setattr__(name, value)

    @cached_property
    def moves(self) -> set[tuple[str, str]]:
        return set()


class Scene:
    """An item that has broken off; what goes on with it is ready before it may begin."""

    playing: "asyncio.Task[None]"

    def __init__(self) -> None:
        self.program = Program(lead_seconds=1000.0)
        self.may_begin = asyncio.Event()
        self.is_ready = asyncio.Event()
        self.closed: list[str] = []
        self._items = iter([self.cued("broken", breaks_off=True), self.cued("next")])
        self.sequencer = WatchedSequencer(
            ProgramWriter(self.program),
            WaitingFallback(),
            self,
            inspector=lambda each: Inspector(each.header, each.treatment, EncodeMode.COPY, PROFILES["720p30"]),
            item_started=lambda _: 1,
            events=PaperEvents(),
        )

    def cued(self, key: str, *, breaks_off: bool = False, again: bool = False) -> CuedItem:
        closing, media = AsyncExitStack(), Media(Item(key, key.title()), ())
        closing.callback(self.closed.append, f"{key} again" if again else key)
        begins = self.may_begin if again else _set()
        feeder = cast("Any", PaperFeeder(breaks_off=breaks_off, may_begin=begins))
        source = cast("Any", SimpleNamespace(failure=None))
        return CuedItem(media, source, feeder, header(SPEC), COPIED, closing)

    async def next(self) -> CuedItem | None:
        return next(self._items, None)

    async def resume(self, broken: CuedItem, _seconds: float, _fault: Fault | None = None) -> CuedItem:
        self.is_ready.set()
        return self.cued(broken.item.key, again=True)

    async def end(self) -> None:
        self.playing.cancel()
        await asyncio.wait([self.playing])

    @property
    def shown(self) -> list[str]:
        """What is in the program, in order."""
        shown: list[str] = []
        for airing in self.program._airings:
            if airing.item and airing.item.key not in shown[-1:]:
                shown.append(airing.item.key)
        return shown


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    scene = Scene()
    playing = asyncio.create_task(scene.sequencer.run())
    async with asyncio.timeout(LIMIT_SECONDS):
        await scene.is_ready.wait()
        scene.playing = playing
        yield scene
    await scene.end()
    moves = {move for move in scene.sequencer.moves if move[1] != Idle.__name__}
    assert moves
    assert moves <= LEGAL_MOVES


async def test_a_jump_while_an_item_is_about_to_go_on_leaves_it(scene: Scene) -> None:
    await scene.sequencer.go_to(scene.cued("wanted"))
    scene.may_begin.set()
    await scene.program.until(lambda _: "wanted" in scene.shown)
    assert "broken again" in scene.closed
    assert scene.shown[:2] in (["wanted"], ["wanted", "next"])


async def test_a_skip_while_an_item_is_about_to_go_on_leaves_it(scene: Scene) -> None:
    reader = Reader(scene.program)
    reader.connect()
    await reader.take()
    reader.send()
    assert (await scene.sequencer.skip()).key == "broken"
    scene.may_begin.set()
    await scene.program.until(lambda _: "next" in scene.shown)
    assert "broken again" in scene.closed
    seen = [placed for placed in scene.program._clusters if placed.airing.item == Item("broken", "Broken")]
    assert len(seen) == 1, "only what was handed on already"


async def test_what_is_ready_only_after_the_end_is_put_away(scene: Scene) -> None:
    await scene.end()
    with pytest.raises(NotFound):
        await scene.sequencer.go_to(scene.cued("wanted"))
    assert "wanted" in scene.closed
