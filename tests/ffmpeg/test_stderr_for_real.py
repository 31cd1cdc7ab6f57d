"""FFmpeg's own complaints of an ingest in trouble, so that a new FFmpeg with new words is noticed."""

import asyncio
from collections.abc import AsyncIterator

import imageio_ffmpeg
import pytest

from streaming.ffmpeg.stderr import Complaint, classify
from streaming.process.subprocesses import Child
from tests.standins.ingest import Absence, Ingest

LIMIT_SECONDS = 30
PICTURE = ("-re", "-f", "lavfi", "-i", "testsrc=size=160x90:rate=10:duration=20")


@pytest.fixture
async def ingest() -> AsyncIterator[Ingest]:
    async with Ingest() as listening:
        yield listening


async def publishing(url: str) -> tuple[Child, list[str]]:
    lines: list[str] = []
    options = ("-hide_banner", "-nostdin", "-loglevel", "warning")
    output = ("-c:v", "libx264", "-preset", "ultrafast", "-f", "flv", "-tcp_nodelay", "1", url)
    command = [imageio_ffmpeg.get_ffmpeg_exe(), *options, *PICTURE, *output]
    return await Child.start(command, stdout=False, on_error_line=lines.append), lines


async def first_complaint(child: Child, lines: list[str]) -> Complaint | None:
    """What a publication complains of first, once it has ended."""
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            await child.wait()
    finally:
        await child.stop()
    return next(filter(None, map(classify, lines)), None)


async def test_a_refused_key(ingest: Ingest) -> None:
    ingest.refuse_key("wrong")

    assert await first_complaint(*await publishing(ingest.url("wrong"))) is Complaint.KEY_REFUSED


async def test_a_refused_application(ingest: Ingest) -> None:
    ingest.refuse_application("none")

    refused = await publishing(ingest.url("key", application="none"))
    assert await first_complaint(*refused) is Complaint.ADDRESS_REFUSED


@pytest.mark.parametrize("absence", Absence)
async def test_an_absent_ingest(ingest: Ingest, absence: Absence) -> None:
    async with ingest.away(absence):
        assert await first_complaint(*await publishing(ingest.url("key"))) is Complaint.INGEST_UNREACHABLE


async def test_an_ingest_that_resets_a_publication(ingest: Ingest) -> None:
    child, lines = await publishing(ingest.url("key"))
    await ingest.first_media("key", timeout_seconds=LIMIT_SECONDS)
    ingest.drop(await ingest.session("key"))

    assert await first_complaint(child, lines) is Complaint.INGEST_LOST
