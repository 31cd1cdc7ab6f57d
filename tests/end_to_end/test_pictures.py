"""Looking at a stream on air through a real engine: its picture, its health, and targets tested beside it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import pytest_asyncio

from streaming.services.history import Span
from streaming.services.status import StreamStatus
from streaming.services.streams import StartedStream
from streaming.services.targets import TargetTest
from tests.end_to_end.engines import ALICE, PATIENCE_SECONDS, Station, settings_for, station
from tests.end_to_end.videos import LIST, small, upload
from tests.standins.ingest import Ingest
from tests.standins.recording import frames
from tests.standins.youtube import YouTube

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ingest() -> AsyncIterator[Ingest]:
    async with Ingest() as ingest:
        yield ingest


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def engine(running_youtube: YouTube, ingest: Ingest) -> AsyncIterator[Station]:
    with TemporaryDirectory(prefix="ns-test-") as folder:
        async with station(settings_for(running_youtube, Path(folder))) as engine:
            for name in ("steady", "free", "refused"):
                await engine.add_target(name, ingest.url(name))
            yield engine


@pytest_asyncio.fixture(loop_scope="session")
async def on_air(youtube: YouTube, engine: Station, ingest: Ingest, clips: Path) -> AsyncIterator[StartedStream]:
    """A looped stream that has been on air for some seconds."""
    await youtube.add_playlist(LIST, "Looked at", await upload(youtube, clips, small(2, seconds=5.0)))
    number = len(ingest.sessions_of("steady")) + 1
    started = await engine.start(LIST, "steady", is_looped=True)
    session = await ingest.session("steady", number=number)
    await ingest.wait_for(lambda: session.media_seconds > 3, timeout_seconds=PATIENCE_SECONDS)
    yield started
    await engine.stop(started)


async def healthy(engine: Station, started: StartedStream) -> tuple[StreamStatus, list[StreamStatus]]:
    """The state once health is known, and those before."""
    before = []
    async with asyncio.timeout(PATIENCE_SECONDS), engine.database.changes() as changes:
        while not (status := await engine.status(started)).health:
            before.append(status)
            await changes.wait(1)
    return status, before


async def outcome_of(engine: Station, name: str) -> TargetTest:
    """The outcome of a target's test."""
    async with asyncio.timeout(PATIENCE_SECONDS), aclosing(engine.services.targets.test(ALICE, name)) as steps:
        *_, outcome = [step async for step in steps]
    return outcome


@pytest.mark.long
@pytest.mark.timed
async def test_the_picture_is_one_of_what_is_on_air_and_costs_it_nothing(
    engine: Station, ingest: Ingest, on_air: StartedStream, place: Path
) -> None:
    began = time.monotonic()
    first, *others = await asyncio.gather(*(engine.services.previews.get(ALICE.guild_id) for _ in range(5)))
    took_seconds = time.monotonic() - began
    print(f"five pictures of {len(first.jpeg) / 1000:.0f} kB after {took_seconds:.2f} s")
    assert {picture.jpeg for picture in others} == {first.jpeg}
    assert took_seconds <= 1.0
    (place / "picture.jpg").write_bytes(first.jpeg)
    (seen,) = await asyncio.to_thread(frames, place / "picture.jpg")
    assert seen.clip_number in (1, 2)
    assert first.status.stream_id == on_air.stream_id
    session = ingest.sessions_of("steady")[-1]
    assert session.worst_wire_gap_seconds(after_seconds=1.0) <= 0.5


async def test_health_is_what_was_measured_and_the_status_says_why(engine: Station, on_air: StartedStream) -> None:
    status, before = await healthy(engine, on_air)
    assert status.health
    assert (status.health.speed > 0.5, status.health.bitrate_kbps > 10) == (True, True), before
    assert (status.is_copy, status.treatment) == (True, "no encoding needed")
    assert status.urls_expire_at is not None
    history = await engine.services.history.health(ALICE.guild_id, "", Span.HOUR)
    ((point, *_),) = [target.points for target in history.targets]
    assert point.speed == pytest.approx(1.0, abs=0.5)


async def test_targets_are_tested_beside_it(engine: Station, ingest: Ingest, on_air: StartedStream) -> None:
    ingest.refuse_key("refused")
    free = await outcome_of(engine, "free")
    assert free.is_accepted, free.answer
    assert ingest.sessions_of("free")[-1].media_seconds == pytest.approx(2.0, abs=0.3)
    refused = await outcome_of(engine, "refused")
    assert refused.is_accepted is False
    assert refused.answer.startswith("The ingest refuses the stream key.")
    assert (await outcome_of(engine, "steady")).answer.startswith("It works")
    assert (await engine.status(on_air)).targets[0].reconnects == 0
    print(free.answer)


async def test_the_same_target_tested_twice_at_once_works_twice(engine: Station) -> None:
    outcomes = await asyncio.gather(outcome_of(engine, "free"), outcome_of(engine, "free"))
    assert [outcome.is_accepted for outcome in outcomes] == [True, True], outcomes
