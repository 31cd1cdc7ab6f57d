"""The loopback server answers HTTP as FFmpeg expects it, and says why it cannot."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from streaming.model.backoff import Backoff
from streaming.model.errors import ItemUnavailable, TransientError
from streaming.model.items import FilePart, Item, Media, Part, PartKind
from streaming.model.patience import Patience
from streaming.settings import YouTubeSettings
from streaming.sources.server import OpenSource, SourceServer
from tests.standins.origin import Fault, Origin, Trouble, running

DATA = random.Random(2).randbytes(1 << 20)
ITEM = Item("one", "One")
PATIENCE = Patience(backoff=Backoff(0.002, 0.002), stall_seconds=0.3)


@dataclass(frozen=True)
class Reply:
    """What came back: a body that broke off is kept as far as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_whole: bool = True


@dataclass
class Scene:
    origin: Origin
    server: SourceServer
    session: aiohttp.ClientSession

    def open(self, *parts: Part) -> OpenSource:
        media = Media(ITEM, parts or (self.origin.part("clip"),))

        async def refresh() -> Media:
            return Media(ITEM, (self.origin.part("clip"),))

        return self.server.open(media, refresh)

    async def ask(self, url: str, asked: str = "", method: str = "GET") -> Reply:
        body = bytearray()
        headers = {"Range": asked} if asked else {}
        async with asyncio.timeout(10), self.session.request(method, url, headers=headers) as response:
            try:
                async for chunk in response.content.iter_any():
                    body.extend(chunk)
            except aiohttp.ClientPayloadError:
                return Reply(response.status, response.headers, bytes(body), is_whole=False)
            return Reply(response.status, response.headers, bytes(body))


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with AsyncExitStack() as stack:
        origin = await stack.enter_async_context(running(Origin({"clip": DATA})))
        server = await stack.enter_async_context(SourceServer(YouTubeSettings(), patience=PATIENCE))
        yield Scene(origin, server, await stack.enter_async_context(aiohttp.ClientSession()))


@pytest.fixture(params=["remote", "file"])
def source(scene: Scene, request: pytest.FixtureRequest, tmp_path: Path) -> OpenSource:
    """The same bytes from either kind of part."""
    if request.param == "remote":
        return scene.open()
    (tmp_path / "clip").write_bytes(DATA)
    return scene.open(FilePart(PartKind.BOTH, tmp_path / "clip"))


async def test_a_part_is_served_whole(scene: Scene, source: OpenSource) -> None:
    reply = await scene.ask(source.inputs[0].url)
    assert (reply.status, reply.body) == (200, DATA)
    assert reply.headers["Accept-Ranges"] == "bytes"
    assert source.bytes_delivered == source.bytes_read == len(DATA)
    assert source.failure is None


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-", 0, len(DATA)),
        ("bytes=1000-", 1000, len(DATA)),
        ("bytes=1000-1999", 1000, 2000),
        ("bytes=0-0", 0, 1),
        ("bytes=-10", len(DATA) - 10, len(DATA)),
        ("bytes=5-99999999", 5, len(DATA)),
    ],
)
async def test_ranges_are_served(scene: Scene, source: OpenSource, asked: str, start: int, stop: int) -> None:
    reply = await scene.ask(source.inputs[0].url, asked)
    assert (reply.status, reply.body) == (206, DATA[start:stop])
    assert reply.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(DATA)}"
    assert reply.headers["Content-Length"] == str(stop - start)


@pytest.mark.parametrize("asked", [f"bytes={len(DATA)}-", "bytes=99999999-", "bytes=9-1", "nonsense"])
async def test_a_range_beyond_the_end_is_refused(scene: Scene, source: OpenSource, asked: str) -> None:
    reply = await scene.ask(source.inputs[0].url, asked)
    assert (reply.status, reply.body[:3]) == (416, b"416")
    assert source.failure is None


async def test_head_tells_the_length(scene: Scene, source: OpenSource) -> None:
    reply = await scene.ask(source.inputs[0].url, method="HEAD")
    assert (reply.status, reply.headers["Content-Length"], reply.body) == (200, str(len(DATA)), b"")


async def test_each_part_has_a_url_of_its_own(scene: Scene) -> None:
    scene.origin.files["sound"] = DATA[:1000]
    video, audio = scene.origin.part("clip", PartKind.VIDEO), scene.origin.part("sound", PartKind.AUDIO)
    async with scene.open(video, audio) as source:
        assert [entry.kind for entry in source.inputs] == [PartKind.VIDEO, PartKind.AUDIO]
        assert (await scene.ask(source.inputs[0].url)).body == DATA
        assert (await scene.ask(source.inputs[1].url)).body == DATA[:1000]
        assert (await scene.ask(source.inputs[0].url.replace("video", "both"))).status == 404


async def test_a_closed_source_is_not_found(scene: Scene, source: OpenSource) -> None:
    await source.close()
    await source.close()
    assert (await scene.ask(source.inputs[0].url)).status == 404


async def test_closing_a_source_ends_what_is_being_read(scene: Scene) -> None:
    scene.origin.plan("clip", *[Fault(Trouble.STALL, 1000)] * 9)
    source = scene.open()
    reading = asyncio.create_task(scene.ask(source.inputs[0].url))
    while not source.bytes_delivered:
        await asyncio.sleep(0.01)
    await source.close()
    assert not (await reading).is_whole
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("read one")]


async def test_what_cannot_be_opened_is_a_bad_gateway_and_the_reason_is_kept(scene: Scene) -> None:
    scene.origin.plan("clip", *[Fault(Trouble.STATUS, status=403)] * 9)
    source = scene.open()
    reply = await scene.ask(source.inputs[0].url)
    assert reply.status == 502
    assert isinstance(source.failure, ItemUnavailable)
    assert reply.body.decode() == str(source.failure)


async def test_what_breaks_off_for_good_does_not_look_like_the_end(scene: Scene) -> None:
    scene.origin.plan("clip", Fault(Trouble.CUT, 500_000), *[Fault(Trouble.STATUS)] * 20)
    source = scene.open()
    reply = await scene.ask(source.inputs[0].url)
    assert reply.body == DATA[:500_000]
    assert not reply.is_whole
    assert isinstance(source.failure, TransientError)


@pytest.mark.parametrize("is_abrupt", [False, True])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_reader_that_leaves_early_is_no_error(
    scene: Scene, tmp_path: Path, caplog: pytest.LogCaptureFixture, method: str, is_abrupt: bool
) -> None:
    scene.origin.files["clip"] = long = DATA * 8  # more than the sockets between us hold
    (tmp_path / "clip").write_bytes(long)
    for part in (scene.origin.part("clip"), FilePart(PartKind.BOTH, tmp_path / "clip")):
        source = scene.open(part)
        for _ in range(5):
            await leave_early(source.inputs[0].url, method, is_abrupt=is_abrupt)
        async with asyncio.timeout(10):
            while source._requests:
                await asyncio.sleep(0.01)
        assert source.failure is None
        assert (await scene.ask(source.inputs[0].url)).body == long
    assert not [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


async def leave_early(url: str, method: str, *, is_abrupt: bool) -> None:
    """Asks for all, reads a little and goes, as FFmpeg does when it has what it wants, or is ended."""
    _, _, address, path = url.split("/", 3)
    host, port = address.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"{method} /{path} HTTP/1.1\r\nHost: {address}\r\n\r\n".encode())
    await reader.read(1000)
    if is_abrupt:
        writer.transport.abort()
    writer.close()


async def test_an_unknown_length_does_not_hide_a_break(scene: Scene) -> None:
    scene.origin.has_ranges = scene.origin.tells_length = False
    scene.origin.plan("clip", Fault(Trouble.CUT, 500_000), *[Fault(Trouble.STATUS)] * 20)
    source = scene.open()
    reply = await scene.ask(source.inputs[0].url, "bytes=0-")
    assert "Content-Length" not in reply.headers
    assert "Accept-Ranges" not in reply.headers
    assert reply.body == DATA[:500_000]
    assert not reply.is_whole


async def test_a_file_that_has_gone_is_told(scene: Scene, tmp_path: Path) -> None:
    source = scene.open(FilePart(PartKind.BOTH, tmp_path / "gone.mp4"))
    assert (await scene.ask(source.inputs[0].url)).status == 502
    assert "gone.mp4 cannot be read: No such file" in str(source.failure)


async def test_renewed_media_are_what_the_source_shows(scene: Scene) -> None:
    source = scene.open()
    first = source.media
    scene.origin.revoke()
    assert (await scene.ask(source.inputs[0].url)).body == DATA
    assert source.refreshes == 1
    assert source.media is not first
    assert source.failure is None


async def test_nothing_is_read_before_somebody_asks(scene: Scene) -> None:
    async with scene.open():
        assert not scene.origin.asked


async def test_the_end_of_the_server_closes_its_sources() -> None:
    async with SourceServer(YouTubeSettings()) as server, aiohttp.ClientSession() as session:
        media = Media(ITEM, (FilePart(PartKind.BOTH, Path(__file__)),))
        url = server.open(media, lambda: asyncio.sleep(0, media)).inputs[0].url
        assert (await session.get(url)).status == 200
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectionError):
            await session.get(url)
