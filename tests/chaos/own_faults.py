"""Faults of our own: parts that fail as nobody foresaw, runs that cannot begin, text that nothing can take."""

import asyncio
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from streaming.services.status import StreamState
from tests.chaos.faults import UNSEEN, Cost, Strike
from tests.chaos.stage import Stage

_PARTS = {"health": "The health monitor failed"}
_WITHOUT_ROOM = "This machine cannot play it now: "
_KEPT_OUT_SECONDS = 12.0
_PLAYLIST, _VIDEO = "PLchaoshalfasign", "halfasign01"
_HALF_A_SIGN, _CLEANED = "half \ud83d of a sign", "half � of a sign"


@dataclass(frozen=True, slots=True)
class HelperThrows:
    """An auxiliary part of every playout raises whenever it is called."""

    name: ClassVar[str] = "helper throws"
    cost: ClassVar[Cost] = UNSEEN
    seconds: float = 10.0

    async def inject(self, stage: Stage) -> Strike:
        """Waits until people are told of it on every channel, and until it has failed for long enough."""
        began_at = time.monotonic()
        with _files(stage.faults / part for part in _PARTS):

            async def is_told_everywhere() -> bool:
                return all([await self._is_told(stage, channel.name) for channel in stage.scenery.channels])

            await stage.until(is_told_everywhere, "every channel's log tells of it")
            await asyncio.sleep(max(0.0, began_at + self.seconds - time.monotonic()))
        told = f"told on {len(stage.scenery.channels)} channels"
        return Strike(self.name, stage.scenery.keys, began_at, time.monotonic(), self.cost, told)

    async def _is_told(self, stage: Stage, channel: str) -> bool:
        lines = await stage.errors_of(stage.started[channel])
        return all(sum(line.startswith(words) for line in lines) == 1 for words in _PARTS.values())


@dataclass(frozen=True, slots=True)
class RunCannotBegin:
    """There is no room for the run of one more stream."""

    name: ClassVar[str] = "run cannot begin"
    cost: ClassVar[Cost] = UNSEEN

    async def inject(self, stage: Stage) -> Strike:
        """Sees that its card says why, that it is not tried too often, and that it begins once there is room."""
        began_at = time.monotonic()
        stream_id = await stage.next_stream_id()
        with _files(room / f"{stream_id}-1" for room in stage.rooms()):
            started = await stage.start_beside(stage.scenery.channels[0].playlist_id)
            assert started.stream_id == stream_id

            async def is_told() -> bool:
                status = await stage.status_of(started)
                return status.state is StreamState.STARTING and status.reason.startswith(_WITHOUT_ROOM)

            await stage.until(is_told, "its card says why it does not begin")
            await asyncio.sleep(_KEPT_OUT_SECONDS)
            tracebacks = stage.engine.logged(f"The run of stream {stream_id} stopped unexpectedly")
            assert tracebacks == 1, f"{tracebacks} tracebacks in {_KEPT_OUT_SECONDS:.0f} s"

        async def has_begun() -> bool:
            return (await stage.status_of(started)).state in (StreamState.CONNECTING, StreamState.RECONNECTING)

        await stage.until(has_begun, "it begins once there is room")
        over_at = time.monotonic()
        await stage.end_beside(started)
        return Strike(self.name, stage.scenery.keys, began_at, over_at, self.cost, "its reason on its card")


@dataclass(frozen=True, slots=True)
class SurrogateInTitle:
    """A title of one more stream's playlist cannot be encoded."""

    name: ClassVar[str] = "surrogate in a title"
    cost: ClassVar[Cost] = UNSEEN

    async def inject(self, stage: Stage) -> Strike:
        """Sees that the list is written down with that title, and that commands are answered."""
        began_at = time.monotonic()
        channel = stage.scenery.channels[0]
        await stage.youtube.add_video(_VIDEO, _HALF_A_SIGN, clip=stage.clips[0])
        await stage.youtube.add_playlist(_PLAYLIST, _HALF_A_SIGN, [_VIDEO, channel.video_id(1)])
        started = await stage.start_beside(_PLAYLIST)

        async def is_listed() -> bool:
            return _CLEANED in await stage.titles_of(started)

        await stage.until(is_listed, "its list is written down")
        listed = await stage.ask_for_list(_PLAYLIST)
        assert listed == 2, f"{listed} entries told"
        over_at = time.monotonic()
        await stage.end_beside(started)
        return Strike(self.name, stage.scenery.keys, began_at, over_at, self.cost, "written down and answered")


@contextmanager
def _files(paths: Iterable[Path]) -> Iterator[None]:
    """Files that are there for a while."""
    there = list(paths)
    for path in there:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    try:
        yield
    finally:
        for path in there:
            path.unlink(missing_ok=True)
