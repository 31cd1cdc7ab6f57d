"""Where an origin may send us on to: out into the internet, never into the network we stand in.

The first address of a part is ours (a platform's, or what an operator named) and is asked as it is. Where its answer
sends us is somebody else's word.
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

MOST_REDIRECTS = 8
_STATUSES = frozenset({301, 302, 303, 307, 308})
_PRIVATE_HEADERS = frozenset({"authorization", "cookie"})
_WITHIN = "its origin sends us to an address that is not on the internet"

Reaches = Callable[[str], bool]
"""Whether an IP address may be asked when somebody else names it."""


def is_global(address: str) -> bool:
    """Whether an IP address, with or without a zone, is one of the public Internet's."""
    return is_public(ipaddress.ip_address(address.partition("%")[0]))


def exact(url: str) -> URL:
    """A URL as it is spelled: it may be signed, and `%2C` and `,` are then not the same. What is no URL yet is quoted.

    Raises ValueError for what cannot be one.
    """
    is_spelled_out = url.isascii() and url.isprintable() and " " not in url
    return URL(url, encoded=is_spelled_out)


def next_hop(response: aiohttp.ClientResponse) -> URL | None:
    """Where an answer sends us; None when it is the answer itself. Raises ItemUnplayable when that is nowhere."""
    location = response.headers.get("Location") or response.headers.get("URI")
    if response.status not in _STATUSES or not location:
        return None
    try:
        target = response.url.join(exact(location))
    except ValueError as error:
        raise ItemUnplayable("its origin sends us to what is no address") from error
    if target.scheme not in {"http", "https"} or not target.host:
        raise ItemUnplayable("its origin sends us to what is no address")
    return target


def check_hop(origin: URL, target: URL, reaches: Reaches) -> None:
    """Raises ItemUnplayable where a target spells out an address that may not be asked; names, the resolver checks."""
    host = (target.host or "").rstrip(".").lower()
    if target.origin() != origin.origin() and (_is_ours(host) or (_is_address(host) and not reaches(host))):
        raise ItemUnplayable(_WITHIN)


def without_secrets(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that another host may see."""
    return {name: value for name, value in headers.items() if name.lower() not in _PRIVATE_HEADERS}


class OutsideResolver(AbstractResolver):
    """Finds only addresses that may be asked, at the moment they are connected to: a name may mean another one soon."""

    def __init__(self, reaches: Reaches) -> None:
        self._reaches = reaches
        self._resolver = DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a name. Raises ItemUnplayable when none of them may be asked."""
        found = [result for result in await self._resolver.resolve(host, port, family) if self._reaches(result["host"])]
        if not found:
            raise ItemUnplayable(_WITHIN)
        return found

    async def close(self) -> None:
        """Lets go of what the system gave."""
        await self._resolver.close()


def _is_ours(host: str) -> bool:
    return host == "localhost" or host.endswith(".localhost")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
