"""Fresh media for videos and lazy listings of playlists, from a pool of warm yt-dlp processes."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Coroutine, Hashable
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

from streaming.model.errors import ItemUnavailable, ItemUnplayable, TransientError
from streaming.model.items import Item, Media
from streaming.process.fair_queue import FairQueue, Urgency
from streaming.settings import YouTubeSettings
from streaming.youtube import errors, formats
from streaming.youtube.circuit_breaker import CircuitBreaker
from streaming.youtube.messages import Videos, YouTubeListings, YtDlp
from streaming.youtube.pool import LISTING_GONE, Json, Worker, WorkerDied, WorkerFailed, WorkerPool, plan
from streaming.youtube.references import MIX_LIMIT, Reference, entry_item

log = logging.getLogger(__name__)

JOB_SECONDS = 30.0
JOBS_PER_WORKER = 500
FIRST_ENTRIES = 10
PAGE_ENTRIES = 100
"""YouTube's page size. Requests in step with it fetch no page ahead of need."""

_LONGEST_MARGIN_SECONDS = 300.0
_MARGIN_OF_LIFE = 0.1
_CACHED_VIDEOS = 512

T = TypeVar("T")


# Leaky-bucket libraries know neither fair turns among owners nor a reserve for what plays.
class RateLimit:
    """A token bucket: `burst` at once, then `per_hour`. YouTube grants a guest about 300 videos an hour."""

    def __init__(self, *, per_hour: float = 300.0, burst: float = 100.0) -> None:
        self._per_second = per_hour / 3600
        self._burst = burst
        self._left = burst
        self._counted_at = time.monotonic()
        self._turns = FairQueue()

    async def wait(self, owner: Hashable = None) -> None:
        """Uses one permission, waiting for it and for the owner's turn."""
        async with self._turns.turn(owner):
            self._left = self._count() - 1
            if self._left < 0:
                await asyncio.sleep(-self._left / self._per_second)

    async def wait_for_spare(self) -> None:
        """Uses one permission once half of them are left, so that videos on air come first."""
        while (lacking := self._burst / 2 - self._count()) > 0:
            await asyncio.sleep(lacking / self._per_second)
        self._left -= 1

    def _count(self) -> float:
        now = time.monotonic()
        self._left = min(self._burst, self._left + (now - self._counted_at) * self._per_second)
        self._counted_at = now
        return self._left


@dataclass(frozen=True, slots=True)
class _Request:
    video_id: str
    avoid: frozenset[str]
    owner: Hashable
    """Part of the key: a shared answer would make one guild wait in another's queue."""


@dataclass(frozen=True, slots=True)
class _Kept:
    media: Media
    good_until: float


class Resolver:
    """Requests to YouTube for all streams of this process. Entering it starts the workers."""

    def __init__(
        self,
        settings: YouTubeSettings,
        *,
        cache_dir: Path,
        workers: int = 2,
        job_seconds: float = JOB_SECONDS,
        jobs_per_worker: int = JOBS_PER_WORKER,
        rate_limit: RateLimit | None = None,
        breaker: CircuitBreaker | None = None,
    ) -> None:
        options = formats.options(settings, cache_dir)
        worker_plan = plan(
            options, cache_dir, settings.ca_file, job_seconds=job_seconds, jobs_per_worker=jobs_per_worker
        )
        self._pool = WorkerPool(worker_plan, workers)
        self._rate_limit = rate_limit or RateLimit()
        self._breaker = breaker or CircuitBreaker()
        self._kept: dict[str, _Kept] = {}
        self._under_way: dict[_Request, asyncio.Task[Media]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Starts the workers without waiting for them; `ready` waits."""
        await self._stack.enter_async_context(self._pool)
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._stack.aclose()

    async def ready(self) -> None:
        """Waits until the workers are warm. Raises PlatformTrouble or TransientError if yt-dlp cannot start."""
        await self._pool.warm()

    @property
    def version(self) -> str:
        """The running yt-dlp's version; empty before the first worker is ready."""
        return next((w.hello["yt_dlp"] for w in self._pool.workers if w.hello), "")

    @property
    def runtime(self) -> str:
        """The JavaScript runtime and its version (`deno 2.9.8`); empty without one."""
        return next((w.hello["runtime"] for w in self._pool.workers if w.hello), "")

    @property
    def worker_pids(self) -> tuple[int, ...]:
        return tuple(w.pid for w in self._pool.workers if w.pid)

    async def resolve(
        self, video_id: str, *, fresh: bool = False, avoid: frozenset[str] = frozenset(), owner: Hashable = None
    ) -> Media:
        """Finds where a video's media can be read now; `fresh` bypasses the cache.

        `avoid` excludes formats (`format@client`). Simultaneous calls of one owner (a guild) for one video share the
        answer. Raises ItemUnplayable, ItemUnavailable, PlatformTrouble (at once while the breaker is open) or
        TransientError.
        """
        kept = self._remembered(video_id)
        if kept and not fresh and not kept.client_formats & avoid:
            return kept
        request = _Request(video_id, avoid, owner)
        if request not in self._under_way:
            task = self._own(self._resolve(request), name=f"resolve {video_id}")
            self._under_way[request] = task
            task.add_done_callback(lambda _: self._under_way.pop(request))
        return await asyncio.shield(self._under_way[request])

    def remembers(self, video_id: str) -> bool:
        """Whether a video's media are cached."""
        return self._remembered(video_id) is not None

    def list(self, reference: Reference, owner: Hashable = None) -> "Listing":
        """A listing of a playlist's items, to be iterated once."""
        return Listing(self._pool, self._breaker, reference, owner, self._own)

    async def ready_to_list_again(self) -> None:
        """Waits until repeating a listing takes no permission from videos and first listings."""
        await self._rate_limit.wait_for_spare()

    def _remembered(self, video_id: str) -> Media | None:
        kept = self._kept.get(video_id)
        return kept.media if kept and time.time() < kept.good_until else None

    async def _resolve(self, request: _Request) -> Media:
        async with self._breaker.guard():
            await self._rate_limit.wait(request.owner)
            media = await self._fetch(request)
        self._keep(request.video_id, media)
        return media

    async def _fetch(self, request: _Request) -> Media:
        message = {"method": "resolve", "url": formats.link(request.video_id), "avoid": sorted(request.avoid)}
        try:
            answer = await self._request_twice(message, request.owner)
        except WorkerFailed as failed:
            raise errors.item_error(failed.failure) from None
        _check_over(answer)
        return formats.media(answer)

    def _keep(self, video_id: str, media: Media) -> None:
        """Caches an answer until shortly before its first URL expires. One without an expiry is not cached."""
        if media.expires_at is None:
            return
        margin_seconds = min(_LONGEST_MARGIN_SECONDS, (media.expires_at - time.time()) * _MARGIN_OF_LIFE)
        self._kept.pop(video_id, None)
        self._kept[video_id] = _Kept(media, media.expires_at - margin_seconds)
        while len(self._kept) > _CACHED_VIDEOS:
            del self._kept[next(iter(self._kept))]

    async def _request_twice(self, request: Json, owner: Hashable) -> Json:
        """Retries once with another worker: the death of one need not be the video's fault."""
        try:
            return await self._pool.for_video().request(request, owner)
        except WorkerDied:
            log.warning("A yt-dlp worker crashed and is replaced")
        try:
            return await self._pool.for_video().request(request, owner)
        except WorkerDied as error:
            raise TransientError(YtDlp.CRASHED()) from error

    def _own(self, work: Coroutine[Any, Any, T], *, name: str) -> asyncio.Task[T]:
        """Runs work that outlives a cancelled caller; it ends with the resolver."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())  # the caller may be gone
        return task


class _Keeper(Protocol):
    def __call__(self, work: Coroutine[Any, Any, T], *, name: str) -> asyncio.Task[T]: ...


class Listing:
    """The items of one playlist, fetched page by page on demand. `title` is set with the first item."""

    def __init__(
        self, pool: WorkerPool, breaker: CircuitBreaker, reference: Reference, owner: Hashable, own: _Keeper
    ) -> None:
        self.title = ""
        self._pool = pool
        self._breaker = breaker
        self._reference = reference
        self._owner = owner
        self._own = own
        self._listed = 0

    async def __aiter__(self) -> AsyncGenerator[Item, None]:
        """Yields the items in order.

        A listing that breaks off continues at the same entry, unless it made no progress since the last break. Raises
        PlaylistError, UsageError, PlatformTrouble or TransientError.
        """
        broken_at = -1
        while True:
            try:
                async with aclosing(self._entries()) as entries:
                    async for entry in entries:
                        if item := entry_item(entry):
                            yield item
            except (TransientError, WorkerDied) as error:
                if broken_at == self._listed:
                    raise TransientError(YouTubeListings.INTERRUPTED()) from error
                broken_at = self._listed
            else:
                return

    async def _entries(self) -> AsyncGenerator[Json, None]:
        worker = self._pool.for_listing()
        limit = MIX_LIMIT if self._reference.is_mix else None
        begin = {"url": self._reference.url, "first": FIRST_ENTRIES, "skip": self._listed, "limit": limit}
        page = await self._fetch(worker, {"method": "open", **begin})
        self.title, listing, count = page["title"], page["listing"], FIRST_ENTRIES
        worker.listings.add(listing)
        try:
            while True:
                for entry in page["entries"]:
                    self._listed += 1
                    yield entry
                if len(page["entries"]) < count:
                    return
                count = PAGE_ENTRIES - self._listed % PAGE_ENTRIES
                page = await self._fetch(worker, {"method": "more", "listing": listing, "count": count})
        finally:
            if listing in worker.listings:
                worker.listings.discard(listing)
                self._own(self._request(worker, {"method": "close", "listing": listing}), name="close a listing")

    async def _fetch(self, worker: Worker, request: Json) -> Json:
        async with self._breaker.guard():
            try:
                return await asyncio.shield(self._own(self._request(worker, request), name=f"list {self._reference}"))
            except WorkerFailed as failed:
                if failed.failure.kind == LISTING_GONE:
                    raise WorkerDied from None
                raise errors.playlist_error(failed.failure) from None

    def _request(self, worker: Worker, request: Json) -> Coroutine[Any, Any, Json]:
        return worker.request(request, self._owner, Urgency.ASIDE)


def _check_over(answer: Json) -> None:
    """Refuses live video, which has neither a length nor an end."""
    if answer["live_status"] == "is_upcoming":
        raise ItemUnavailable(Videos.UPCOMING())
    if answer["live_status"] in ("is_live", "post_live"):
        raise ItemUnplayable(Videos.LIVE())
    if answer["type"] != "video":  # a trailer in place of the video
        raise ItemUnplayable(Videos.PAID())
