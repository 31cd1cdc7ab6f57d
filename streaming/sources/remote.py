"""Reads a part behind an expiring URL as if it were a file: in ranges, through resets, stalls and expiry."""

import asyncio
import logging
import random
import time
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass

from streaming.model.errors import (
    ContentChanged,
    FormatRefused,
    ItemUnavailable,
    ItemUnplayable,
    NonstopError,
    TransientError,
)
from streaming.model.items import Media, PartKind, RemotePart
from streaming.model.patience import Patience
from streaming.sources.messages import Origins
from streaming.sources.origin import Answer, OriginClient, StaleUrl
from streaming.sources.refresh import RefreshableMedia

_log = logging.getLogger(__name__)

_RANGE_SECONDS = 30
_RANGE_LEAST_BYTES = 256 << 10
_RANGE_MOST_BYTES = 10 << 20  # the CDN paces requests for more than this
_RANGE_UNKNOWN_BYTES = 4 << 20  # when no bitrate is known
_PROGRESS_BYTES = 64 << 10
"""Fewer bytes between two failures are no progress, or an origin that resets after each kilobyte is tried forever."""


@dataclass(frozen=True, slots=True)
class Timing:
    """The wall clock by which URLs expire, and how to sleep."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


TIMING = Timing()


class _Buffer:
    """A bounded queue of chunks between one writing and one reading task."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._chunks: deque[bytes] = deque()
        self._filled = asyncio.Event()
        self._drained = asyncio.Event()
        self._is_ended = False
        self._size_bytes = 0

    async def put(self, chunk: bytes) -> None:
        """Adds a chunk, waiting while the buffer is full. One chunk may exceed the limit."""
        await self.drained_below(self._limit_bytes)
        self._chunks.append(chunk)
        self._size_bytes += len(chunk)
        self._filled.set()

    async def drained_below(self, size_bytes: int) -> None:
        while self._size_bytes >= size_bytes:
            self._drained.clear()
            await self._drained.wait()

    async def get(self) -> bytes:
        """Returns the next chunk, or b"" after the last one."""
        while not self._chunks and not self._is_ended:
            self._filled.clear()
            await self._filled.wait()
        if not self._chunks:
            return b""
        chunk = self._chunks.popleft()
        self._size_bytes -= len(chunk)
        self._drained.set()
        return chunk

    def end(self) -> None:
        self._is_ended = True
        self._filled.set()


@dataclass(slots=True)
class _Pass:
    """One pass through a part from `start` to `stop` (None: its end), with its failures so far."""

    start: int
    stop: int | None
    position: int
    failures: int = 0
    refusals: int = 0
    refused: Media | None = None
    good_position: int = 0

    def note_progress(self) -> None:
        if self.position - self.good_position >= _PROGRESS_BYTES:
            self.good_position, self.failures, self.refusals = self.position, 0, 0


class RemoteReader:
    """One remote part of an item, readable from any byte, any number of times."""

    def __init__(
        self,
        media: RefreshableMedia,
        kind: PartKind,
        client: OriginClient,
        *,
        patience: Patience,
        timing: Timing,
    ) -> None:
        self._media = media
        self._kind = kind
        self._client = client
        self._patience = patience
        self._timing = timing
        self.length_bytes: int | None = None
        self.bytes_read = 0
        self._available: RemotePart | None = None
        self.position = 0

    async def measure(self) -> int | None:
        """Returns the whole length, requesting one byte for it if necessary. None when the origin does not say.

        Raises as `read` does.
        """
        if self.length_bytes is None:
            async with aclosing(self.read(0, 1)) as chunks:
                await anext(chunks, b"")
        return self.length_bytes

    async def read(self, start: int, stop: int | None = None) -> AsyncGenerator[bytes, None]:
        """Yields the bytes from `start` to `stop` or the end, holding at most one and a half ranges in memory.

        Raises ItemUnplayable, ItemUnavailable, PlatformTrouble or TransientError, after the bytes that came before it.
        """
        range_bytes = self._range_bytes()
        buffer = _Buffer(range_bytes + range_bytes // 2)
        filling = asyncio.create_task(
            self._fill(buffer, _Pass(start, stop, start, good_position=start), range_bytes),
            name=f"read {self._media.current.item.key} {self._kind}",
        )
        filling.add_done_callback(lambda _: buffer.end())
        try:
            while chunk := await buffer.get():
                yield chunk
            await filling
        finally:
            filling.cancel()
            await asyncio.gather(filling, return_exceptions=True)

    async def _fill(self, buffer: _Buffer, work: _Pass, range_bytes: int) -> None:
        while not self._is_done(work):
            # From here the whole next range fits, so that its request never waits for the reader.
            await buffer.drained_below(range_bytes // 2)
            try:
                await self._fetch(buffer, work, range_bytes)
            except (StaleUrl, TransientError) as error:
                work.note_progress()
                await self._back_off(work, error)

    def _is_done(self, work: _Pass) -> bool:
        return any(end is not None and work.position >= end for end in (work.stop, self.length_bytes))

    async def _fetch(self, buffer: _Buffer, work: _Pass, range_bytes: int) -> None:
        """Fetches one range, or everything from an origin that ignores ranges."""
        before = work.position
        media = await self._fresh(work)
        part = self._part(media)
        await self._wait_until_available(part)
        ends = (work.position + range_bytes, work.stop, self.length_bytes)
        stop = min(end for end in ends if end is not None)
        try:
            async with self._client.get(part, work.position, stop) as answer:
                self._check(answer, work)
                await self._deliver(answer, buffer, work, stop if answer.is_partial else work.stop)
        except StaleUrl:
            work.refused = media
            raise
        if self.length_bytes is None and (work.position < stop or not answer.is_partial):
            self.length_bytes = work.position
        if work.position == before and not self._is_done(work):
            raise TransientError(Origins.NOTHING())

    async def _fresh(self, work: _Pass) -> Media:
        media = self._media.current
        if media is work.refused or self._media.has_expired:
            await self._media.refresh(media)
        return self._media.current

    def _part(self, media: Media) -> RemotePart:
        return next(part for part in media.parts if isinstance(part, RemotePart) and part.kind is self._kind)

    async def _wait_until_available(self, part: RemotePart) -> None:
        """Waits for a URL's `available_at`, once: a clock that jumps back must not cause another wait."""
        if part is self._available:
            return
        wait_seconds = (part.available_at or 0) - self._timing.now()
        if wait_seconds > 0:
            await self._timing.sleep(min(wait_seconds, self._patience.available_seconds))
        self._available = part

    def _check(self, answer: Answer, work: _Pass) -> None:
        """Keeps the length from the first answer, and refuses answers that do not continue what was read."""
        if not answer.is_partial and work.start > 0:
            raise ItemUnplayable(Origins.NO_SEEKING())
        if answer.total_bytes is not None:
            if self.length_bytes is not None and self.length_bytes != answer.total_bytes:
                raise ContentChanged(Origins.CHANGED(old_bytes=self.length_bytes, new_bytes=answer.total_bytes))
            self.length_bytes = answer.total_bytes

    async def _deliver(self, answer: Answer, buffer: _Buffer, work: _Pass, stop: int | None) -> None:
        """Buffers the bytes from the current position on; an origin without ranges sends those before it again."""
        offset = answer.first_byte
        async for chunk in answer.chunks:
            self.bytes_read += len(chunk)
            fresh = chunk[max(0, work.position - offset) : None if stop is None else max(0, stop - offset)]
            offset += len(chunk)
            if fresh:
                await buffer.put(fresh)
                work.position += len(fresh)
                self.position = work.position
            if work.position == stop:
                return

    async def _back_off(self, work: _Pass, error: NonstopError) -> None:
        """Waits before the next attempt, or raises the error for people when no attempt is left."""
        work.failures += 1
        work.refusals += isinstance(error, StaleUrl)
        if work.refusals > self._patience.refusals:
            raise self._refused(error) from error
        if work.failures >= (self._patience.attempts if self.bytes_read else self._patience.attempts_to_open):
            raise TransientError(error.message) from error
        _log.debug("%s at byte %d: %s", self._media.current.item.key, work.position, error)
        await self._timing.sleep(self._patience.backoff.delay_seconds(work.failures, random.random()))

    def _refused(self, error: NonstopError) -> ItemUnavailable:
        client_format = self._part(self._media.current).client_format
        if not client_format:
            return ItemUnavailable(error.message)
        return FormatRefused(error.message, client_format=client_format)

    def _range_bytes(self) -> int:
        rate = self._part(self._media.current).bitrate_kbps
        if rate is None:
            return _RANGE_UNKNOWN_BYTES
        return min(max(int(rate * 125 * _RANGE_SECONDS), _RANGE_LEAST_BYTES), _RANGE_MOST_BYTES)
