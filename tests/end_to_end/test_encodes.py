"""A machine that encodes as much as it can: the next stream waits, its reason on the card; a copied one does not."""

import asyncio
from pathlib import Path

import pytest

from streaming.model.states import EncodeMode
from streaming.services.status import StreamState, StreamStatus
from streaming.services.streams import StartedStream
from streaming.settings import LimitsSettings
from tests.end_to_end.engines import PATIENCE_SECONDS, Station, settings_for, station
from tests.end_to_end.videos import LIST, small, upload
from tests.standins.ingest import Ingest
from tests.standins.youtube import YouTube

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.long]
OTHER, THIRD = "PLbbbbbbbbbbbbbbbb", "PLcccccccccccccccc"


async def until(engine: Station, started: StartedStream, state: StreamState, reason: str = "") -> StreamStatus:
    async with asyncio.timeout(PATIENCE_SECONDS), engine.database.changes() as changes:
        while (status := await engine.status(started)).state is not state or reason not in status.reason:
            await changes.wait(1)
    return status


async def test_encoded_stream_that_comes_too_late_waits_for_another_to_end(
    youtube: YouTube, clips: Path, data_dir: Path
) -> None:
    ids = await upload(youtube, clips, small(2, seconds=4))
    for playlist in (LIST, OTHER, THIRD):
        await youtube.add_playlist(playlist, playlist, ids)
    settings = settings_for(youtube, data_dir).model_copy(update={"limits": LimitsSettings(encodes_per_engine=1)})
    async with Ingest() as ingest, station(settings) as engine:
        for name in ("first", "second", "third"):
            await engine.add_target(name, ingest.url(name))
        first = await engine.start(LIST, "first", is_looped=True, encode=EncodeMode.ALWAYS)
        await until(engine, first, StreamState.ON_AIR)
        second = await engine.start(OTHER, "second", is_looped=True, encode=EncodeMode.ALWAYS)
        await until(engine, second, StreamState.RESOLVING, "cannot encode any more streams")
        third = await engine.start(THIRD, "third", is_looped=True)
        await until(engine, third, StreamState.ON_AIR)
        assert ingest.sessions_of("second") == []
        await engine.stop(first)
        assert not (await until(engine, second, StreamState.ON_AIR)).reason
