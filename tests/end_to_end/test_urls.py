"""What can befall the URLs of a YouTube playlist and the resolver behind them, as the ingest sees it: nothing."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
import pytest_asyncio

from streaming.model.backoff import Backoff
from streaming.model.message import Message
from streaming.model.patience import Patience
from streaming.model.states import LogLevel
from streaming.settings import YouTubeSettings
from streaming.youtube.circuit_breaker import CircuitBreaker
from streaming.youtube.playlist import YouTubePlaylist
from streaming.youtube.references import parse_reference
from streaming.youtube.resolver import Resolver
from tests.end_to_end.playouts import OnAir, on_air
from tests.end_to_end.videos import LIST, upload
from tests.standins.clips import ClipSpec, render
from tests.standins.ingest import Ingest
from tests.standins.recording import Showing, frames, showings
from tests.standins.session import Session
from tests.standins.youtube import Fault, VideoState, YouTube

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.long]

PATIENCE = Patience(stall_seconds=2.2)
NOTICED_SECONDS = 2.0
START_SECONDS = 1.0
"""The first burst of a publication is no gap."""
SEAMS = 12
GOP_FRAMES = 60
MUXED_GOP_FRAMES = 30
PICTURE, SOUND, MUXED = 136, 140, 18
MIDDLE_BYTE = 100_000
ALWAYS = 1000


@dataclass
class Scene:
    """Videos that become a playlist, and the playlist as it arrives."""

    youtube: YouTube
    reached: YouTubeSettings
    resolver: Resolver
    clips: Path
    recording: Path
    specs: list[ClipSpec] = field(default_factory=list)
    lines: list[tuple[LogLevel, Message]] = field(default_factory=list)

    async def upload(self, *seconds: float) -> list[str]:
        """Videos of these lengths; the first gives the lead on which the others may live."""
        self.specs = [ClipSpec(number, length) for number, length in enumerate(seconds, start=1)]
        ids = await upload(self.youtube, self.clips, self.specs)
        await self.youtube.add_playlist(LIST, "In trouble", ids)
        return ids

    async def break_off(self, video_id: str, effect: int | Fault, *, client: str | None = None, times: int = 1) -> None:
        """Has the picture's file end in its middle, and something happen to those who read on from there."""
        fail = partial(self.youtube.fail, "media", video_id=video_id, itag=PICTURE, at_byte=MIDDLE_BYTE)
        await fail(Fault.SHORT)
        await fail(effect, client=client, times=times)

    async def played(self, meanwhile: "Meanwhile | None" = None) -> Session:
        """Plays the whole list."""
        playlist = YouTubePlaylist(parse_reference(LIST), self.resolver)
        async with (
            Ingest() as ingest,
            on_air(playlist, ingest.url("key"), youtube=self.reached, patience=PATIENCE) as under_test,
        ):
            session = await ingest.session("key")
            try:
                if meanwhile:
                    await meanwhile.happen(under_test)
                await asyncio.wait_for(asyncio.shield(under_test.playing), 60)
            finally:
                self.lines = under_test.lines
                print("\n".join(f"{level}: {line}" for level, line in self.lines))
        assert ingest.sessions == [session]
        return session

    def seen(self, session: Session) -> list[Showing]:
        return showings(frames(session.to_flv(self.recording)), self.specs)

    def assert_gapless(self, session: Session) -> None:
        """No gap that a player's buffer would not hide; how few milliseconds they are is for `make chaos` to say."""
        gap, *_, usual = longest_gaps_seconds(session)
        print(f"longest gap {gap * 1000:.0f} ms, the {SEAMS}th {usual * 1000:.0f} ms")
        assert gap <= max(NOTICED_SECONDS, 5 * usual)

    def assert_seamless(self, session: Session) -> None:
        """Every picture of every video, once, in time, and sound without a hole."""
        self.assert_gapless(session)
        assert [(showing.clip_number, showing.is_whole) for showing in self.seen(session)] == [
            (spec.clip_number, True) for spec in self.specs
        ]
        assert session.repeated_audio_timestamps() == []
        assert max((hole.length_ms for hole in session.audio_holes()), default=0) <= 20


@dataclass
class Meanwhile:
    """YouTube no longer asks for a proof that nobody is a bot, once the stream has run out of what is new."""

    youtube: YouTube

    async def happen(self, under_test: OnAir) -> None:
        async with asyncio.timeout(20):
            while not any("again meanwhile" in line for _, line in under_test.lines):
                await asyncio.sleep(0.02)
        await self.youtube.behave(bot_check=False)


@pytest_asyncio.fixture(loop_scope="session")
async def scene(youtube: YouTube, place: Path, clips: Path, tmp_path: Path) -> AsyncIterator[Scene]:
    """With a resolver that gives up a hanging question soon, and asks again soon after trouble."""
    breaker = CircuitBreaker(backoff=Backoff(0.5, 0.5))
    reached = YouTubeSettings(proxy=youtube.proxy_url, ca_file=youtube.ca_file)
    async with Resolver(reached, cache_dir=place, job_seconds=2.5, breaker=breaker) as resolver:
        await resolver.ready()
        yield Scene(youtube, reached, resolver, clips, tmp_path / "recording.flv")


def longest_gaps_seconds(session: Session) -> list[float]:
    """The longest waits on the wire, more than there are seams."""
    since = session.messages[0].arrival + START_SECONDS
    arrivals = [message.arrival for message in session.messages if message.is_media and message.arrival > since]
    return sorted((later - earlier for earlier, later in pairwise(arrivals)), reverse=True)[:SEAMS]


def is_complete(showing: Showing) -> bool:
    """Nothing is missing; something may have come twice."""
    return not (showing.lost or showing.lost_before or showing.lost_after)


async def test_expiry_refusal_reset_stall_and_short_read_cannot_be_seen(scene: Scene) -> None:
    """One fault a video, in its middle; and two videos between them that cannot be opened at all."""
    ids = await scene.upload(8, 2.5, 2.5, 2.5, 2.5)
    faults: list[int | Fault] = [403, Fault.RESET, Fault.SHORT, Fault.STALL]
    for video_id, fault in zip(ids[1:], faults, strict=False):
        await scene.break_off(video_id, fault)
    await scene.youtube.behave(url_life_seconds=1)  # when the stall is over, the URL has expired
    clip = await asyncio.to_thread(render, scene.clips, scene.specs[0])
    await scene.youtube.add_video("not_to_open", "Refused", clip=clip)
    await scene.youtube.fail("media", 403, video_id="not_to_open", times=ALWAYS)
    await scene.youtube.add_video("not_for_all", "Private", state=VideoState.PRIVATE)
    await scene.youtube.add_playlist(LIST, "Faults", [*ids[:3], "not_to_open", "not_for_all", *ids[3:]])
    scene.assert_seamless(await scene.played())
    assert [line for _, line in scene.lines if line.startswith("Skipped")] == [
        "Skipped “Refused”: rr1---sn-standin.googlevideo.com refuses it (HTTP 403).",
        "Skipped “[Private video]”: private.",
    ]


async def test_what_cannot_be_read_on_is_swapped_for_another_format_in_the_middle_of_an_item(scene: Scene) -> None:
    """The same file from another client goes on at the next picture; other files, at the keyframe before it."""
    ids = await scene.upload(4, 3, 3, 5)
    await scene.break_off(ids[1], 403, client="TVHTML5", times=ALWAYS)
    await scene.break_off(ids[2], 403, times=ALWAYS)
    await scene.break_off(ids[3], Fault.CHANGED_LENGTH)
    session = await scene.played()
    scene.assert_gapless(session)
    whole, from_another_client, in_another_format, changed = scene.seen(session)
    assert whole.is_whole
    assert from_another_client.is_whole
    assert is_complete(in_another_format)
    assert len(in_another_format.repeated) <= MUXED_GOP_FRAMES
    assert is_complete(changed)
    assert len(changed.repeated) <= GOP_FRAMES
    assert max((hole.length_ms for hole in session.audio_holes()), default=0) <= 20
    assert {read.itag for read in await scene.youtube.ranges() if read.video_id == ids[2]} == {PICTURE, SOUND, MUXED}
    assert sum("was interrupted at" in line for _, line in scene.lines) == 3


async def test_trouble_with_the_platform_is_told_once_and_what_is_at_hand_is_played_meanwhile(scene: Scene) -> None:
    ids = await scene.upload(3, 3, 3)
    for video_id in (ids[0], ids[2]):
        await scene.resolver.resolve(video_id)
    await scene.youtube.behave(bot_check=True)
    session = await scene.played(Meanwhile(scene.youtube))
    first, second, *_, last = scene.seen(session)
    assert [(showing.clip_number, showing.is_whole) for showing in (first, second, last)] == [
        (1, True),
        (3, True),
        (2, True),
    ]
    (error,) = [line for level, line in scene.lines if level is LogLevel.ERROR]
    assert error.startswith("YouTube asks this address to prove that it is not a bot.")
    assert [line for _, line in scene.lines if "Resolved:" in line and line != error] == [
        "Resolved: new items are available again."
    ]


async def test_a_resolver_that_hangs_is_killed_and_nobody_sees_it(scene: Scene) -> None:
    ids = await scene.upload(16, 3)
    await scene.youtube.fail("watch", Fault.STALL, video_id=ids[1])
    before = set(scene.resolver.worker_pids)
    scene.assert_seamless(await scene.played())
    assert set(scene.resolver.worker_pids) != before
