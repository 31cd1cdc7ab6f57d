"""HTTP requests to the origin of a remote part, one range each, with failures mapped to our own errors."""

import ipaddress
import logging
import re
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from streaming.model.errors import ConfigurationError, ItemUnplayable, NonstopError, TransientError
from streaming.model.items import RemotePart
from streaming.network.connectivity import unreachable_reason
from streaming.network.redirects import (
    MOST_REDIRECTS,
    OutsideResolver,
    Reaches,
    check_hop,
    exact,
    is_global,
    next_hop,
    without_secrets,
)
from streaming.settings import YouTubeSettings
from streaming.sources.messages import Origins, Urls

_log = logging.getLogger(__name__)

_STALE = frozenset({401, 403, 404, 410})
_BUSY = frozenset({408, 425, 429})
_CHUNK_BYTES = 64 << 10
_CONTENT_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")


class StaleUrl(NonstopError):
    """The origin refuses the URL; a fresh one may work."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An origin's answer. `chunks` begin at `first_byte`, which is 0 where the origin ignores ranges."""

    first_byte: int
    total_bytes: int | None
    chunks: AsyncIterator[bytes]
    is_partial: bool = True


class OriginClient:
    """Requests through the same proxy and source address as the resolver's, since URLs may be bound to them."""

    def __init__(
        self, youtube: YouTubeSettings, *, connect_seconds: float, stall_seconds: float, reaches: Reaches = is_global
    ) -> None:
        """`reaches` decides which IP addresses an origin may redirect to.

        Raises ConfigurationError for a proxy scheme that aiohttp does not support.
        """
        if youtube.proxy and urlsplit(youtube.proxy).scheme not in {"http", "https"}:
            raise ConfigurationError("youtube.proxy must begin with http://: media are read through HTTP proxies only.")
        self._youtube = youtube
        self._reaches = reaches
        self._stall_seconds = stall_seconds
        self._timeout = aiohttp.ClientTimeout(total=None, sock_connect=connect_seconds, sock_read=stall_seconds)

    async def __aenter__(self) -> Self:
        trust = _trust(self._youtube)
        self._session = self._opened(trust, None)
        self._redirected = self._opened(trust, OutsideResolver(self._reaches))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()
        await self._redirected.close()

    def _opened(self, trust: ssl.SSLContext, resolver: AbstractResolver | None) -> aiohttp.ClientSession:
        address = self._youtube.options.get("source_address")
        connector = aiohttp.TCPConnector(
            limit=0,
            ssl=trust,
            local_addr=(str(address), 0) if address else None,
            keepalive_timeout=60,  # a range is requested about every 30 s
            resolver=resolver,
        )
        return aiohttp.ClientSession(connector=connector, timeout=self._timeout, auto_decompress=False)

    @asynccontextmanager
    async def get(self, part: RemotePart, first_byte: int, stop: int | None) -> AsyncIterator[Answer]:
        """Requests the bytes from `first_byte` to `stop`.

        Raises StaleUrl, TransientError or ItemUnplayable, also while the answer's chunks are read.
        """
        url = part.url.reveal()
        origin = _origin(url)
        last = "" if stop is None else stop - 1
        headers = {**part.headers, "Accept-Encoding": "identity", "Range": f"bytes={first_byte}-{last}"}
        try:
            async with self._last_of(origin, headers) as response:
                yield _answer(response, first_byte)
        except aiohttp.InvalidURL as error:
            raise ItemUnplayable(Urls.INVALID()) from error
        except TimeoutError as error:
            raise TransientError(Origins.SILENT(host=_host(url), seconds=self._stall_seconds)) from error
        except (aiohttp.ClientError, OSError) as error:
            _log.debug("%s: %s: %s", _host(url), type(error).__name__, error)
            reason = unreachable_reason(error)
            raise TransientError(Origins.UNREACHABLE(host=_host(url), reason=reason)) from error

    @asynccontextmanager
    async def _last_of(self, origin: URL, headers: Mapping[str, str]) -> AsyncIterator[aiohttp.ClientResponse]:
        """Follows redirects to the final answer. They may lead to public addresses, or to the origin itself."""
        url = origin
        for _ in range(MOST_REDIRECTS):
            is_elsewhere = url.origin() != origin.origin()
            seen = without_secrets(headers) if is_elsewhere else headers
            async with self._session_for(url, is_elsewhere=is_elsewhere).get(
                url, headers=seen, proxy=self._proxy(url), allow_redirects=False
            ) as response:
                target = next_hop(response)
                if target is None:
                    yield response
                    return
                check_hop(origin, target, self._reaches)
                url = target
        raise TransientError(Origins.REDIRECTS(host=origin.host or "?"))

    def _session_for(self, url: URL, *, is_elsewhere: bool) -> aiohttp.ClientSession:
        """Behind a proxy it is the proxy that resolves the host, so our resolver cannot check it."""
        return self._redirected if is_elsewhere and not self._proxy(url) else self._session

    def _proxy(self, url: URL) -> str | None:
        return None if _is_loopback(url.host or "") else self._youtube.proxy or None


def _answer(response: aiohttp.ClientResponse, requested: int) -> Answer:
    """Reads an answer's status and range (RFC 9110, sections 14 and 15)."""
    host, status = response.url.host or "?", response.status
    if status == 200:
        return Answer(0, response.content_length, response.content.iter_chunked(_CHUNK_BYTES), is_partial=False)
    if status in {206, 416}:
        first_byte, total_bytes = _content_range(response)
        if status == 416:
            return Answer(requested, total_bytes, _nothing())
        if first_byte != requested:
            sent = "?" if first_byte is None else first_byte
            raise TransientError(Origins.OTHER_BYTES(host=host, first_byte=sent, requested_byte=requested))
        return Answer(first_byte, total_bytes, response.content.iter_chunked(_CHUNK_BYTES))
    if status in _STALE:
        raise StaleUrl(Origins.REFUSAL(host=host, status=status))
    if status in _BUSY or status >= 500:
        raise TransientError(Origins.TROUBLE(host=host, status=status))
    raise ItemUnplayable(Origins.NOT_SERVED(host=host, status=status))


def _content_range(response: aiohttp.ClientResponse) -> tuple[int | None, int | None]:
    match = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
    first_byte, _, total = match.groups() if match else (None, None, "*")
    return int(first_byte) if first_byte else None, int(total) if total != "*" else None


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""


def _trust(youtube: YouTubeSettings) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if youtube.ca_file:
        context.load_verify_locations(youtube.ca_file)
    return context


def _origin(url: str) -> URL:
    try:
        origin = exact(url)
    except ValueError as error:
        raise ItemUnplayable(Urls.INVALID()) from error
    if not origin.absolute or not origin.host:
        raise ItemUnplayable(Urls.INVALID())
    return origin


def _host(url: str) -> str:
    return urlsplit(url).hostname or "?"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
