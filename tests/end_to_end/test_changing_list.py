"""A list that changes while it is on air, and one that holds a video several times, seen at the ingest."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from streaming.lineup.relisting import Schedule
from streaming.model.states import LogLevel
from streaming.playlists.files import FilesPlaylist
from tests.end_to_end.engines import ALICE, PATIENCE_SECONDS, settings_for, station
from tests.end_to_end.playouts import OnAir, on_air
from tests.end_to_end.test_queue import playing, queue, titles
from tests.end_to_end.videos import LIST, small, upload
from tests.standins.clips import ClipSpec, render
from tests.standins.ingest import Ingest
from tests.standins.recording import frames, showings
from tests.standins.session import Session
from tests.standins.youtube import YouTube

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.long]

OFTEN = Schedule(longest_seconds=0.5, least_seconds=0.1, look_seconds=0.1)


class Written:
    """An M3U list of clips, by their numbers."""

    def __init__(self, place: Path, clips: Path, specs: Sequence[ClipSpec]) -> None:
        self.path = place / "list.m3u"
        self._clips = {spec.clip_number: render(clips, spec) for spec in specs}

    def write(self, *numbers: int) -> None:
        self.path.write_text("".join(f"{self._clips[number]}\n" for number in numbers))


async def until(air: OnAir, is_so: Callable[[], bool]) -> None:
    """Waits while the playout goes on."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not is_so():
            assert not air.playing.done(), air.lines
            await asyncio.wait([air.playing], timeout=0.05)


def clip_on_air(air: OnAir) -> str:
    item = air.playout.snapshot().item
    return item.title if item else ""


def order(session: Session, place: Path, specs: Sequence[ClipSpec]) -> list[int]:
    seen = showings(frames(session.to_flv(place / "recording.flv")), specs)
    assert all(showing.is_whole for showing in seen)
    return [showing.clip_number for showing in seen]


async def test_a_video_that_is_several_times_in_a_list_plays_each_time(place: Path, clips: Path) -> None:
    specs = small(3, seconds=2.0)
    written = Written(place, clips, specs)
    written.write(1, 2, 1, 3, 1)
    async with Ingest() as ingest:
        async with on_air(FilesPlaylist([str(written.path)]), ingest.url("a")) as air:
            await asyncio.wait([air.playing], timeout=60)
            assert air.playing.done()
            assert air.playout.snapshot().items_listed == 5
        (session,) = ingest.sessions
    assert order(session, place, specs) == [1, 2, 1, 3, 1]
    assert len(session.video_headers()) == 1


async def test_what_is_new_gone_or_moved_is_followed_without_a_jump(place: Path, clips: Path) -> None:
    specs = small(6, seconds=4.0)
    written = Written(place, clips, specs)
    written.write(1, 2, 3, 4, 5)
    async with Ingest() as ingest:
        playlist = FilesPlaylist([str(written.path)])
        async with on_air(playlist, ingest.url("a"), lead_seconds=1.0, schedule=OFTEN) as air:
            await until(air, lambda: clip_on_air(air) != "")
            written.write(1, 2, 5, 6, 4)  # 3 has gone, 5 comes before 4, and 6 is new
            await asyncio.wait([air.playing], timeout=90)
            assert air.playing.done()
            changes = [line for line in air.lines if "playlist has changed" in line[1]]
        (session,) = ingest.sessions
    assert changes == [(LogLevel.INFO, "The playlist has changed: 1 new, 1 gone, in another order.")]
    assert order(session, place, specs) == [1, 2, 5, 6, 4]
    assert len(session.video_headers()) == 1


async def test_a_list_that_grows_while_its_last_video_plays_goes_on(place: Path, clips: Path) -> None:
    specs = small(3, seconds=5.0)
    written = Written(place, clips, specs)
    written.write(1)
    async with Ingest() as ingest:
        playlist = FilesPlaylist([str(written.path)])
        async with on_air(playlist, ingest.url("a"), lead_seconds=10.0, schedule=OFTEN) as air:
            await until(air, lambda: clip_on_air(air) != "")
            written.write(1, 2, 1)
            await asyncio.wait([air.playing], timeout=60)
            assert air.playing.done()
        (session,) = ingest.sessions
    assert order(session, place, specs) == [1, 2, 1]


async def test_a_list_that_cannot_be_read_any_more_plays_on(place: Path, clips: Path) -> None:
    specs = small(3, seconds=2.0)
    written = Written(place, clips, specs)
    written.write(1, 2, 3)
    async with Ingest() as ingest:
        playlist = FilesPlaylist([str(written.path)])
        async with on_air(playlist, ingest.url("a"), schedule=OFTEN) as air:
            await until(air, lambda: clip_on_air(air) != "")
            written.path.unlink()
            await asyncio.wait([air.playing], timeout=60)
            assert air.playing.done()
            told = [line for level, line in air.lines if level is LogLevel.WARNING]
        (session,) = ingest.sessions
    assert order(session, place, specs) == [1, 2, 3]
    assert [line.partition(":")[0] for line in told] == ["The playlist could not be read again and plays on unchanged"]


async def test_an_engine_goes_on_at_the_occurrence_and_people_act_on_one_alone(
    youtube: YouTube, clips: Path, data_dir: Path
) -> None:
    ident, *songs = await upload(youtube, clips, small(4, seconds=12.4), prefix="song")  # listed as 12 s
    await youtube.add_playlist(LIST, "Songs", [ident, songs[0], ident, songs[1], ident, songs[2]])
    settings = settings_for(youtube, data_dir)
    async with Ingest() as ingest:
        async with station(settings) as engine:
            await engine.add_target("main", ingest.url("main"))
            started = await engine.start(LIST, "main", is_looped=True)
            found = await queue(engine, started, playing("Song 1"))
            assert (found.listed, titles(found)[:4]) == (6, ["Song 2", "Song 1", "Song 3", "Song 1"])
            await engine.services.queue.remove(ALICE, "", found.upcoming[3].key)
            await engine.services.queue.jump(ALICE, "", found.upcoming[1].key)
            found = await queue(engine, started, lambda queue: titles(queue)[:1] == ["Song 3"])
            assert titles(found)[:5] == ["Song 3", "Song 4", "Song 1", "Song 2", "Song 1"]
            await queue(
                engine, started, lambda queue: bool(queue.now_playing and queue.now_playing.position_seconds > 1)
            )
        async with station(settings) as engine:
            found = await queue(engine, started, playing("Song 1"))
            assert (titles(found)[:4], found.removed) == (["Song 3", "Song 4", "Song 1", "Song 2"], 1)


async def test_an_engine_reads_a_playlist_again_at_the_end_of_a_round(
    youtube: YouTube, clips: Path, data_dir: Path
) -> None:
    specs = small(4, seconds=8.0)
    ids = await upload(youtube, clips, specs, prefix="song")
    await youtube.add_playlist(LIST, "Songs", ids[:3])
    async with Ingest() as ingest, station(settings_for(youtube, data_dir)) as engine:
        await engine.add_target("main", ingest.url("main"))
        started = await engine.start(LIST, "main", is_looped=True)
        found = await queue(engine, started, playing("Song 1"))
        removed = next(entry for entry in found.upcoming if entry.title == "Song 2")
        await engine.services.queue.remove(ALICE, "", removed.key)
        await youtube.add_playlist(LIST, "Songs", [ids[3], ids[1], ids[0]])
        found = await queue(engine, started, lambda queue: "Song 4" in titles(queue))
        assert (found.listed, found.removed) == (3, 1)
        assert set(titles(found)) == {"Song 4", "Song 1"}
        assert "The playlist has changed: 1 new, 1 gone, in another order." in await engine.log(started)
