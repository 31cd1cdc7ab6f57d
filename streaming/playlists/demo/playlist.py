"""The demo playlist: four short clips behind expiring URLs, so that it exercises the path of every other playlist."""

import asyncio
import hmac
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Self
from urllib.parse import urlencode

from aiohttp import web

from streaming.model.errors import ItemUnplayable, ServiceUnavailable
from streaming.model.items import Item, Media, MediaInfo, PartKind, RemotePart
from streaming.playlists.demo.clips import (
    CLIP_SECONDS,
    FPS,
    HEIGHT,
    SAMPLE_RATE,
    WIDTH,
    DemoClip,
    OnProgress,
    clips,
    file_name,
    render,
)
from streaming.playlists.messages import Demo
from streaming.redaction.secrets import Secret
from streaming.sources.file import FileReader

_log = logging.getLogger(__name__)

LIFE_SECONDS = 20.0
_SPEED = 1.8
_ANSWER_SECONDS = 5
_INFO = MediaInfo("h264", WIDTH, HEIGHT, FPS, "yuv420p", "aac", "LC", SAMPLE_RATE, 2)
_HOW_IT_IS_DRAWN = "https://ffmpeg.org/ffmpeg-filters.html#drawtext-1"


class DemoPlaylist:
    """The playlist `demo`. Each clip is drawn when it is first needed, and the following one ahead of time."""

    reference = "demo"
    title = "Nonstop demo"

    def __init__(
        self,
        ffmpeg: str,
        folder: Path,
        *,
        clip_seconds: int = CLIP_SECONDS,
        life_seconds: float = LIFE_SECONDS,
        speed: float = _SPEED,
        on_progress: OnProgress | None = None,
    ) -> None:
        """`folder` keeps the clips; `life_seconds` and `speed` (times real time) are the origin's."""
        self._ffmpeg = ffmpeg
        self._folder = folder
        self._clip_seconds = clip_seconds
        self._on_progress = on_progress
        self._clips = {clip.title: clip for clip in clips()}
        self._drawing: dict[str, asyncio.Task[None]] = {}
        self._origin = DemoOrigin(folder, clip_seconds=clip_seconds, life_seconds=life_seconds, speed=speed)

    async def __aenter__(self) -> Self:
        try:
            await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
        except OSError as error:
            raise ServiceUnavailable(Demo.NOT_STORED(reason=str(error.strerror))) from error
        await self._origin.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        for drawing in self._drawing.values():
            drawing.cancel()
        await asyncio.gather(*self._drawing.values(), return_exceptions=True)
        await self._origin.close()

    async def items(self) -> AsyncIterator[Item]:
        for title in self._clips:
            yield Item(title, title, float(self._clip_seconds), _HOW_IT_IS_DRAWN)

    async def resolve(
        self,
        item: Item,
        *,
        fresh: bool = False,  # noqa: ARG002  (its URLs are always new)
        avoid: frozenset[str] = frozenset(),  # noqa: ARG002  (there is only one format)
    ) -> Media:
        """Returns a fresh URL once the clip is drawn. Raises ItemUnplayable when it cannot be."""
        clip = self._clips.get(item.key)
        if clip is None:
            raise ItemUnplayable(Demo.UNKNOWN())
        path = self._path(clip)
        while not path.is_file():
            await asyncio.shield(self._draw(clip, is_urgent=True))
        self._draw_ahead(clip)
        return Media(item, (self._origin.part(path),), float(self._clip_seconds), _INFO)

    def is_at_hand(self, item: Item) -> bool:
        """Whether the clip has been drawn."""
        return item.key in self._clips and self._path(self._clips[item.key]).is_file()

    def _path(self, clip: DemoClip) -> Path:
        return self._folder / file_name(clip, self._clip_seconds)

    def _draw_ahead(self, clip: DemoClip) -> None:
        titles = list(self._clips)
        following = self._clips[titles[clip.number % len(titles)]]
        if not self._path(following).is_file():
            self._draw(following, is_urgent=False)

    def _draw(self, clip: DemoClip, *, is_urgent: bool) -> asyncio.Task[None]:
        drawing = self._drawing.get(clip.title)
        if drawing is None or drawing.done():
            work = render(
                self._ffmpeg,
                clip,
                self._path(clip),
                seconds=self._clip_seconds,
                on_progress=self._on_progress,
                is_urgent=is_urgent,
            )
            drawing = self._drawing[clip.title] = asyncio.create_task(work, name=f"draw {clip.title}")
            drawing.add_done_callback(_note_failure)
        return drawing


class DemoOrigin:
    """Serves the clips as a CDN does: signed URLs that expire, ranges, and a pace above real time.

    An answer holds a few seconds of media, so that a clip takes several requests and outlives its URL.
    """

    def __init__(
        self,
        folder: Path,
        *,
        clip_seconds: int,
        life_seconds: float,
        speed: float,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._folder = folder
        self._clip_seconds = clip_seconds
        self._life_seconds = life_seconds
        self._speed = speed
        self._now = now
        self._key = secrets.token_bytes(32)

    async def start(self) -> None:
        """Listens on a free port of loopback."""
        application = web.Application()
        application.router.add_get("/{name}", self._answer)
        self._runner = web.AppRunner(application, access_log=None, handler_cancellation=True, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()

    async def close(self) -> None:
        await self._runner.cleanup()

    def part(self, path: Path) -> RemotePart:
        """A fresh URL of a clip."""
        expires_at = self._now() + self._life_seconds
        query = urlencode({"expire": expires_at, "sig": self._signature(path.name, str(expires_at))})
        url = "http://{}:{}/{}?{}".format(*self._runner.addresses[0], path.name, query)
        length = path.stat().st_size
        return RemotePart(
            PartKind.BOTH,
            Secret(url),
            length_bytes=length,
            bitrate_kbps=length / 125 / self._clip_seconds,
            expires_at=expires_at,
        )

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        name, expire = request.match_info["name"], request.query.get("expire", "")
        if not hmac.compare_digest(self._signature(name, expire), request.query.get("sig", "")):
            raise web.HTTPForbidden
        if float(expire) <= self._now():
            raise web.HTTPForbidden
        return await self._send(request, FileReader(self._folder / name))

    async def _send(self, request: web.Request, reader: FileReader) -> web.StreamResponse:
        length = await reader.measure()
        bytes_per_second = length / self._clip_seconds
        start = request.http_range.start or 0
        stop = min(request.http_range.stop or length, length, start + int(_ANSWER_SECONDS * bytes_per_second))
        if start >= length:
            raise web.HTTPRequestRangeNotSatisfiable(headers={"Content-Range": f"bytes */{length}"})
        response = web.StreamResponse(status=206, headers={"Content-Range": f"bytes {start}-{stop - 1}/{length}"})
        response.content_length = stop - start
        await response.prepare(request)
        async with aclosing(reader.read(start, stop)) as chunks:
            async for chunk in chunks:
                await response.write(chunk)
                await asyncio.sleep(len(chunk) / bytes_per_second / self._speed)
        return response

    def _signature(self, name: str, expire: str) -> str:
        return hmac.digest(self._key, f"{name} {expire}".encode(), "sha256").hex()


def _note_failure(drawing: asyncio.Task[None]) -> None:
    """Retrieves the failure of a clip drawn ahead; drawing it again, when it is needed, raises it."""
    if not drawing.cancelled() and drawing.exception():
        _log.debug("%s failed: %s", drawing.get_name(), drawing.exception())
