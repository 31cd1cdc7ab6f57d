"""Validation of targets: names, stream keys, and the URLs of ingests a guild may publish to."""

import re

from streaming.model.errors import UsageError
from streaming.model.states import TargetKind
from streaming.model.text import is_blank
from streaming.network.egress import Egress, Ingest, NotPublic, UnknownHost, parse
from streaming.network.platforms import INGEST_URLS
from streaming.redaction.secrets import Secret
from streaming.redaction.signed_urls import is_secret_segment
from streaming.services.messages import Names, Targets

NAME_LIMIT = 50
_URL_LIMIT = 300
_KEY_LIMIT = 300
_NOT_IN_KEYS = re.compile(r"[^\x21-\x7e]|[\"'`\\<>]")
_SECRET_PARAMETER = re.compile(r"(?!(?i:backup|bandwidthtest|region|proto)=[A-Za-z0-9-]{0,12}$)")
"""Every parameter but those that choose one of a platform's ingests."""


def checked_name(name: str) -> str:
    """The name, trimmed. Raises UsageError when it cannot be one."""
    name = " ".join(name.split())
    if is_blank(name) or len(name) > NAME_LIMIT or "," in name:
        raise UsageError(Names.BAD_TARGET(limit=NAME_LIMIT), hint=Names.CHOOSE_ANOTHER())
    return name


def checked_key(key: Secret) -> Secret:
    """The key, trimmed. Raises UsageError when no platform gives out such a key."""
    key = Secret(key.reveal().strip())
    if not key or len(key.reveal()) > _KEY_LIMIT or _NOT_IN_KEYS.search(key.reveal()):
        raise UsageError(Targets.BAD_KEY(limit=_KEY_LIMIT), hint=Targets.COPY_KEY())
    return key


def checked_url(kind: TargetKind, url: str, key: Secret, egress: Egress) -> Ingest:
    """The ingest without the key, which people often paste along. Raises UsageError when it may not be used.

    The error does not quote the URL: people mix up the two fields, so it may be the key.
    """
    url = url.strip() or INGEST_URLS.get(kind, "")
    url = url.removesuffix(key.reveal()) if url.endswith(f"/{key.reveal()}") else url
    if not url:
        raise UsageError(Targets.NO_URL(), hint=Targets.URL_BEGINS())
    if _is_rtmp(url) and _holds_secret(url):
        raise UsageError(Targets.SECRET_IN_URL(), hint=Targets.USE_KEY_FIELD())
    ingest = parse(url.rstrip("/"))
    if len(url) > _URL_LIMIT or ingest is None:
        raise UsageError(Targets.BAD_URL(), hint=Targets.URL_EXAMPLE())
    try:
        egress.check(ingest)
    except NotPublic:
        raise _not_public() from None
    return ingest


async def check_resolved(ingest: Ingest, egress: Egress) -> None:
    """Checks the addresses the ingest's name resolves to. Raises UsageError.

    A name that does not resolve now passes: every publication is checked again.
    """
    if ingest.url in INGEST_URLS.values():
        return
    try:
        await egress.addresses(ingest)
    except NotPublic:
        raise _not_public() from None
    except UnknownHost:
        return


def _not_public() -> UsageError:
    """The refusal of an address. It gives no reason, which would reveal the hosts in the operator's network."""
    return UsageError(Targets.NOT_PUBLIC(), hint=Targets.ALLOW_MORE())


def _is_rtmp(url: str) -> bool:
    return url.lower().startswith(("rtmp://", "rtmps://"))


def _holds_secret(url: str) -> bool:
    authority, _, rest = url.partition("://")[2].partition("/")
    path, _, query = rest.partition("?")
    return (
        "@" in authority
        or any(map(is_secret_segment, path.split("/")))
        or any(_SECRET_PARAMETER.match(parameter) for parameter in re.split(r"[?&;]", query) if parameter)
    )
