"""The loopback server that gives every part of every item one URL, which FFmpeg reads as if it could not perish."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
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
from streaming.sources.refresh import Life, Refresh, RefreshableMedia
from streaming.sources.remote import TIMING, RemoteReader, Timing

_log = logging.getLogger(__name__)

_SHUTDOWN_SECONDS = 1.0


class Reader(Protocol):
    """One part of an item, readable from any byte."""

    @property
    def length_bytes(self) -> int | None:
        """The whole length, as far as it is known."""

    @property
    def bytes_read(self) -> int:
        """What has come from the origin, repeats included."""

    @property
    def position(self) -> int:
        """Up to which byte it was read last."""

    def begin(self) -> None:
        """Says that it is going to be read."""

    async def close(self) -> None:
        """Says that it is not read any more."""

    async def measure(self) -> int | None:
        """Finds out the whole length, or None when it cannot be known before the end."""

    def read(self, start: int, stop: int | None = None) -> AsyncGenerator[bytes, None]:
        """Yields the bytes from `start` up to `stop` or the end."""


class _ReaderGone(Exception):
    """FFmpeg has closed the connection: it seeks, or has what it wants, or was ended."""


class OpenSource:
    """One item's media for as long as somebody reads them; to be closed by who opened it."""

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
        """Why a part could not be read, or not from or to where FFmpeg wanted.

        To be looked at when an item ended before its time, whatever FFmpeg's exit code: it calls a refused seek a
        success, and can do without some.
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
        """The media as last resolved."""
        return self._media.current

    @property
    def refreshes(self) -> int:
        """How often its URLs were replaced by fresh ones."""
        return self._media.refreshes

    @property
    def awaits_origin(self) -> bool:
        """Whether FFmpeg has asked for bytes that have not come from an origin; else it does not take what is there."""
        return len(self._requests) > self._delivering

    @property
    def life(self) -> Life | None:
        """How long its URLs live; None when that is not known."""
        return self._media.life

    @property
    def unread_seconds(self) -> float | None:
        """How much of the item is still to be read, in playing time; None when its length is not known."""
        duration_seconds, lengths = self.media.duration_seconds, [r.length_bytes for r in self.readers.values()]
        if duration_seconds is None or not all(lengths):
            return duration_seconds
        read = min(r.position / length for r, length in zip(self.readers.values(), lengths, strict=True) if length)
        return duration_seconds * (1 - read)

    async def refresh(self) -> None:
        """Replaces its URLs by fresh ones before they expire. Raises as the refresh does; the old ones then stay."""
        await self._media.refresh(self.media)

    @property
    def bytes_read(self) -> int:
        """What has come from the origins, repeats included."""
        return sum(reader.bytes_read for reader in self.readers.values())

    async def close(self) -> None:
        """Makes the URLs unknown and ends whatever is being read. Closing twice does no harm."""
        self._server.forget(self._secret)
        for request in self._requests:
            request.cancel()
        await asyncio.gather(*self._requests, return_exceptions=True)
        for reader in self.readers.values():
            await reader.close()
        await self._media.close()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answers one request of FFmpeg for one part; 502 and `failure` tell that it cannot be read."""
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
        span = await _asked_span(request, reader)
        if request.method == "HEAD":
            await reader.measure()
            response = _head(request, reader, span)
            with suppress(ConnectionError):
                await response.prepare(request)
            return response
        async with aclosing(reader.read(span.start, span.stop)) as chunks:
            first = await anext(chunks, b"")
            response = _head(request, reader, span)
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
    """Serves open sources on loopback; one for an engine."""

    def __init__(self, youtube: YouTubeSettings, *, patience: Patience = PATIENCE, timing: Timing = TIMING) -> None:
        """Raises ConfigurationError for a proxy that media cannot be read through."""
        self._patience = patience
        self._timing = timing
        self._client = OriginClient(
            youtube, connect_seconds=patience.connect_seconds, stall_seconds=patience.stall_seconds
        )
        self._sources: dict[str, OpenSource] = {}
        self.address = ""

    @property
    def sources(self) -> tuple[OpenSource, ...]:
        """Everything that is open: what is being read, and what is ready to be."""
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

        Entering it fetches their beginnings, before FFmpeg asks for them.
        """
        limit_seconds, now = self._patience.refresh_seconds, self._timing.now
        refreshable = RefreshableMedia(media, refresh, limit_seconds=limit_seconds, now=now)
        secret = token_urlsafe(16)
        readers = {part.kind: self._reader(refreshable, part) for part in media.parts}
        source = OpenSource(self, secret, refreshable, readers)
        self._sources[secret] = source
        return source

    def forget(self, secret: str) -> None:
        """Makes the URLs of a source unknown."""
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


@dataclass(frozen=True, slots=True)
class _Span:
    start: int = 0
    stop: int | None = None


async def _asked_span(request: web.Request, reader: Reader) -> _Span:
    """The bytes asked for. A range is refused with 416 where it lies beyond the end or the end is unknown."""
    asked = _range_header(request)
    if asked == slice(0, None, 1) or asked == slice(None, None, 1):
        return _Span()
    length = await reader.measure()
    start = asked.start if asked.start >= 0 else max(0, (length or 0) + asked.start)
    if length is None and start == 0:
        return _Span()
    if length is None or start >= length:
        raise _unsatisfiable(length)
    return _Span(start, min(asked.stop or length, length))


def _range_header(request: web.Request) -> slice:
    try:
        return request.http_range
    except ValueError:
        raise _unsatisfiable(None) from None


def _unsatisfiable(length: int | None) -> web.HTTPRequestRangeNotSatisfiable:
    total = "*" if length is None else length
    return web.HTTPRequestRangeNotSatisfiable(headers={"Content-Range": f"bytes */{total}"})


def _head(request: web.Request, reader: Reader, span: _Span) -> web.StreamResponse:
    """The head of an answer. FFmpeg seeks only where Accept-Ranges or a 206 says that it may."""
    response = web.StreamResponse(headers={"Content-Type": "application/octet-stream"})
    length = reader.length_bytes
    if length is None:
        return response
    stop = min(length if span.stop is None else span.stop, length)
    response.headers["Accept-Ranges"] = "bytes"
    response.content_length = stop - span.start
    if "Range" in request.headers and stop > span.start:
        response.set_status(206)
        response.headers["Content-Range"] = f"bytes {span.start}-{stop - 1}/{length}"
    return response


def _cut(request: web.Request) -> None:
    """Ends the connection in the middle of an answer, which FFmpeg takes for an error and not for the end."""
    if request.transport:
        request.transport.close()
