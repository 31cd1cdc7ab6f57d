"""A small origin of media with perishable URLs: it enforces expiry, serves ranges, and fails as told."""

import asyncio
import hashlib
import itertools
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from aiohttp import web

from streaming.model.items import PartKind, RemotePart
from streaming.redaction.secrets import Secret

_PIECE_BYTES = 16 << 10


class Trouble(StrEnum):
    """What can happen to an answer."""

    STATUS = "status"
    RESET = "reset"
    CUT = "cut"
    STALL = "stall"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one request; all but STATUS after so many bytes of its answer."""

    trouble: Trouble
    after_bytes: int = 0
    status: int = 503


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came, and what was answered."""

    name: str
    start: int
    stop: int | None
    status: int
    header: str = ""


@dataclass(slots=True)
class Origin:
    """What is served, how, and what was asked."""

    files: dict[str, bytes] = field(default_factory=dict)
    faults: dict[str, deque[Fault]] = field(default_factory=dict)
    """By file: what happens to its next requests, one each."""
    has_ranges: bool = True
    tells_length: bool = True
    now: Callable[[], float] = time.time
    asked: list[Asked] = field(default_factory=list)
    address: str = ""
    bytes_sent: int = 0
    _generation: int = 0
    _serial: Iterator[int] = field(default_factory=itertools.count)

    def part(self, name: str, kind: PartKind = PartKind.BOTH, *, life_seconds: float = 3600) -> RemotePart:
        """A fresh signed URL of a file."""
        expires_at = self.now() + life_seconds
        query = f"expire={expires_at}&generation={self._generation}&n={next(self._serial)}"
        url = f"{self.address}/{name}?{query}&signature={_signature(query)}"
        return RemotePart(kind, Secret(url), expires_at=expires_at, format_id=name)

    def plan(self, name: str, *faults: Fault) -> None:
        """Lets the next requests for a file go wrong, one after the other."""
        self.faults.setdefault(name, deque()).extend(faults)

    def revoke(self) -> None:
        """Makes every URL given out so far answer 403, whatever its `expire` says."""
        self._generation += 1

    def statuses(self, name: str) -> list[int]:
        """What the requests for a file were answered, in order."""
        return [asked.status for asked in self.asked if asked.name == name]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Serves one request."""
        name = request.match_info["name"]
        fault = self.faults[name].popleft() if self.faults.get(name) else None
        asked = request.http_range
        start, stop = asked.start or 0, asked.stop
        status = self._status(request, start, fault)
        self.asked.append(Asked(name, start, stop, status, request.headers.get("X-Test", "")))
        if status not in {200, 206}:
            return web.Response(status=status)
        return await self._send(request, self.files[name], (start, stop) if status == 206 else (0, None), fault)

    def _status(self, request: web.Request, start: int, fault: Fault | None) -> int:
        query, _, signature = request.query_string.rpartition("&signature=")
        if fault and fault.trouble is Trouble.STATUS:
            return fault.status
        if signature != _signature(query) or float(request.query["expire"]) <= self.now():
            return 403
        if int(request.query["generation"]) != self._generation:
            return 403
        if start and self.has_ranges and start >= len(self.files[request.match_info["name"]]):
            return 416
        return 206 if self.has_ranges else 200

    async def _send(
        self, request: web.Request, data: bytes, span: tuple[int, int | None], fault: Fault | None
    ) -> web.StreamResponse:
        start, stop = span
        body = data[start:stop]
        if fault and fault.trouble is Trouble.SHORT:
            body = body[: fault.after_bytes]
        response = web.StreamResponse(status=206 if self.has_ranges else 200)
        if self.has_ranges:
            response.headers["Content-Range"] = f"bytes {start}-{start + len(body) - 1}/{len(data)}"
        if self.tells_length:
            response.content_length = len(body)
        await response.prepare(request)
        end = fault.after_bytes if fault else len(body)
        for at in range(0, min(end, len(body)), _PIECE_BYTES):
            piece = body[at : min(at + _PIECE_BYTES, end)]
            try:
                await response.write(piece)
            except ConnectionError:  # it is read no further
                return response
            self.bytes_sent += len(piece)
        await self._strike(request, fault)
        return response

    async def _strike(self, request: web.Request, fault: Fault | None) -> None:
        assert request.transport
        match fault.trouble if fault else None:
            case Trouble.RESET:
                request.transport.abort()
            case Trouble.CUT:
                request.transport.close()
            case Trouble.STALL:
                await asyncio.Event().wait()  # until the other side gives up


@asynccontextmanager
async def running(origin: Origin) -> AsyncIterator[Origin]:
    """Serves the origin on loopback."""
    application = web.Application()
    application.router.add_get("/{name}", origin.answer)
    runner = web.AppRunner(application, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        origin.address = "http://{}:{}".format(*runner.addresses[0])
        yield origin
    finally:
        await runner.cleanup()


def _signature(query: str) -> str:
    return hashlib.sha256(f"perishable {query}".encode()).hexdigest()[:16]
