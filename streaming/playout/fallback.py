"""Fills the program while the item that should be on air is not ready.

First the lead plays out. Then comes a rerun: an item that played before and whose URLs are still good. Without one it
is the slate with its text, or without text if that cannot be drawn. The time on air of each kind is counted.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from streaming.bitstream.matroska import Cluster
from streaming.input.loader import CuedItem
from streaming.model.events import PlayoutEvents
from streaming.model.states import LogLevel
from streaming.playout.messages import Fillers
from streaming.timeline.slate import Slate
from streaming.timeline.splice import Airing
from streaming.timeline.writer import ProgramWriter

_log = logging.getLogger(__name__)

T = TypeVar("T")

_LOW_MS = 1000.0
"""The fallback goes on air when less than this is left to send. It keeps this lead itself."""
_PATIENCE_SECONDS = 0.5
"""A shorter wait is not filled: a stream begins with no lead at all."""
GATHERED_SECONDS = 1.5
"""What follows something put in has only the lead of that, and may begin more slowly than it goes on: so much of it is
at hand before it goes on air."""
_RUNNING_LOW_MS = 5000.0
"""A rerun is cued when less than this is left, of the lead or of the rerun before it."""
_GRACE_SECONDS = 4.0
"""How long a rerun waits before it replaces the slate: the next item may be ready in a moment, too."""


@dataclass(slots=True)
class FallbackSeconds:
    """How long each kind of fallback was on air."""

    rerun: float = 0.0
    slate: float = 0.0


class Fallback:
    """Keeps the program filled while the sequencer waits."""

    def __init__(
        self,
        writer: ProgramWriter,
        *,
        cue_rerun: Callable[[], Coroutine[None, None, CuedItem | None]],
        draw_slate: Callable[[], Coroutine[None, None, Slate | None]],
        events: PlayoutEvents,
    ) -> None:
        """`draw_slate` draws the slate with the item that is up next at that time."""
        self._writer = writer
        self._program = writer.program
        self._cue_rerun = cue_rerun
        self._draw_slate = draw_slate
        self._events = events
        self.slate: Slate | None = None
        self.seconds = FallbackSeconds()
        self.is_filling = False
        """Whether a filler is on air or about to be."""
        self._shows_slate = False

    async def fill_until(self, ready: "asyncio.Future[Any]", *, with_reruns: bool = False) -> bool:
        """Waits for a task, and fills the program when it runs low. Returns whether it did.

        Before anything is on air, nothing is filled. Reruns are for waits between items: within an item they would
        confuse.
        """
        seconds_left = (self._program.ahead_ms - _RUNNING_LOW_MS) / 1000
        await asyncio.wait([ready], timeout=max(_PATIENCE_SECONDS, seconds_left))
        if not ready.done():
            await self._below(_RUNNING_LOW_MS, ready)
        return False if ready.done() else await self._fill(ready, with_reruns=with_reruns)

    async def _fill(self, ready: "asyncio.Future[Any]", *, with_reruns: bool) -> bool:
        rerun = self._cueing_rerun() if with_reruns else asyncio.create_task(_nothing())
        self._shows_slate = False
        drawing = asyncio.create_task(_or_none(self._draw_slate(), "draw the slate"), name="draw the slate")
        try:
            await self._below(_LOW_MS, ready)
            while not ready.done():
                if rerun.done() and (cued := rerun.result()):
                    length_seconds = cued.media.duration_seconds or 0.0
                    rerun = self._cueing_rerun(wait_seconds=length_seconds - _RUNNING_LOW_MS / 1000)
                    await self._show_rerun(cued, ready)
                else:
                    self.slate = (drawing.result() if drawing.done() else None) or self.slate
                    await self._show_slate([ready, *(task for task in (rerun, drawing) if not task.done())])
        finally:
            was_filled, self.is_filling = self.is_filling, False
            await discard(rerun)
            await discard(drawing)
        return was_filled

    def _cueing_rerun(self, *, wait_seconds: float = 0.0) -> "asyncio.Task[CuedItem | None]":
        rerun = _or_none(self._rerun(wait_seconds=wait_seconds), "prepare an earlier item")
        return asyncio.create_task(rerun, name="prepare a rerun")

    async def _rerun(self, *, wait_seconds: float = 0.0) -> CuedItem | None:
        """Cues a rerun after `wait_seconds`."""
        await asyncio.sleep(wait_seconds)
        cued = await self._cue_rerun()
        if cued:
            try:
                await cued.feeder.gather(GATHERED_SECONDS)
                await asyncio.sleep(_GRACE_SECONDS if self._shows_slate else 0.0)
            except BaseException:
                await cued.close()
                raise
        return cued

    async def _show_rerun(self, cued: CuedItem, ready: "asyncio.Future[Any]") -> None:
        airing = self._writer.filler(cued.header, cued.item, is_copy=cued.treatment.copy_video)
        self._events.log(LogLevel.WARNING, Fillers.RERUN(title=cued.item.title))
        self._shows_slate = False
        try:
            self.seconds.rerun += await self._show(airing, cued.feeder.clusters(), [ready])
        except Exception:  # noqa: BLE001  (another filler replaces it)
            _log.exception("“%s” could not be played again", cued.item.title)
        finally:
            await cued.close()

    async def _show_slate(self, better: "list[asyncio.Future[Any]]") -> None:
        if self.slate is None:
            await asyncio.wait(better, return_when=asyncio.FIRST_COMPLETED)
            return
        self._events.log(LogLevel.WARNING, Fillers.SLATE())
        self._shows_slate = True
        self.seconds.slate += await self._show(self._writer.filler(self.slate.header), self.slate.loop(), better)

    async def _show(
        self, airing: Airing, clusters: AsyncIterator[Cluster], better: "list[asyncio.Future[Any]]"
    ) -> float:
        """Writes clusters with a short lead until one of the tasks is done or they end. Returns the seconds."""
        began = time.monotonic()
        self.is_filling = True
        self._writer.begin(airing)
        try:
            async for cluster in clusters:
                self._writer.add(cluster)
                await self._below(_LOW_MS, *better)
                if any(task.done() for task in better):
                    break
        finally:
            self._writer.cut(airing)
        return time.monotonic() - began

    async def _below(self, lead_ms: float, *or_done: "asyncio.Future[Any]") -> None:
        """Waits until the program's lead is shorter than `lead_ms`, or one of the tasks is done."""
        low = asyncio.create_task(
            self._program.until(lambda program: program.on_air is not None and program.ahead_ms < lead_ms)
        )
        try:
            await asyncio.wait([low, *or_done], return_when=asyncio.FIRST_COMPLETED)
        finally:
            low.cancel()


async def _or_none(work: Coroutine[None, None, T | None], what: str) -> T | None:
    """The result of auxiliary work; None after any failure, and the stream goes on without it."""
    try:
        return await work
    except Exception:  # noqa: BLE001
        _log.exception("Failed to %s", what)
        return None


async def _nothing() -> None:
    """Stands for a rerun where none is allowed."""


async def discard(task: "asyncio.Future[CuedItem | None] | asyncio.Future[Slate | None]") -> None:
    """Cancels a cue that nobody waits for, and closes its item."""
    task.cancel()
    await asyncio.wait([task])
    if not task.cancelled() and task.exception() is None and isinstance(cued := task.result(), CuedItem):
        await cued.close()
