"""Warm yt-dlp worker processes: one request at a time, killed at a time limit, replaced when dead or old."""

import asyncio
import importlib.metadata
import json
import logging
import os
import signal
import sys
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, cast

from streaming.model.errors import TransientError
from streaming.model.text import clean_all
from streaming.process.fair_queue import FairQueue, Urgency
from streaming.process.launcher import bare_environment
from streaming.process.subprocesses import Child
from streaming.redaction.secrets import redact
from streaming.youtube.errors import Failure, start_error
from streaming.youtube.messages import YouTube, YtDlp

log = logging.getLogger(__name__)

Json = dict[str, Any]  # the requests and answers; both sides of the pipe are in this package

LISTING_GONE = "ListingGone"
"""The kind of failure when the worker that held a listing has been replaced."""

_TOO_LARGE = Failure("AnswerTooLarge", "the answer is too large")
_START_SECONDS = 30.0
_LINE_LIMIT_BYTES = 16 << 20
_PASSED_VARIABLES = frozenset({"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "NIX_SSL_CERT_FILE"})
_PASSED_PREFIXES = ("PYTHON", "DENO_", "XDG_")
"""Environment for reaching YouTube, and for Python's and Deno's folders. yt-dlp, and the scripts of YouTube's that it
runs, get nothing else."""
_NICENESS = 5
"""The same as feeders: uplinks have to keep time."""
_COMMAND = (sys.executable, "-m", "streaming.youtube.worker")


class WorkerDied(Exception):
    """The worker ended before it answered."""


class WorkerFailed(Exception):
    """yt-dlp raised an error, described by `failure`."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class _OutOfStep(Exception):
    """The line read is no answer to the request, so later lines cannot be matched either."""

    def __init__(self, what: str, *, is_too_large: bool = False) -> None:
        super().__init__(what)
        self.is_too_large = is_too_large


@dataclass(frozen=True, slots=True)
class WorkerPlan:
    """How workers are started, and after how many jobs they are replaced."""

    options: Json
    environment: Mapping[str, str]
    job_seconds: float
    jobs_per_worker: int


def plan(
    options: Json, cache_dir: Path, ca_file: Path | None, *, job_seconds: float, jobs_per_worker: int
) -> WorkerPlan:
    """Workers cache in `cache_dir` (deno's files, too), and trust `ca_file` if it is given."""
    extra = {"DENO_DIR": str(cache_dir / "deno")}
    if ca_file:
        extra["SSL_CERT_FILE"] = str(ca_file)
    passed = {name: value for name, value in os.environ.items() if _is_passed(name)}
    return WorkerPlan(options, bare_environment() | passed | extra, job_seconds, jobs_per_worker)


def _is_passed(name: str) -> bool:
    return name.upper() in _PASSED_VARIABLES or name.startswith(_PASSED_PREFIXES)


class Worker:
    """One process, one request at a time. It starts on first use, and again whenever it is needed."""

    def __init__(self, plan: WorkerPlan) -> None:
        self._plan = plan
        self._child: Child | None = None
        self._turns = FairQueue()
        self._jobs = 0
        self._installed = ""
        self.waiting = 0
        self.listings: set[str] = set()
        self.hello: Mapping[str, str] = {}

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    async def warm(self) -> None:
        """Starts the process if necessary, and waits until it can answer."""
        async with self._turns.turn(owner=None):
            await self._living()

    async def request(self, request: Json, owner: Hashable = None, urgency: Urgency = Urgency.ON_AIR) -> Json:
        """Sends one request when it is the owner's turn, and returns the answer.

        Raises WorkerFailed, WorkerDied, PlatformTrouble when yt-dlp rejects the settings, or TransientError at the time
        limit or when the owner has too many requests waiting.
        """
        self.waiting += 1
        try:
            async with self._turns.turn(owner, urgency):
                return await self._send(await self._living(), request)
        finally:
            self.waiting -= 1

    async def stop(self) -> None:
        if self._child:
            await self._child.stop(first=signal.SIGKILL)
        self._child = None
        self.listings.clear()

    async def _send(self, child: Child, request: Json) -> Json:
        self._jobs += 1
        try:
            async with asyncio.timeout(self._plan.job_seconds):
                return await _exchange(child, {"id": self._jobs} | request, self._jobs)
        except WorkerFailed:
            raise
        except TimeoutError as error:
            log.warning("yt-dlp did not answer within %.0f s and was killed", self._plan.job_seconds)
            await self.stop()
            raise TransientError(YouTube.TIMEOUT()) from error
        except _OutOfStep as error:
            log.warning("A yt-dlp worker answered out of order and is replaced: %s", error)
            await self.stop()
            raise WorkerFailed(_TOO_LARGE) if error.is_too_large else WorkerDied from error
        except BaseException:
            await self.stop()  # its next line would answer this request, not the next one
            raise

    async def _living(self) -> Child:
        if self._child and (self._child.returncode is not None or await self._is_outdated()):
            await self.stop()
        if not self._child:
            self._child = await self._start()
        return self._child

    async def _is_outdated(self) -> bool:
        """Whether yt-dlp was upgraded, or the process has done enough jobs and holds no listing."""
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
            raise TransientError(YtDlp.NOT_STARTED()) from error
        try:
            async with asyncio.timeout(_START_SECONDS):
                self.hello = await _exchange(child, self._plan.options, None)
        except BaseException as error:
            await child.stop(first=signal.SIGKILL)
            if isinstance(error, WorkerFailed):
                raise start_error(error.failure) from None
            if isinstance(error, TimeoutError | WorkerDied | _OutOfStep):
                raise TransientError(YtDlp.NOT_STARTED()) from error
            raise
        return child


class WorkerPool:
    """The workers. With two or more, the first takes no listings, so that no video waits for a page."""

    def __init__(self, plan: WorkerPlan, size: int) -> None:
        self.workers = tuple(Worker(plan) for _ in range(size))
        self._warming: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Starts the workers without waiting for them."""
        self._warming = asyncio.create_task(self.warm(), name="warm yt-dlp workers")
        self._warming.add_done_callback(_note)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._warming:
            self._warming.cancel()
            await asyncio.wait([self._warming])
        await asyncio.gather(*(worker.stop() for worker in self.workers))

    async def warm(self) -> None:
        """Waits until all workers can answer. Raises PlatformTrouble or TransientError if one cannot start."""
        await asyncio.gather(*(worker.warm() for worker in self.workers))

    def for_video(self) -> Worker:
        """The least busy worker; among equals the first, which has YouTube's player cached."""
        return min(self.workers, key=lambda worker: (worker.waiting, len(worker.listings)))

    def for_listing(self) -> Worker:
        """The worker for a new listing; among equals the last."""
        return min(reversed(self.workers[1:] or self.workers), key=lambda worker: worker.waiting)


def _note(warming: asyncio.Task[None]) -> None:
    """Logs a worker that did not start. The first request starts it again and raises the error to its caller."""
    if not warming.cancelled() and (error := warming.exception()):
        log.warning("%s", error)


async def _exchange(child: Child, request: Json, number: int | None) -> Json:
    """Sends a request and returns the answer, which has to carry the request's number."""
    try:
        child.stdin.write(json.dumps(request).encode() + b"\n")
        await child.stdin.drain()
        line = await child.stdout.readline()
    except ConnectionError as error:
        raise WorkerDied from error
    except ValueError as error:  # the line exceeds the stream's limit
        raise _OutOfStep("its answer is too large", is_too_large=True) from error
    if not line.endswith(b"\n"):
        raise WorkerDied
    reply = cast("Json", clean_all(_reply(line, number)))
    if failure := reply.get("failure"):
        raise WorkerFailed(Failure(**failure | {"warnings": tuple(failure["warnings"])}))
    answer: Json = reply["answer"]
    return answer


def _reply(line: bytes, number: int | None) -> Json:
    try:
        reply: Json = json.loads(line)
    except ValueError as error:
        raise _OutOfStep("its answer is not JSON") from error
    if not isinstance(reply, dict) or reply.get("id") != number:
        raise _OutOfStep("its answer is to another request")
    return reply


async def _installed_version() -> str:
    try:
        return await asyncio.to_thread(importlib.metadata.version, "yt-dlp")
    except importlib.metadata.PackageNotFoundError as error:  # in the middle of an upgrade
        raise TransientError(YtDlp.NOT_INSTALLED()) from error
