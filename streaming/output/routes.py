"""The way of an uplink to its ingest: judged, and for RTMP without TLS pinned to the address that was judged."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from streaming.network.egress import Egress, Ingest, NotPublic, parse
from streaming.redaction.secrets import Secret

_URL = re.compile(r"\b(?:rtmp\w{0,2}|tcp|tls|https?)://[^\s\"'<>]*[^\s\"'<>:.,;]", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?(?![\w.])|\[[0-9a-fA-F:.]{2,45}\](?::\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Route:
    """What FFmpeg is given to reach an ingest."""

    url: str
    """With the key."""
    options: Sequence[str] = ()
    host: str = ""

    def hidden(self, line: str, name: str) -> str:
        """A line of FFmpeg's with the target's name in place of its address: everybody in the guild may read it."""
        host = self.host or _host(self.url)
        addresses = [_URL.pattern, _NUMBER.pattern, *([rf"(?<![\w.-]){re.escape(host)}\.?(?![\w-])"] if host else [])]
        return re.sub("|".join(addresses), lambda _: name, line, flags=re.IGNORECASE)  # at once: names may hold some


async def route(url: Secret, egress: Egress | None, attempt: int = 0) -> Route:
    """The way to an ingest by one of its present addresses, another one at each attempt.

    Raises NotPublic and UnknownHost.
    """
    if egress is None:
        return Route(url.reveal())
    ingest = parse(url.reveal())
    if ingest is None:
        raise NotPublic("an address that cannot be judged")
    addresses = await egress.addresses(ingest)
    if ingest.number or ingest.scheme != "rtmp":  # TLS needs the name, and with it proves who is there
        return Route(ingest.url, host=ingest.host)
    address = addresses[attempt % len(addresses)]
    return Route(ingest.at(address), ("-rtmp_tcurl", _tc_url(ingest)), ingest.host)


def _tc_url(ingest: Ingest) -> str:
    """What FFmpeg tells an ingest of where it was reached (rtmpproto.c, rtmp_open)."""
    return f"rtmp://{ingest.host}:{ingest.effective_port}/{_application(ingest.tail[1:])}"


def _application(path: str) -> str:
    """The part of a path that FFmpeg takes for the application: one segment, or two where there are three."""
    first, _, rest = path.partition("/")
    second, slash, _ = rest.partition("/")
    return f"{first}/{second}" if slash and ":" not in second else first


def _host(url: str) -> str:
    ingest = parse(url)
    return ingest.host if ingest else ""
