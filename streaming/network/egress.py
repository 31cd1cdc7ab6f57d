"""Restricts where streams may go: public addresses, and those that the operator allows.

Otherwise anyone who may add a target could make this machine connect to its own services and its neighbours (SSRF). An
address is judged by its value, however it is written: when the target is added, and again by what its name resolves to
before each connection.
"""

import asyncio
import ipaddress
import re
import socket
import struct
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import psutil

from streaming.model.errors import NonstopError
from streaming.model.message import Message

Address = IPv4Address | IPv6Address

RESOLVED_WITHIN_SECONDS = 5.0
_DEFAULT_PORTS = {"rtmp": 1935, "rtmps": 443}
_LOW_PORTS = frozenset({80, 443})
_FIRST_FREE_PORT = 1024
_LONGEST_NAME = 253
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]*|[0-9]+")
_PRIVATE_NAMES = frozenset(
    [
        "localhost",
        "localdomain",
        "local",
        "internal",
        "intranet",
        "lan",
        "home",
        "corp",
        "private",
        "test",
        "invalid",
        "example",
        "onion",
        "arpa",
    ]
)
"""Top-level labels outside the public DNS (RFC 2606, 6761, 6762, 8375, and common usage)."""

_NOT_PUBLIC: tuple[IPv4Network | IPv6Network, ...] = tuple(
    map(
        ipaddress.ip_network,
        # IANA's registries of special-purpose addresses
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
            *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24"),
            *("192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
            *("224.0.0.0/4", "240.0.0.0/4"),
            "168.63.129.16/32",  # Azure's platform service, reachable from every Azure VM
            *("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64"),
            *("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20", "5f00::/16"),
            *("fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
        ),
    )
)
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_ISATAP = (0x00005EFE, 0x02005EFE)


class NotPublic(NonstopError):
    """Streams may not go to this address."""


class UnknownHost(NonstopError):
    """The name does not resolve, or not in time."""


@dataclass(frozen=True, slots=True)
class Ingest:
    """The address of an ingest, parsed and normalized to the one spelling that all programs read alike."""

    scheme: str
    host: str
    """A name in small letters, or a number as `ipaddress` writes it."""
    port: int | None
    tail: str
    """Path and query."""

    @property
    def url(self) -> str:
        return f"{self.scheme}://{_bracketed(self.host)}{f':{self.port}' if self.port else ''}{self.tail}"

    @property
    def number(self) -> Address | None:
        """The host as an address, if it is one."""
        return _number(self.host)

    @property
    def effective_port(self) -> int:
        """The port, or the scheme's default."""
        return self.port or _DEFAULT_PORTS[self.scheme]

    def at(self, address: Address) -> str:
        """The URL of this ingest with one of its addresses in place of the name."""
        return f"{self.scheme}://{_bracketed(str(address))}:{self.effective_port}{self.tail}"


def parse(url: str) -> Ingest | None:
    """Parses an ingest's URL; None for invalid ones, and for those that programs read differently."""
    match = re.fullmatch(r"(?i:(rtmps?))://(\[[0-9A-Fa-f:.]+\]|[^/?#@:\[\]\\\s]+)(?::(\d{1,5}))?(/[!-~]*)?", url)
    if match is None:
        return None
    host, port = _plain_host(match[2]), int(match[3]) if match[3] else None
    if host is None or (port is not None and not 0 < port < 1 << 16):
        return None
    return Ingest(match[1].lower(), host, port, match[4] or "")


@dataclass(frozen=True, slots=True)
class Egress:
    """Judges addresses. By default only public ones pass."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    hosts: frozenset[str] = frozenset()

    @classmethod
    def allowing(cls, names: Iterable[str]) -> "Egress":
        """Allows networks (10.0.0.0/8), addresses and hosts. Raises ValueError for anything else."""
        networks, hosts = list[IPv4Network | IPv6Network](), set[str]()
        for name in names:
            try:
                networks.append(ipaddress.ip_network(name.strip(), strict=False))
            except ValueError:
                host = _plain_host(name.strip())
                if host is None or "/" in name:
                    raise ValueError(f"is neither a network nor a host: {name!r}") from None
                hosts.add(host)
        return cls(tuple(networks), frozenset(hosts))

    def check(self, ingest: Ingest) -> None:
        """Judges an address as written. Raises NotPublic for numbers and names that are certainly not public."""
        if ingest.host in self.hosts:
            return
        if ingest.number is not None:
            self._check_addresses(ingest, [ingest.number])
        elif not self.networks and _is_private_name(ingest.host):
            raise NotPublic(Message("a name without a public address"))

    async def addresses(self, ingest: Ingest) -> list[Address]:
        """Resolves the ingest's name; every address passed. Raises NotPublic and UnknownHost."""
        self.check(ingest)
        number = ingest.number
        found = [number] if number else await resolve(ingest.host, ingest.effective_port)
        if ingest.host not in self.hosts:
            self._check_addresses(ingest, found)
        return found

    def _check_addresses(self, ingest: Ingest, addresses: Sequence[Address]) -> None:
        """Requires all addresses to pass: the connection may use any of them."""
        meanings = (meaning for address in addresses for meaning in _meanings(address))
        strange = [meaning for meaning in meanings if not _within(meaning, self.networks)]
        own = set(_own_addresses()) if strange else set()
        if not all(_is_public_itself(address) and address not in own for address in strange):
            raise NotPublic(Message("an address that is not public"))
        if strange and not _is_usual_port(ingest.effective_port):
            raise NotPublic(Message("a port of other services"))


def is_public(address: Address) -> bool:
    """Whether an address is public, along with every address embedded in it."""
    return all(map(_is_public_itself, _meanings(address)))


async def resolve(host: str, port: int) -> list[Address]:
    """The addresses of a name. Raises UnknownHost."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(RESOLVED_WITHIN_SECONDS):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError):
        raise UnknownHost(Message("the name is unknown")) from None
    return list(dict.fromkeys(ipaddress.ip_address(str(place[0]).partition("%")[0]) for *_, place in found))


def _is_public_itself(address: Address) -> bool:
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST and address not in _NAT64:
        return False
    return not _within(address, _NOT_PUBLIC) and not address.is_multicast


def _within(address: Address, networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    return any(address in network for network in networks if network.version == address.version)


def _meanings(address: Address) -> Iterator[Address]:
    """The address, and the IPv4 addresses that gateways may read from its bits."""
    if isinstance(address, IPv4Address):
        yield address
        return
    low = IPv4Address(int(address) & 0xFFFFFFFF)
    if address.ipv4_mapped:  # the same address, in another notation
        yield low
        return
    yield IPv6Address(int(address))  # without a zone
    if address in _NAT64 or (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        yield low
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo


def _is_usual_port(port: int) -> bool:
    return port >= _FIRST_FREE_PORT or port in _LOW_PORTS


def _is_private_name(host: str) -> bool:
    first, dot, _ = host.rpartition(".")
    return not dot or not first or host.rpartition(".")[2] in _PRIVATE_NAMES


def _own_addresses() -> Iterator[Address]:
    """This machine's addresses: even a public one would connect it to itself."""
    for places in psutil.net_if_addrs().values():
        for place in places:
            if place.family in (socket.AF_INET, socket.AF_INET6):
                yield ipaddress.ip_address(place.address.partition("%")[0])


def _plain_host(host: str) -> str | None:
    """The host in lower-case ASCII without the final dot, or a normalized number; None if it is neither."""
    if host.startswith("["):
        return _plain_number(host[1:-1])
    host = unicodedata.normalize("NFKC", host)
    try:
        host = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return None
    host = host.lower().removesuffix(".")
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _plain_ipv4(labels)
    return host if len(host) <= _LONGEST_NAME and all(map(_LABEL.fullmatch, labels)) else None


def _plain_number(text: str) -> str | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def _plain_ipv4(labels: Sequence[str]) -> str | None:
    """A number in any notation of inet_aton(): 127.1, 0x7f.1, 0177.0.0.1, 2130706433."""
    if len(labels) > 4 or not all(map(_NUMBER.fullmatch, labels)):
        return None
    try:
        *first, last = [_integer(label) for label in labels]
    except ValueError:
        return None
    room = 8 * (4 - len(first))
    if any(part > 0xFF for part in first) or last >= 1 << room:
        return None
    packed = bytes(first) + struct.pack(">Q", last)[-(4 - len(first)) :]
    return str(IPv4Address(packed))


def _integer(label: str) -> int:
    if label[:2].lower() == "0x":
        return int(label[2:] or "0", 16)
    return int(label, 8) if len(label) > 1 and label.startswith("0") else int(label)


def _number(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
