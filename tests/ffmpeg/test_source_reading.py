"""FFmpeg reads through the source as if it read a file, while the origin behind it fails in every way we know."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest

from streaming.model.backoff import Backoff
from streaming.model.items import Item, Media, PartKind
from streaming.model.patience import Patience
from streaming.process.subprocesses import Child, lines
from streaming.settings import YouTubeSettings
from streaming.sources.prefetch import PREFETCH_BYTES
from streaming.sources.server import OpenSource, SourceServer
from tests.standins.clips import ClipSpec, render
from tests.standins.origin import Fault, Origin, Trouble, running

PATIENCE = Patience(backoff=Backoff(0.02, 0.02), stall_seconds=0.3)
SPEC = ClipSpec(7, seconds=4, width=640, height=360)
ITEM = Item("clip", "Clip")
OPENS_FOR_WRITING = ("w", "a", "x", "+")


@dataclass
class Scene:
    origin: Origin
    server: SourceServer
    clip: str

    def open(self, names: dict[str, PartKind], life_seconds: float = 3600) -> OpenSource:
        async def resolve() -> Media:
            return media()

        def media() -> Media:
            parts = (self.origin.part(name, kind, life_seconds=life_seconds) for name, kind in names.items())
            return Media(ITEM, tuple(parts))

        return self.server.open(media(), resolve)


@pytest.fixture(scope="module")
def clip(clips: Path) -> Path:
    return render(clips, SPEC)


@pytest.fixture
async def scene(clip: Path) -> AsyncIterator[Scene]:
    media = await asyncio.to_thread(clip.read_bytes)
    async with AsyncExitStack() as stack:
        origin = await stack.enter_async_context(running(Origin({"clip": media})))
        server = await stack.enter_async_context(SourceServer(YouTubeSettings(), patience=PATIENCE))
        yield Scene(origin, server, str(clip))


async def packets(*inputs: str) -> tuple[int, list[str]]:
    """FFmpeg's return code, and time stamps and digest of every packet it read."""
    named = [argument for each in inputs for argument in ("-i", each)]
    maps = [argument for number in range(len(inputs)) for argument in ("-map", str(number))]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-xerror", *named, *maps, "-c", "copy", "-f", "framemd5"]
    child = await Child.start([*command, "-"])
    async with asyncio.timeout(30):
        found = [line async for line in lines(child.stdout) if not line.startswith("#")]
        return await child.wait(), found


async def test_a_whole_clip_comes_through_unchanged(scene: Scene) -> None:
    async with scene.open({"clip": PartKind.BOTH}) as source:
        code, found = await packets(source.inputs[0].url)
    assert (code, found) == await packets(scene.clip)
    assert sum(line.startswith("0,") for line in found) == SPEC.frames


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param([Fault(Trouble.RESET, 70_000), Fault(Trouble.RESET, 30_000)], id="resets"),
        pytest.param([Fault(Trouble.STALL, 70_000)], id="stall"),
        pytest.param([Fault(Trouble.SHORT, 70_000), Fault(Trouble.SHORT, 1)], id="short reads"),
        pytest.param([Fault(Trouble.STATUS), Fault(Trouble.STATUS, status=429)], id="busy"),
        pytest.param([Fault(Trouble.CUT, 70_000), Fault(Trouble.STATUS, status=403)], id="403"),
    ],
)
async def test_faults_of_the_origin_cannot_be_seen_by_ffmpeg(scene: Scene, faults: list[Fault]) -> None:
    scene.origin.plan("clip", *faults)
    async with scene.open({"clip": PartKind.BOTH}) as source:
        assert await packets(source.inputs[0].url) == await packets(scene.clip)
        assert source.failure is None
    assert not scene.origin.faults["clip"]


async def test_urls_that_expire_while_they_are_read_are_replaced(scene: Scene) -> None:
    scene.origin.plan("clip", *[Fault(Trouble.SHORT, 40_000)] * 50)
    life_seconds = 0.05
    source = scene.open({"clip": PartKind.BOTH}, life_seconds)
    await asyncio.sleep(2 * life_seconds)  # the first has expired before anybody asks
    async with source:
        assert await packets(source.inputs[0].url) == await packets(scene.clip)
        assert source.refreshes >= 1


async def test_picture_and_sound_apart_share_one_refresh(scene: Scene) -> None:
    scene.origin.files["sound"] = scene.origin.files["clip"]
    async with scene.open({"clip": PartKind.VIDEO, "sound": PartKind.AUDIO}) as source:
        scene.origin.revoke()
        assert await packets(*(entry.url for entry in source.inputs)) == await packets(*[scene.clip] * 2)
        assert source.refreshes == 1


async def test_an_origin_without_ranges_can_be_played(scene: Scene) -> None:
    scene.origin.has_ranges = False
    scene.origin.plan("clip", Fault(Trouble.RESET, 70_000))
    async with scene.open({"clip": PartKind.BOTH}) as source:
        assert await packets(source.inputs[0].url) == await packets(scene.clip)


async def test_a_file_that_needs_a_seek_its_origin_cannot_serve_is_told(scene: Scene) -> None:
    scene.origin.has_ranges = False
    scene.origin.files["clip"] = with_its_index_at_the_end(scene.origin.files["clip"])
    async with scene.open({"clip": PartKind.BOTH}) as source:
        _, found = await packets(source.inputs[0].url)  # FFmpeg calls this a success
        assert not found
        assert "needs seeking" in str(source.failure)


async def test_a_changed_length_ends_the_item_with_an_error(scene: Scene) -> None:
    scene.origin.plan("clip", Fault(Trouble.STALL, 70_000))
    async with scene.open({"clip": PartKind.BOTH}) as source:
        reading = asyncio.create_task(packets(source.inputs[0].url))
        while source.bytes_delivered < 70_000:
            await asyncio.sleep(0.01)
        scene.origin.files["clip"] += b"more"
        code, _ = await reading
        assert code != 0
        assert "changed on its server" in str(source.failure)


async def test_no_file_is_written_while_media_are_read(scene: Scene) -> None:
    scene.origin.plan("clip", Fault(Trouble.RESET, 70_000), Fault(Trouble.STATUS, status=403))
    async with scene.open({"clip": PartKind.BOTH}) as source:
        with files_written() as written:
            code, _ = await packets(source.inputs[0].url)
    assert code == 0
    assert not written


def test_a_written_file_would_be_noticed(tmp_path: Path) -> None:
    with files_written() as written:
        (tmp_path / "media").write_bytes(b"media")
    assert written == [str(tmp_path / "media")]


_written: list[str] | None = None


def _note_opening(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and _written is not None:
        path, mode, _ = arguments
        if any(sign in (mode or "w") for sign in OPENS_FOR_WRITING) and not str(path).startswith(("/dev/", "/proc/")):
            _written.append(str(path))


sys.addaudithook(_note_opening)  # Python tells of every file it opens; a hook stays for good


@contextmanager
def files_written() -> Iterator[list[str]]:
    """The paths this process opens for writing meanwhile."""
    global _written  # noqa: PLW0603  (the hook has no other way to be switched)
    _written = []
    try:
        yield _written
    finally:
        _written = None


def with_its_index_at_the_end(mp4: bytes) -> bytes:
    """Moves `moov` behind `mdat`, as in files not made for streaming. Offsets become wrong; nobody gets to see them."""
    boxes = top_level_boxes(mp4)
    boxes.sort(key=lambda box: box[4:8] == b"moov")
    more_than_a_head = (8 + PREFETCH_BYTES).to_bytes(4) + b"free" + bytes(PREFETCH_BYTES)
    return more_than_a_head + b"".join(boxes)


def top_level_boxes(mp4: bytes) -> list[bytes]:
    boxes = []
    while mp4:
        size = int.from_bytes(mp4[:4])
        boxes.append(mp4[:size])
        mp4 = mp4[size:]
    return boxes
