"""The route of an uplink to its ingest: checked, and for RTMP without TLS pinned to the checked address."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from streaming.model.message import Message
from streaming.network.egress import Egress, Ingest, NotPublic, parse
from streaming.redaction.secrets import Secret

_URL = re.compile(r"\b(?:rtmp\w{0,2}|tcp|tls|https?)://[^\s\"'<>]*[^\s\"'<>:.,;]", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?(?![\w.])|\[[0-9a-fA-F:.]{2,45}\](?::\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Route:
    """The URL and options with which FFmpeg reaches an ingest."""

    url: str
    """With the stream key."""
    options: Sequence[str] = ()
    host: str = ""

    def hidden(self, line: str, name: str) -> str:
        """A line of FFmpeg with the target's name in place of its address: the whole guild may read it."""
        host = self.host or _host(self.url)
        addresses = [_URL.pattern, _NUMBER.pattern, *([rf"(?<![\w.-]){re.escape(host)}\.?(?![\w-])"] if host else [])]
        # In one pass: names may contain addresses.
        return re.sub("|".join(addresses), lambda _: name, line, flags=re.IGNORECASE)


async def route(url: Secret, egress: Egress | None, attempt: int = 0) -> Route:
    """The route to an ingest by one of its present addresses, another one at each attempt.

    Raises NotPublic and UnknownHost.
    """
    if egress is None:
        return Route(url.reveal())
    ingest = parse(url.reveal())
    if ingest is None:
        raise NotPublic(Message("an address that cannot be judged"))
    addresses = await egress.addresses(ingest)
    if ingest.number or ingest.scheme != "rtmp":  # TLS verifies the name itself
        return Route(ingest.url, host=ingest.host)
    address = addresses[attempt % len(addresses)]
    return Route(ingest.at(address), ("-rtmp_tcurl", _tc_url(ingest)), ingest.host)


def _tc_url(ingest: Ingest) -> str:
    """The tcUrl that FFmpeg sends by itself (rtmpproto.c, rtmp_open)."""
    return f"rtmp://{ingest.host}:{ingest.effective_port}/{_application(ingest.tail[1:])}"


def _application(path: str) -> str:
    """The part of a path that FFmpeg uses as the application: one segment, or two of three."""
    first, _, rest = path.partition("/")
    second, slash, _ = rest.partition("/")
    return f"{first}/{second}" if slash and ":" not in second else first


def _host(url: str) -> str:
    ingest = parse(url)
    return ingest.host if ingest else ""
