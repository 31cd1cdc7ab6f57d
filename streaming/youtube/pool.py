"""A few warm worker processes: asked one question at a time, killed at a limit, replaced when they die or grow old."""

import asyncio
import importlib.metadata
import json
import logging
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, cast

from streaming.children import Child
from streaming.clean_text import clean_all
from streaming.errors import TransientError
from streaming.secrets import redact
from streaming.youtube.errors import Failure, start_error

log = logging.getLogger(__name__)

Json = dict[str, Any]  # the questions and answers; both sides of the pipe are in this package

LISTING_GONE = "ListingGone"
"""The kind of failure that means: this process never heard of the listing, so the one that had it is gone."""

_START_SECONDS = 30.0
_LINE_LIMIT_BYTES = 16 << 20
_KEPT_FROM_WORKERS = ("DISCORD_TOKEN", "NONSTOP__DISCORD__TOKEN", "DATABASE_URL", "NONSTOP__DATABASE__URL")
"""What yt-dlp, and the scripts of YouTube's that it runs, have no business with."""
_NICENESS = 5
"""Like feeders, and unlike uplinks: what is on air comes first."""
_COMMAND = (sys.executable, "-m", "streaming.youtube.worker")


class WorkerDied(Exception):
    """The worker ended before it answered."""


class WorkerFailed(Exception):
    """yt-dlp raised an error; `failure` says which."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class WorkerPlan:
    """How workers are started and when they have had their day."""

    options: Json
    environment: Mapping[str, str]
    job_seconds: float
    jobs_per_worker: int


def plan(
    options: Json, cache_dir: Path, ca_file: Path | None, *, job_seconds: float, jobs_per_worker: int
) -> WorkerPlan:
    """Workers keep what they cache, deno's included, in `cache_dir`, and trust `ca_file` where there is one."""
    extra = {"DENO_DIR": str(cache_dir / "deno")}
    if ca_file:
        extra["SSL_CERT_FILE"] = str(ca_file)
    inherited = {name: value for name, value in os.environ.items() if name.upper() not in _KEPT_FROM_WORKERS}
    return WorkerPlan(options, inherited | extra, job_seconds, jobs_per_worker)


class Worker:
    """One process and the questions put to it, in turn. It is started at once and again whenever it is needed."""

    def __init__(self, plan: WorkerPlan) -> None:
        self._plan = plan
        self._child: Child | None = None
        self._turn = asyncio.Lock()
        self._jobs = 0
        self._installed = ""
        self.waiting = 0
        self.listings: set[str] = set()
        self.hello: Mapping[str, str] = {}

    @property
    def pid(self) -> int | None:
        """The process id, or None while there is none."""
        return self._child.pid if self._child else None

    async def warm(self) -> None:
        """Starts the process if it is not there, and waits until it can answer."""
        async with self._turn:
            await self._living()

    async def ask(self, question: Json) -> Json:
        """Puts one question and gives its answer.

        Raises WorkerFailed, WorkerDied, PlatformTrouble when yt-dlp cannot be set up as the settings say, or
        TransientError when the time limit has passed.
        """
        self.waiting += 1
        try:
            async with self._turn:
                return await self._put(await self._living(), question)
        finally:
            self.waiting -= 1

    async def stop(self) -> None:
        """Ends the process."""
        if self._child:
            await self._child.stop(first=signal.SIGKILL)
        self._child = None
        self.listings.clear()

    async def _put(self, child: Child, question: Json) -> Json:
        self._jobs += 1
        try:
            async with asyncio.timeout(self._plan.job_seconds):
                return await _exchange(child, question)
        except TimeoutError as error:
            log.warning("yt-dlp did not answer within %.0f s and was killed", self._plan.job_seconds)
            await self.stop()
            raise TransientError("YouTube did not answer in time.") from error
        except (WorkerDied, asyncio.CancelledError):
            await self.stop()  # its next line would answer this question, not the next one
            raise

    async def _living(self) -> Child:
        if self._child and (self._child.returncode is not None or await self._is_outdated()):
            await self.stop()
        if not self._child:
            self._child = await self._start()
        return self._child

    async def _is_outdated(self) -> bool:
        """Whether yt-dlp was upgraded, or it has answered enough and has no listing in hand."""
        is_old = self._jobs >= self._plan.jobs_per_worker and not self.listings
        return is_old or await _installed_version() != self._installed

    async def _start(self) -> Child:
        self._installed = await _installed_version()
        self._jobs = 0
        try:
            child = await Child.start(
                _COMMAND,
                stdin=True,
                on_error_line=lambda line: log.debug("yt-dlp worker: %s", redact(line)),
                environment=self._plan.environment,
                buffer_bytes=_LINE_LIMIT_BYTES,
                niceness=_NICENESS,
            )
        except OSError as error:  # no process to be had
            raise TransientError("yt-dlp could not be started.") from error
        try:
            async with asyncio.timeout(_START_SECONDS):
                self.hello = await _exchange(child, self._plan.options)
        except BaseException as error:
            await child.stop(first=signal.SIGKILL)
            if isinstance(error, WorkerFailed):
                raise start_error(error.failure) from None
            if isinstance(error, TimeoutError | WorkerDied):
                raise TransientError("yt-dlp could not be started.") from error
            raise
        return child


class WorkerPool:
    """The workers. Videos go to the first and listings to the last that is free, so neither waits for the other."""

    def __init__(self, plan: WorkerPlan, size: int) -> None:
        self.workers = tuple(Worker(plan) for _ in range(size))
        self._warming: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begins to start the workers, without waiting for them."""
        self._warming = asyncio.create_task(self.warm(), name="warm yt-dlp workers")
        self._warming.add_done_callback(_note)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._warming:
            self._warming.cancel()
            await asyncio.wait([self._warming])
        await asyncio.gather(*(worker.stop() for worker in self.workers))

    async def warm(self) -> None:
        """Waits until every worker can answer; raises PlatformTrouble or TransientError when one cannot be started."""
        await asyncio.gather(*(worker.warm() for worker in self.workers))

    def for_video(self) -> Worker:
        """The least busy worker, the first among equals: it has YouTube's player at hand already."""
        return min(self.workers, key=lambda worker: (worker.waiting, len(worker.listings)))

    def for_listing(self) -> Worker:
        """The worker for a new listing, the last among equals."""
        return min(reversed(self.workers), key=lambda worker: worker.waiting)


def _note(warming: asyncio.Task[None]) -> None:
    """A worker that did not start says so here; the first question tries again and tells whoever asked."""
    if not warming.cancelled() and (error := warming.exception()):
        log.warning("%s", error)


async def _exchange(child: Child, question: Json) -> Json:
    try:
        child.stdin.write(json.dumps(question).encode() + b"\n")
        await child.stdin.drain()
        line = await child.stdout.readline()
    except ConnectionError as error:
        raise WorkerDied from error
    if not line.endswith(b"\n"):
        raise WorkerDied
    reply = cast("Json", clean_all(json.loads(line)))
    if failure := reply.get("failure"):
        raise WorkerFailed(Failure(**failure | {"warnings": tuple(failure["warnings"])}))
    answer: Json = reply["answer"]
    return answer


async def _installed_version() -> str:
    try:
        return await asyncio.to_thread(importlib.metadata.version, "yt-dlp")
    except importlib.metadata.PackageNotFoundError as error:  # in the middle of an upgrade
        raise TransientError("yt-dlp is not installed at this moment.") from error
