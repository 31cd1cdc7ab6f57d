"""The loopback server that gives every part of every item a URL that does not expire."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from secrets import token_urlsafe
from typing import Protocol, Self

from aiohttp import web

from streaming.model.errors import NonstopError
from streaming.model.items import FilePart, Input, Media, Part, PartKind
from streaming.model.patience import PATIENCE, Patience
from streaming.settings import YouTubeSettings
from streaming.sources.file import FileReader
from streaming.sources.origin import OriginClient
from streaming.sources.prefetch import PrefetchingReader
from streaming.sources.ranges import requested_span, response_head
from streaming.sources.refresh import Life, Refresh, RefreshableMedia
from streaming.sources.remote import TIMING, RemoteReader, Timing

_log = logging.getLogger(__name__)

_SHUTDOWN_SECONDS = 1.0


class Reader(Protocol):
    """One part of an item, readable from any byte."""

    @property
    def length_bytes(self) -> int | None:
        """The whole length, once it is known."""

    @property
    def bytes_read(self) -> int:
        """Bytes received from the origin, repeats included."""

    @property
    def position(self) -> int:
        """The byte after the last one read."""

    def begin(self) -> None:
        """Prepares for reading: FFmpeg is about to open the part."""

    async def close(self) -> None: ...

    async def measure(self) -> int | None:
        """Returns the whole length, or None when only reading to the end finds it."""

    def read(self, start: int, stop: int | None = None) -> AsyncGenerator[bytes, None]:
        """Yields the bytes from `start` to `stop` or the end."""


class _ReaderGone(Exception):
    """FFmpeg closed the connection: to seek, because it has enough, or because it was stopped."""


class OpenSource:
    """The URLs of one item's media. Whoever opens a source closes it."""

    def __init__(
        self, server: "SourceServer", secret: str, media: RefreshableMedia, readers: Mapping[PartKind, Reader]
    ) -> None:
        self._server = server
        self._secret = secret
        self._media = media
        self._requests: set[asyncio.Task[object]] = set()
        self._delivering = 0
        self.readers = readers
        self.inputs = tuple(Input(kind, f"{server.address}/{secret}/{kind}") for kind in readers)
        self.failure: NonstopError | None = None
        """Why a part could not be read, or not in the range that FFmpeg requested.

        It counts for an item that ended early, whatever FFmpeg's exit code: a refused seek exits with 0.
        """
        self.bytes_delivered = 0

    async def __aenter__(self) -> Self:
        for reader in self.readers.values():
            reader.begin()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def media(self) -> Media:
        """The media of the latest resolution."""
        return self._media.current

    @property
    def refreshes(self) -> int:
        """How often the URLs were replaced by fresh ones."""
        return self._media.refreshes

    @property
    def awaits_origin(self) -> bool:
        """Whether FFmpeg waits for bytes of an origin; otherwise it does not read those that are ready."""
        return len(self._requests) > self._delivering

    @property
    def life(self) -> Life | None:
        """The lifetime of its URLs; None when unknown."""
        return self._media.life

    @property
    def unread_seconds(self) -> float | None:
        """The unread part of the item in playing time; None when its length is unknown."""
        duration_seconds, lengths = self.media.duration_seconds, [r.length_bytes for r in self.readers.values()]
        if duration_seconds is None or not all(lengths):
            return duration_seconds
        read = min(r.position / length for r, length in zip(self.readers.values(), lengths, strict=True) if length)
        return duration_seconds * (1 - read)

    async def refresh(self) -> None:
        """Replaces the URLs before they expire. Raises as the refresh does; the old URLs then stay."""
        await self._media.refresh(self.media)

    @property
    def bytes_read(self) -> int:
        """Bytes received from all origins, repeats included."""
        return sum(reader.bytes_read for reader in self.readers.values())

    async def close(self) -> None:
        """Withdraws the URLs and ends all reads. Closing twice is harmless."""
        self._server.forget(self._secret)
        for request in self._requests:
            request.cancel()
        await asyncio.gather(*self._requests, return_exceptions=True)
        for reader in self.readers.values():
            await reader.close()
        await self._media.close()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answers one of FFmpeg's requests for one part. 502 and `failure` say that it cannot be read."""
        reader = next((r for kind, r in self.readers.items() if kind == request.match_info["kind"]), None)
        if reader is None:
            raise web.HTTPNotFound
        task = asyncio.current_task()
        assert task
        self._requests.add(task)
        try:
            return await self._respond(request, reader)
        except NonstopError as error:
            self._fail(error)
            raise web.HTTPBadGateway(text=str(error)) from error
        finally:
            self._requests.discard(task)

    async def _respond(self, request: web.Request, reader: Reader) -> web.StreamResponse:
        span = await requested_span(request, reader.measure)
        if request.method == "HEAD":
            await reader.measure()
            response = response_head(request, reader.length_bytes, span)
            with suppress(ConnectionError):
                await response.prepare(request)
            return response
        async with aclosing(reader.read(span.start, span.stop)) as chunks:
            first = await anext(chunks, b"")
            response = response_head(request, reader.length_bytes, span)
            try:
                await self._deliver_all(request, response, first, chunks)
            except _ReaderGone:
                _log.debug("%s is read no further", self.media.item.key)
            except NonstopError as error:
                self._fail(error)
                _cut(request)
        return response

    async def _deliver_all(
        self, request: web.Request, response: web.StreamResponse, first: bytes, rest: AsyncGenerator[bytes, None]
    ) -> None:
        try:
            await response.prepare(request)
        except ConnectionError as error:
            raise _ReaderGone from error
        await self._deliver(response, first)
        async for chunk in rest:
            await self._deliver(response, chunk)

    async def _deliver(self, response: web.StreamResponse, chunk: bytes) -> None:
        self._delivering += 1
        try:
            await response.write(chunk)
        except ConnectionError as error:
            raise _ReaderGone from error
        finally:
            self._delivering -= 1
        self.bytes_delivered += len(chunk)

    def _fail(self, error: NonstopError) -> None:
        self.failure = error
        _log.info("%s cannot be read on: %s", self.media.item.title, error)


class SourceServer:
    """Serves open sources on loopback. An engine has one."""

    def __init__(self, youtube: YouTubeSettings, *, patience: Patience = PATIENCE, timing: Timing = TIMING) -> None:
        """Raises ConfigurationError for a proxy scheme that media cannot be read through."""
        self._patience = patience
        self._timing = timing
        self._client = OriginClient(
            youtube, connect_seconds=patience.connect_seconds, stall_seconds=patience.stall_seconds
        )
        self._sources: dict[str, OpenSource] = {}
        self.address = ""

    @property
    def sources(self) -> tuple[OpenSource, ...]:
        """All open sources, those on air and those cued."""
        return tuple(self._sources.values())

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        application = web.Application()
        application.router.add_get("/{secret}/{kind}", self._answer)  # and HEAD
        self._runner = web.AppRunner(
            application, access_log=None, handler_cancellation=True, shutdown_timeout=_SHUTDOWN_SECONDS
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = "http://{}:{}".format(*self._runner.addresses[0])
        return self

    async def __aexit__(self, *_: object) -> None:
        for source in list(self._sources.values()):
            await source.close()
        await self._runner.cleanup()
        await self._client.__aexit__()

    def open(self, media: Media, refresh: Refresh) -> OpenSource:
        """Gives each part of `media` a URL until the source is closed; `refresh` resolves the item again.

        Entering the source starts the prefetch of its parts.
        """
        limit_seconds, now = self._patience.refresh_seconds, self._timing.now
        refreshable = RefreshableMedia(media, refresh, limit_seconds=limit_seconds, now=now)
        secret = token_urlsafe(16)
        readers = {part.kind: self._reader(refreshable, part) for part in media.parts}
        source = OpenSource(self, secret, refreshable, readers)
        self._sources[secret] = source
        return source

    def forget(self, secret: str) -> None:
        self._sources.pop(secret, None)

    def _reader(self, media: RefreshableMedia, part: Part) -> Reader:
        if isinstance(part, FilePart):
            return FileReader(part.path)
        reader = RemoteReader(media, part.kind, self._client, patience=self._patience, timing=self._timing)
        return PrefetchingReader(reader)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        source = self._sources.get(request.match_info["secret"])
        if source is None:
            raise web.HTTPNotFound
        return await source.answer(request)


def _cut(request: web.Request) -> None:
    """Drops the connection in mid-answer: FFmpeg reports that as an error, and a short body as the end."""
    if request.transport:
        request.transport.close()
