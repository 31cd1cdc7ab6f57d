"""Checks redirects: an origin may send us to public addresses, never into our own network.

The first URL of a part comes from a platform or the operator and is requested as it is. A redirect's target is
the origin's word.
"""

import ipaddress
import socket
from collections.abc import Callable, Mapping

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver
from yarl import URL

from streaming.model.errors import ItemUnplayable
from streaming.network.egress import is_public
from streaming.network.messages import Redirects

MOST_REDIRECTS = 8
_STATUSES = frozenset({301, 302, 303, 307, 308})
_PRIVATE_HEADERS = frozenset({"authorization", "cookie"})

Reaches = Callable[[str], bool]
"""Whether a redirect may lead to an IP address."""


def is_global(address: str) -> bool:
    """Whether an IP address, with or without a zone, is public."""
    return is_public(ipaddress.ip_address(address.partition("%")[0]))


def exact(url: str) -> URL:
    """A URL with its spelling kept: in a signed one, `%2C` and `,` differ. Only unencoded URLs are quoted.

    Raises ValueError for what cannot be a URL.
    """
    is_spelled_out = url.isascii() and url.isprintable() and " " not in url
    return URL(url, encoded=is_spelled_out)


def next_hop(response: aiohttp.ClientResponse) -> URL | None:
    """The target of a redirect, or None for a final answer. Raises ItemUnplayable for an invalid target."""
    location = response.headers.get("Location") or response.headers.get("URI")
    if response.status not in _STATUSES or not location:
        return None
    try:
        target = response.url.join(exact(location))
    except ValueError as error:
        raise ItemUnplayable(Redirects.INVALID()) from error
    if target.scheme not in {"http", "https"} or not target.host:
        raise ItemUnplayable(Redirects.INVALID())
    return target


def check_hop(origin: URL, target: URL, reaches: Reaches) -> None:
    """Raises ItemUnplayable for a target that spells out a forbidden address. The resolver checks names."""
    host = (target.host or "").rstrip(".").lower()
    if target.origin() != origin.origin() and (_is_ours(host) or (_is_address(host) and not reaches(host))):
        raise ItemUnplayable(Redirects.NOT_PUBLIC())


def without_secrets(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that another host may see."""
    return {name: value for name, value in headers.items() if name.lower() not in _PRIVATE_HEADERS}


class OutsideResolver(AbstractResolver):
    """Resolves only to allowed addresses, at the time of the connection: a name may change its address later."""

    def __init__(self, reaches: Reaches) -> None:
        self._reaches = reaches
        self._resolver = DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The allowed addresses of a name. Raises ItemUnplayable if there is none."""
        found = [result for result in await self._resolver.resolve(host, port, family) if self._reaches(result["host"])]
        if not found:
            raise ItemUnplayable(Redirects.NOT_PUBLIC())
        return found

    async def close(self) -> None:
        await self._resolver.close()


def _is_ours(host: str) -> bool:
    return host == "localhost" or host.endswith(".localhost")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
