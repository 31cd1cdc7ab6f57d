"""Previews: the very keyframe that viewers see, as a small picture, decoded once however many ask."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from unittest.mock import AsyncMock

import imageio_ffmpeg
import pytest
from sqlmodel import select

from streaming.engine.previews import Previewer
from streaming.ffmpeg import thumbnail
from streaming.model.errors import NotFound, ServiceUnavailable
from streaming.model.states import DesiredState, EncodeMode
from streaming.storage.database import Database, migrate
from streaming.storage.tables import Preview, Stream
from tests.ffmpeg.feeding import fed, sending
from tests.standins.clips import ClipSpec, alike, render
from tests.standins.ingest import Ingest
from tests.standins.recording import frames

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
LIMIT_SECONDS = 30
GOP_SECONDS = 2.0


async def keyframe_of(clips: Path, spec: ClipSpec) -> bytes:
    """The first keyframe of a copied clip."""
    header, clusters = await fed(await asyncio.to_thread(render, clips, spec), EncodeMode.COPY)
    pieces = clusters[0].pieces_at(0.0)
    assert pieces
    return b"".join((header.data, *pieces))


def size_of(jpeg: bytes) -> tuple[int, int]:
    """Width and height, from the start of the frame (SOF0)."""
    at = jpeg.index(b"\xff\xc0") + 5
    return int.from_bytes(jpeg[at + 2 : at + 4], "big"), int.from_bytes(jpeg[at : at + 2], "big")


@pytest.mark.long
async def test_the_picture_is_the_keyframe_that_is_on_air(clips: Path, tmp_path: Path) -> None:
    async with Ingest() as ingest, sending(clips, alike(2, seconds=6.0), ingest.url("key"), tmp_path) as under_test:
        session = await ingest.session("key")
        await ingest.wait_for(lambda: session.media_seconds >= 8.0, timeout_seconds=LIMIT_SECONDS)
        sent_seconds, keyframe = under_test.program.sent_ms / 1000, under_test.program.keyframe
        assert keyframe
        began = time.monotonic()
        jpeg = await thumbnail.jpeg(FFMPEG, b"".join((keyframe.header.data, *keyframe.pieces)))
        print(f"a picture of {len(jpeg) / 1000:.0f} kB in {time.monotonic() - began:.2f} s")
        under_test.sending.cancel()
    picture = tmp_path / "picture.jpg"
    picture.write_bytes(jpeg)
    (seen,) = await asyncio.to_thread(frames, picture)
    assert seen.clip_number == 2
    assert seen.frame_number is not None
    assert 0 <= sent_seconds - (6.0 + seen.frame_number / 30) <= GOP_SECONDS + 0.1


@pytest.mark.parametrize(
    ("width", "height", "size"), [(640, 360, (640, 360)), (1280, 720, (640, 360)), (360, 640, (640, 1136))]
)
async def test_every_picture_is_as_wide_as_a_card(clips: Path, width: int, height: int, size: tuple[int, int]) -> None:
    began = time.monotonic()
    jpeg = await thumbnail.jpeg(FFMPEG, await keyframe_of(clips, ClipSpec(1, 1.0, width, height)))
    assert size_of(jpeg) == size
    assert len(jpeg) < 200_000
    print(f"{time.monotonic() - began:.2f} s")


@pytest.mark.parametrize("junk", [b"", b"no matroska at all" * 1000, bytes(1 << 20)], ids=["empty", "text", "zeros"])
async def test_what_is_no_picture_is_told_in_a_sentence(junk: bytes) -> None:
    with pytest.raises(ServiceUnavailable, match="could not take a picture"):
        await thumbnail.jpeg(FFMPEG, junk)


async def test_an_ffmpeg_that_is_not_there_is_told_in_a_sentence() -> None:
    with pytest.raises(ServiceUnavailable, match="cannot run FFmpeg"):
        await thumbnail.jpeg("/nowhere/ffmpeg", b"")


# Several people


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'nonstop.db'}"
    await asyncio.to_thread(migrate, url)
    database = Database(url)
    async with database.session() as session:
        session.add(
            Stream(id=7, guild_id=1, owner_id=1, title="", playlist_id="demo", desired_state=DesiredState.ON_AIR)
        )
        await session.commit()
    yield database
    await database.close()


@pytest.fixture
def counted(tmp_path: Path) -> Path:
    """FFmpeg, with a line in a file for every time it was run."""
    script = tmp_path / "ffmpeg"
    script.write_text(f'#!/bin/sh\necho run >> "{tmp_path}/runs"\nexec "{FFMPEG}" "$@"\n')
    script.chmod(0o755)
    return script


async def test_many_who_ask_at_once_cause_one_decode(
    clips: Path, tmp_path: Path, database: Database, counted: Path
) -> None:
    keyframe = await keyframe_of(clips, ClipSpec(1, 1.0, 640, 360))
    previewer = Previewer(str(counted), database)
    await asyncio.gather(*(previewer.take(7, AsyncMock(return_value=keyframe)) for _ in range(20)))
    assert (tmp_path / "runs").read_text().count("run") == 1
    async with database.session() as session:
        (preview,) = (await session.exec(select(Preview))).all()
    assert size_of(preview.jpeg) == (640, 360)


async def test_before_anything_was_sent_there_is_nothing_to_see(database: Database) -> None:
    with pytest.raises(NotFound, match="nothing to see yet"):
        await Previewer(FFMPEG, database).take(7, AsyncMock(return_value=None))
