"""The order of play in people's hands, from the database to the ingest, and over a restart of the engine."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from streaming.services.queue import Queue
from streaming.services.streams import StartedStream
from tests.end_to_end.engines import ALICE, PATIENCE_SECONDS, Station, settings_for, station
from tests.end_to_end.videos import LIST, small, upload
from tests.standins.ingest import Ingest
from tests.standins.recording import frames, showings
from tests.standins.youtube import YouTube

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def queue(engine: Station, started: StartedStream, is_as_wanted: Callable[[Queue], bool]) -> Queue:
    """Waits for the queue to be as wanted."""
    async with asyncio.timeout(PATIENCE_SECONDS), engine.database.changes() as changes:
        while not is_as_wanted(found := await engine.services.queue.read(ALICE.guild_id, f"#{started.stream_id}")):
            await changes.wait(1)
    return found


def playing(title: str) -> Callable[[Queue], bool]:
    return lambda found: found.now_playing is not None and found.now_playing.title == title


def titles(found: Queue) -> list[str]:
    return [entry.title for entry in found.upcoming]


async def test_what_people_do_to_the_queue_is_done_shown_and_remembered(
    youtube: YouTube, clips: Path, data_dir: Path, place: Path
) -> None:
    specs = small(5, seconds=8.0)
    await youtube.add_playlist(LIST, "Songs", await upload(youtube, clips, specs, prefix="song"))
    settings = settings_for(youtube, data_dir)
    async with Ingest() as ingest:
        async with station(settings) as engine:
            await engine.add_target("main", ingest.url("main"))
            started = await engine.start(LIST, "main", is_looped=True)
            await queue(engine, started, playing("Song 1"))
            assert await engine.services.queue.jump(ALICE, "", "Song 3") == "Now playing “Song 3”."
            found = await queue(engine, started, playing("Song 3"))
            assert titles(found)[:3] == ["Song 4", "Song 5", "Song 1"]
            assert await engine.services.queue.previous(ALICE) == "Back to “Song 1”."
            assert titles(await queue(engine, started, playing("Song 1")))[:2] == ["Song 3", "Song 4"]
            assert await engine.services.queue.play_next(ALICE, "", "Song 5") == "“Song 5” comes next."
            assert await engine.services.queue.remove(ALICE, "", "Song 4") == "Removed “Song 4” from the queue."
            found = await queue(engine, started, lambda found: found.removed == 1)
            assert titles(found)[:3] == ["Song 5", "Song 3", "Song 1"]
            assert found.listed == 5
            await engine.services.streams.set_order(ALICE, "", loop=False)
            found = await queue(engine, started, lambda found: len(found.upcoming) == 2)
            assert titles(found) == ["Song 5", "Song 3"]
        async with station(settings) as engine:
            found = await queue(engine, started, lambda found: found.is_playing and len(found.upcoming) == 2)
            assert found.now_playing and found.now_playing.title == "Song 1"
            assert (titles(found), found.removed) == (["Song 5", "Song 3"], 1)
            log = await engine.log(started)
        order = [
            showing.clip_number
            for session in ingest.sessions
            for showing in showings(frames(session.to_flv(place / f"{session.opened_at}.flv")), specs)
        ]
    assert order == [1, 3, 1, 1]
    assert [line for line in log if line.startswith("Alice")] == [
        "Alice started it on main.",
        "Alice jumped to “Song 3”.",
        "Alice went back to the previous item.",
        "Alice queued “Song 5” next.",
        "Alice removed “Song 4”.",
        "Alice set loop off.",
    ]
