"""What people ask of a stream on air, as the ingest sees it: back, there, next, and out."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from streaming.model.errors import NotFound, WantedStateError
from streaming.playout.transport import Transport
from tests.end_to_end.playouts import OnAir, files, on_air
from tests.standins.clips import ClipSpec
from tests.standins.ingest import Ingest
from tests.standins.recording import FrameSeen, beeps, frames, lip_sync, showings
from tests.standins.session import Session

pytestmark = pytest.mark.long

LIMIT_SECONDS = 60.0
SEEN_SECONDS = 1.5


@dataclass
class Show:
    """A lineup of clips on air, and what the ingest gets of it."""

    specs: list[ClipSpec]
    keys: list[str]
    ingest: Ingest
    session: Session
    under_test: OnAir

    @property
    def transport(self) -> Transport:
        return self.under_test.playout.transport

    async def plays(self, clip_number: int, *, seconds: float = 0.7) -> None:
        """Waits until a clip has been on air for a while, by the engine's own account."""
        key = self.keys[clip_number - 1]

        def is_there() -> bool:
            snapshot = self.under_test.playout.snapshot()
            return snapshot.item is not None and snapshot.item.key == key and snapshot.position_seconds >= seconds

        await self.ingest.wait_for(is_there, timeout_seconds=LIMIT_SECONDS)

    async def order(self, folder: Path) -> list[int]:
        """The clips in the order the ingest saw them, in sound timing and one publication."""
        path = self.session.to_flv(folder / "recording.flv")
        seen: list[FrameSeen] = await asyncio.to_thread(frames, path)
        heard = await asyncio.to_thread(beeps, path)
        assert len(self.ingest.sessions) == 1
        assert all(abs(sync.late_ms) <= 10 for sync in lip_sync(seen, heard, self.specs))
        assert self.session.repeated_audio_timestamps() == []
        assert max(self.session.video_steps_ms()) <= 105  # B-frames that nobody was handed before a cut are missing
        return [showing.clip_number for showing in showings(seen, self.specs)]


@asynccontextmanager
async def show(folder: Path, count: int, *, seconds: float, lead_seconds: float) -> AsyncIterator[Show]:
    specs = [ClipSpec(number, seconds, 320, 180) for number in range(1, count + 1)]
    playlist = files(folder, specs)
    keys = [item.key async for item in playlist.items()]
    async with Ingest() as ingest, on_air(playlist, ingest.url("key"), lead_seconds=lead_seconds) as under_test:
        yield Show(specs, keys, ingest, await ingest.session("key"), under_test)


async def ended(under_test: OnAir) -> None:
    async with asyncio.timeout(LIMIT_SECONDS):
        await under_test.playing


async def test_previous_and_jump_are_seen_at_once_and_play_on_from_there(clips: Path, tmp_path: Path) -> None:
    async with show(clips, 5, seconds=3.0, lead_seconds=5.0) as stage:  # the next item waits in the lead
        await stage.plays(1)
        await stage.transport.skip()
        await stage.plays(2)
        took = []
        for ask, clip_number in ((stage.transport.previous(), 1), (stage.transport.jump(stage.keys[3]), 4)):
            asked = time.monotonic()
            await ask
            took.append(time.monotonic() - asked)
            await stage.plays(clip_number)
        print("seen after", ", ".join(f"{seconds:.2f} s" for seconds in took))
        assert stage.under_test.playout.snapshot().lineup_view.upcoming == (stage.keys[4],)
        await stage.plays(5)
        await stage.transport.previous()  # nothing was to follow
        await stage.plays(4)
        await ended(stage.under_test)
        assert max(took) <= 2 * SEEN_SECONDS
        assert await stage.order(tmp_path) == [1, 2, 1, 4, 5, 4, 5]


@pytest.mark.parametrize("lead_seconds", [3.5, 30.0], ids=["when it is prepared already", "when it is fed already"])
async def test_what_is_to_come_can_be_changed(clips: Path, tmp_path: Path, lead_seconds: float) -> None:
    async with show(clips, 4, seconds=6.0, lead_seconds=lead_seconds) as stage:
        await stage.plays(1)
        await stage.transport.play_next(stage.keys[3])
        assert stage.under_test.playout.snapshot().lineup_view.upcoming == (stage.keys[3], stage.keys[1], stage.keys[2])
        await stage.transport.remove(stage.keys[1])
        lineup_view = stage.under_test.playout.snapshot().lineup_view
        assert (lineup_view.upcoming, lineup_view.next_title) == (
            (stage.keys[3], stage.keys[2]),
            Path(stage.keys[3]).stem,
        )
        assert json.loads(lineup_view.cursor)["present"]["key"] == stage.keys[0]
        await stage.plays(4)
        await stage.transport.skip()
        await stage.plays(3)
        assert await stage.order(tmp_path) == [1, 4, 3]


async def test_what_cannot_be_is_declined_and_what_is_on_air_stays_there(tmp_path: Path) -> None:
    async with show(tmp_path, 2, seconds=8.0, lead_seconds=2.0) as stage:
        await stage.plays(1)
        with pytest.raises(NotFound, match="no previous item"):
            await stage.transport.previous()
        with pytest.raises(NotFound, match="not in the list"):
            await stage.transport.jump("elsewhere")
        await stage.transport.remove(stage.keys[0])
        with pytest.raises(WantedStateError, match="last item left"):
            await stage.transport.remove(stage.keys[1])
        await asyncio.to_thread(Path(stage.keys[0]).unlink)
        with pytest.raises(WantedStateError, match="Cannot play"):
            await stage.transport.jump(stage.keys[0])
        await stage.plays(2)
        assert await stage.order(tmp_path) == [1, 2]


async def test_two_who_go_back_at_once_go_back_twice(clips: Path, tmp_path: Path) -> None:
    async with show(clips, 3, seconds=15.0, lead_seconds=20.0) as stage:
        for clip_number in (1, 2):
            await stage.plays(clip_number)
            await stage.transport.skip()
        await stage.plays(3)
        went = await asyncio.gather(stage.transport.previous(), stage.transport.previous())
        assert [item.key for item in went] == [stage.keys[1], stage.keys[0]]
        await stage.plays(1)
        assert [number for number in await stage.order(tmp_path) if number != 2] == [1, 3, 1]
