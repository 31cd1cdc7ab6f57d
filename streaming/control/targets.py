"""Ingests a guild may publish to: what a good one looks like, and which one somebody means."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.control.status import is_wanted
from streaming.model.errors import AlreadyOnAir, NeedsChoice, NotFound, UsageError
from streaming.model.states import TargetKind
from streaming.model.text import is_blank
from streaming.network.egress import Egress, Ingest, NotPublic, UnknownHost, parse
from streaming.network.platforms import INGEST_URLS
from streaming.redaction.secrets import Secret
from streaming.redaction.signed_urls import is_secret_segment
from streaming.storage.tables import Stream, Target
from streaming.storage.targets import TargetStore

NAME_LIMIT = 50
_URL_LIMIT = 300
_KEY_LIMIT = 300
_NOT_IN_KEYS = re.compile(r"[^\x21-\x7e]|[\"'`\\<>]")
_SECRET_PARAMETER = re.compile(r"(?!(?i:backup|bandwidthtest|region|proto)=[A-Za-z0-9-]{0,12}$)")
"""Any but those that choose among ingests."""


@dataclass(frozen=True, slots=True)
class TargetInfo:
    """A target as people may see it: of the key only its last characters."""

    name: str
    kind: TargetKind
    url: str
    key_hint: str
    used_by: tuple[str, ...] = ()
    """Titles of the streams that are, or are to be, on air there."""


def checked_name(name: str) -> str:
    """The name, trimmed. Raises UsageError when it cannot be one."""
    name = " ".join(name.split())
    if is_blank(name) or len(name) > NAME_LIMIT or "," in name:
        raise UsageError(f"A target's name has 1 to {NAME_LIMIT} characters and no comma.", hint="Choose another name.")
    return name


def checked_key(key: Secret) -> Secret:
    """The key, trimmed. Raises UsageError when no platform gives out such a key."""
    key = Secret(key.reveal().strip())
    if not key or len(key.reveal()) > _KEY_LIMIT or _NOT_IN_KEYS.search(key.reveal()):
        raise UsageError(
            f"A stream key has no spaces and at most {_KEY_LIMIT} ASCII characters.",
            hint="Copy it again from the platform's live dashboard.",
        )
    return key


def checked_url(kind: TargetKind, url: str, key: Secret, egress: Egress) -> Ingest:
    """The ingest without the key, which people often paste along. Raises UsageError when it may not be one.

    It is not repeated: people take one field for the other.
    """
    url = url.strip() or INGEST_URLS.get(kind, "")
    url = url.removesuffix(key.reveal()) if url.endswith(f"/{key.reveal()}") else url
    if not url:
        raise UsageError("A custom target needs the URL of its ingest.", hint="It begins with rtmp:// or rtmps://.")
    if _is_rtmp(url) and _holds_secret(url):
        raise UsageError(
            "An ingest's URL must not contain a password or a token.",
            hint="Put secrets into the field for the stream key.",
        )
    ingest = parse(url.rstrip("/"))
    if len(url) > _URL_LIMIT or ingest is None:
        raise UsageError("This is not the URL of an ingest.", hint="It looks like rtmp://HOST/APPLICATION.")
    try:
        egress.check(ingest)
    except NotPublic:
        raise not_public() from None
    return ingest


async def check_resolved(ingest: Ingest, egress: Egress) -> None:
    """Judges what the name service says of the ingest now. Raises UsageError.

    A name that is not known at the moment is judged before each publication.
    """
    if ingest.url in INGEST_URLS.values():
        return
    try:
        await egress.addresses(ingest)
    except NotPublic:
        raise not_public() from None
    except UnknownHost:
        return


def not_public() -> UsageError:
    """For an address that streams may not go to; it says no more, for that would tell who is where in our network."""
    return UsageError(
        "Streams can only go to public addresses and the usual ports of streaming servers.",
        hint="Whoever runs Nonstop can allow more with [targets] allow in the settings.",
    )


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


async def target_named(session: AsyncSession, guild_id: int, name: str) -> Target | None:
    """The guild's target of that name, whatever its case."""
    targets = await guild_targets(session, guild_id)
    return next((t for t in targets if t.name.casefold() == name.strip().casefold()), None)


async def guild_targets(session: AsyncSession, guild_id: int) -> Sequence[Target]:
    """The guild's targets by name."""
    return await TargetStore(session).in_guild(guild_id)


async def chosen_targets(session: AsyncSession, guild_id: int, wanted: str) -> list[Target]:
    """The targets meant by `wanted`: names separated by commas, or nothing for the only one there is.

    Raises NotFound and NeedsChoice.
    """
    there = {target.name.casefold(): target for target in await guild_targets(session, guild_id)}
    if not there:
        raise NotFound("There are no targets yet.", hint="Add one with /target add.")
    names = [name.strip() for name in wanted.split(",") if name.strip()]
    if not names and len(there) > 1:
        raise NeedsChoice(
            f"There is more than one target: {_listed(there.values())}.",
            hint="Pick one with the to option, or several with commas.",
        )
    for name in names:
        if name.casefold() not in there:
            raise NotFound(
                f"There is no target {name[:NAME_LIMIT]!r}.",
                hint=f"Available: {_listed(there.values())}. Add another with /target add.",
            )
    return [there[name] for name in dict.fromkeys(map(str.casefold, names or there))]


async def target_users(session: AsyncSession, target_ids: Sequence[int | None]) -> list[tuple[int, Stream]]:
    """The streams that are, or are to be, on air at the targets, each beside the target's id."""
    return [row for row in await TargetStore(session).users(target_ids) if is_wanted(row[1])]


def _listed(targets: Iterable[Target]) -> str:
    return ", ".join(target.name for target in targets)


async def check_are_free(session: AsyncSession, chosen: Sequence[Target]) -> None:
    """Raises AlreadyOnAir when one of the targets is in use."""
    users = await target_users(session, [target.id for target in chosen])
    for target_id, stream in users:
        name = next(target.name for target in chosen if target.id == target_id)
        raise AlreadyOnAir(
            f"The target {name!r} is used by the stream {stream.title!r}.",
            hint="Stop that stream first with /stream stop, or use another target.",
        )
