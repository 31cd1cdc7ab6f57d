"""Byte ranges in the loopback server's requests and answers (RFC 9110, section 14)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes from `start` to `stop`, or to the end."""

    start: int = 0
    stop: int | None = None


async def requested_span(request: web.Request, measure: Callable[[], Awaitable[int | None]]) -> Span:
    """Reads the requested range. Raises 416 for a range beyond the end, or before an unknown end."""
    requested = _range_header(request)
    if requested == slice(0, None, 1) or requested == slice(None, None, 1):
        return Span()
    length = await measure()
    start = requested.start if requested.start >= 0 else max(0, (length or 0) + requested.start)
    if length is None and start == 0:
        return Span()
    if length is None or start >= length:
        raise _unsatisfiable(length)
    return Span(start, min(requested.stop or length, length))


def _range_header(request: web.Request) -> slice:
    try:
        return request.http_range
    except ValueError:
        raise _unsatisfiable(None) from None


def _unsatisfiable(length: int | None) -> web.HTTPRequestRangeNotSatisfiable:
    total = "*" if length is None else length
    return web.HTTPRequestRangeNotSatisfiable(headers={"Content-Range": f"bytes */{total}"})


def response_head(request: web.Request, length: int | None, span: Span) -> web.StreamResponse:
    """Builds the head of an answer. FFmpeg seeks only after an Accept-Ranges header or a 206."""
    response = web.StreamResponse(headers={"Content-Type": "application/octet-stream"})
    if length is None:
        return response
    stop = min(length if span.stop is None else span.stop, length)
    response.headers["Accept-Ranges"] = "bytes"
    response.content_length = stop - span.start
    if "Range" in request.headers and stop > span.start:
        response.set_status(206)
        response.headers["Content-Range"] = f"bytes {span.start}-{stop - 1}/{length}"
    return response
