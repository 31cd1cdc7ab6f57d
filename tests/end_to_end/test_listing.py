"""`/playlist refresh`, from the request to the answer, with the real extractor."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import pytest_asyncio

from streaming.engine.listing import list_playlist
from streaming.ffmpeg import binary
from streaming.model.errors import WantedStateError
from streaming.model.listed import Listed
from streaming.playlists.registry import Playlists
from tests.end_to_end.engines import ALICE, Station, settings_for, station
from tests.standins.youtube import VideoState, YouTube

pytestmark = pytest.mark.asyncio(loop_scope="session")

LIST = "PLcccccccccccccccc"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def engine(running_youtube: YouTube) -> AsyncIterator[Station]:
    with TemporaryDirectory(prefix="ns-test-") as folder:
        async with station(settings_for(running_youtube, Path(folder))) as engine:
            await until_there(engine)
            yield engine


async def until_there(engine: Station) -> None:
    """Waits until the engine has shown itself."""
    async with asyncio.timeout(30), engine.database.changes() as changes:
        while not await engine.services.engines.alive():
            await changes.wait(1.0)


async def ignore(_: Listed) -> None:
    """For who does not mind how far it is."""


async def upload(youtube: YouTube, public: int, private: int) -> None:
    """A playlist of so many videos."""
    states = [VideoState.PUBLIC] * public + [VideoState.PRIVATE] * private
    ids = [f"listed{number:05}" for number in range(len(states))]
    for video_id, state in zip(ids, states, strict=True):
        await youtube.add_video(video_id, f"Video {video_id}", state=state)
    await youtube.add_playlist(LIST, "Evenings", ids)


async def test_engine_with_nothing_on_air_lists_a_playlist(engine: Station, youtube: YouTube) -> None:
    await upload(youtube, public=3, private=2)
    await engine.services.playlists.add(ALICE, LIST, "Night")
    listed = await engine.services.playlists.refresh(ALICE, "night", on_progress=ignore)
    assert listed == Listed("Evenings", 5, 3)
    (kept,) = await engine.services.playlists.all(ALICE.guild_id)
    assert (kept.title, kept.items_listed) == ("Evenings", 5)


async def test_what_is_new_is_seen_when_it_is_listed_again(engine: Station, youtube: YouTube) -> None:
    for count in (2, 4):
        await youtube.reset()
        await upload(youtube, public=count, private=0)
        assert (await engine.services.playlists.refresh(ALICE, LIST, on_progress=ignore)).items == count


@pytest.mark.usefixtures("youtube")
async def test_playlist_that_is_not_there_is_declined_in_a_sentence(engine: Station) -> None:
    with pytest.raises(WantedStateError, match="no such playlist, or it is private"):
        await engine.services.playlists.refresh(ALICE, "PLnowherenowhere", on_progress=ignore)


async def test_long_playlist_tells_how_far_it_is(youtube: YouTube, place: Path) -> None:
    await upload(youtube, public=250, private=0)
    settings = settings_for(youtube, place)
    told: list[int] = []

    async def tell(so_far: Listed) -> None:
        told.append(so_far.items)

    async with Playlists(settings, binary.find(settings.streaming)) as playlists:
        listed = await list_playlist(playlists, LIST, 1, tell, report_every_seconds=0.0)
    assert told == list(range(1, 251))
    assert listed == Listed("Evenings", 250, 250)
