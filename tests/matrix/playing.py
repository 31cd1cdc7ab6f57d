"""Plays one odd item between two ordinary neighbours: a real playout, published to the stand-in ingest."""

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path

from streaming.model.errors import NonstopError
from streaming.model.items import FilePart, Item, Media, MediaInfo, PartKind
from streaming.model.message import Message
from streaming.model.profiles import Profile
from streaming.model.states import EncodeMode, LogLevel
from streaming.playlists.files import FilesPlaylist
from tests.end_to_end.playouts import OnAir, on_air
from tests.matrix.kinds import Kind, Played, sound_apart
from tests.standins.clips import ClipSpec, render
from tests.standins.ingest import Ingest
from tests.standins.session import Session

PROFILE = Profile("matrix", 640, 360, 30, 2500, preset="ultrafast")
"""Small and quick: what is judged is the same at any size."""
NEIGHBOURS = (ClipSpec(1, 8.0, 640, 360), ClipSpec(2, 2.0, 640, 360))
"""What comes before, long enough to prepare the next item on a busy machine, and what comes after; both fit."""
APART = MediaInfo("h264", 640, 360, 30.0, audio_codec="aac", audio_profile="LC", sample_rate=44_100, channels=2)
"""What platforms say of formats 134 and 140; the rate is that of the upload and not of what is in the file."""
_PATIENCE_SECONDS = 25.0
"""So much longer than its content a lineup may take, connecting and trying things included."""
_LOOK_EVERY_SECONDS = 0.25


@dataclass
class Run:
    """What came of it."""

    kind: Kind
    mode: EncodeMode
    sessions: list[Session] = field(default_factory=list)
    lines: list[tuple[LogLevel, Message]] = field(default_factory=list)
    has_ended: bool = False
    """Whether the lineup came to its end by itself."""
    failure: str = ""
    """What ended the playout before its time."""
    treatments: list[str] = field(default_factory=list)
    """What was done to the item, as people are told."""
    seconds: float = 0.0
    neighbours: tuple[ClipSpec, ClipSpec] = NEIGHBOURS


class OddPlaylist(FilesPlaylist):
    """Files; one that has its sound in another file beside it is read as platforms serve it, in two parts."""

    async def resolve(self, item: Item, *, fresh: bool = False, avoid: frozenset[str] = frozenset()) -> Media:
        """Gives the file, or both."""
        media = await super().resolve(item, fresh=fresh, avoid=avoid)
        picture, sound = Path(item.key), sound_apart(Path(item.key))
        if not await asyncio.to_thread(sound.exists):
            return media
        parts = (FilePart(PartKind.VIDEO, picture), FilePart(PartKind.AUDIO, sound))
        return Media(item, parts, item.duration_seconds, APART)


async def play(kind: Kind, mode: EncodeMode, ingest: Ingest, shelf: Path) -> Run:
    """Plays a kind of item until its lineup ends, or should have ended long ago."""
    run = Run(kind, mode)
    key, began_at = f"{kind.name}-{mode}", time.monotonic()
    before, after = [await asyncio.to_thread(render, shelf, spec) for spec in NEIGHBOURS]
    odd = await asyncio.to_thread(kind.draw, shelf)
    playlist = OddPlaylist([str(before), str(odd), str(after)])
    async with on_air(playlist, ingest.url(key), encode=mode, profile=PROFILE) as air:
        run.lines = air.lines
        looking = asyncio.create_task(_look(air, run))
        try:
            async with asyncio.timeout(_content_seconds(kind, mode) + _PATIENCE_SECONDS):
                await asyncio.shield(air.playing)
            run.has_ended = True
        except TimeoutError:
            pass
        except (NonstopError, ExceptionGroup, ArithmeticError, ValueError, LookupError, AssertionError) as error:
            run.failure = f"{type(error).__name__}: {error}"
        finally:
            looking.cancel()
    run.sessions = ingest.sessions_of(key)
    run.seconds = time.monotonic() - began_at
    return run


def _content_seconds(kind: Kind, mode: EncodeMode) -> float:
    expected = kind.expectation(mode)
    own_seconds = max(expected.seconds, expected.longest_seconds or 0) if isinstance(expected, Played) else 0.0
    return own_seconds + sum(spec.seconds for spec in NEIGHBOURS)


async def _look(air: OnAir, run: Run) -> None:
    """Notes what is said to be done to the item while it is on air."""
    while True:
        snapshot = air.playout.snapshot()
        if snapshot.item and snapshot.item.title == run.kind.name:
            done = "copied" if snapshot.is_copy else f"encoded: {snapshot.treatment}"
            if run.treatments[-1:] != [done]:
                run.treatments.append(done)
        await asyncio.sleep(_LOOK_EVERY_SECONDS)
