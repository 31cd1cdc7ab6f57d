"""Ingests a guild may publish to: what a good one looks like, and which one somebody means."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.control.status import is_wanted
from streaming.errors import AlreadyOnAir, NeedsChoice, NotFound, UsageError
from streaming.models import Stream, StreamTarget, Target, TargetKind
from streaming.secrets import Secret, redact
from streaming.seen import is_blank

INGEST_URLS = {
    TargetKind.YOUTUBE: "rtmps://a.rtmps.youtube.com:443/live2",
    TargetKind.TWITCH: "rtmps://ingest.global-contribute.live-video.net:443/app",
    TargetKind.KICK: "rtmps://fa723fc1b171.global-contribute.live-video.net:443/app",
    TargetKind.FACEBOOK: "rtmps://live-api-s.facebook.com:443/rtmp",
}
"""Where the platforms take streams; any other ingest has to be given by its URL."""

_YOUTUBE_PRIMARY = re.compile(r"^(rtmps?://)a(\.rtmps?\.youtube\.com(?::\d+)?/live2)$")

NAME_LIMIT = 50
_URL_LIMIT = 300
_KEY_LIMIT = 300
_UNPRINTABLE = re.compile(r"[^\x21-\x7e]")


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
    if not key or len(key.reveal()) > _KEY_LIMIT or _UNPRINTABLE.search(key.reveal()):
        raise UsageError(
            f"A stream key is one word of at most {_KEY_LIMIT} plain characters.",
            hint="Copy it again from the platform's live dashboard.",
        )
    return key


def checked_url(kind: TargetKind, url: str, key: Secret) -> str:
    """The ingest's URL without the key, which people often paste along. Raises UsageError when it is none."""
    url = (url.strip() or INGEST_URLS.get(kind, "")).replace(key.reveal(), "").rstrip("/")
    if not url:
        raise UsageError("A custom target needs the URL of its ingest.", hint="It begins with rtmp:// or rtmps://.")
    if len(url) > _URL_LIMIT or _UNPRINTABLE.search(url) or not _is_rtmp(url):
        raise UsageError(
            f"{redact(url[:80])!r} is not the URL of an ingest.", hint="It looks like rtmp://HOST/APPLICATION."
        )
    return url


def _is_rtmp(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("rtmp", "rtmps") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


async def target_named(session: AsyncSession, guild_id: int, name: str) -> Target | None:
    """The guild's target of that name, whatever its case."""
    targets = await guild_targets(session, guild_id)
    return next((t for t in targets if t.name.casefold() == name.strip().casefold()), None)


async def guild_targets(session: AsyncSession, guild_id: int) -> Sequence[Target]:
    """The guild's targets by name."""
    return (await session.exec(select(Target).where(Target.guild_id == guild_id).order_by(Target.name))).all()


async def chosen_targets(session: AsyncSession, guild_id: int, wanted: str) -> list[Target]:
    """The targets meant by `wanted`: names separated by commas, or nothing for the only one there is.

    Raises NotFound and NeedsChoice.
    """
    there = {target.name.casefold(): target for target in await guild_targets(session, guild_id)}
    if not there:
        raise NotFound("There is no target yet.", hint="Add one with /target add.")
    names = [name.strip() for name in wanted.split(",") if name.strip()]
    if not names and len(there) > 1:
        raise NeedsChoice(
            f"There are several targets: {_listed(there.values())}.", hint="Name one with to:, or several with commas."
        )
    for name in names:
        if name.casefold() not in there:
            raise NotFound(
                f"There is no target {name[:NAME_LIMIT]!r}.",
                hint=f"There is {_listed(there.values())}; /target add adds another.",
            )
    return [there[name] for name in dict.fromkeys(map(str.casefold, names or there))]


async def target_users(session: AsyncSession, target_ids: Sequence[int | None]) -> list[tuple[int, Stream]]:
    """The streams that are, or are to be, on air at the targets, each beside the target's id."""
    rows = await session.exec(
        select(StreamTarget.target_id, Stream)
        .join(Stream, col(Stream.id) == StreamTarget.stream_id)
        .where(col(StreamTarget.target_id).in_(target_ids))
    )
    return [(target_id, stream) for target_id, stream in rows if is_wanted(stream)]


def _listed(targets: Iterable[Target]) -> str:
    return ", ".join(target.name for target in targets)


async def lock_targets(session: AsyncSession, guild_id: int) -> None:
    """Has whoever comes second wait until we commit: two starts must not both find a target free."""
    await session.exec(update(Target).where(col(Target.guild_id) == guild_id).values(name=Target.name))


async def check_are_free(session: AsyncSession, chosen: Sequence[Target]) -> None:
    """Raises AlreadyOnAir when one of the targets is in use."""
    users = await target_users(session, [target.id for target in chosen])
    for target_id, stream in users:
        name = next(target.name for target in chosen if target.id == target_id)
        raise AlreadyOnAir(
            f"The target {name!r} is in use by the stream {stream.title!r}.",
            hint="Take that off the air first with /stream stop, or use another target.",
        )


def backup_url(url: str) -> str | None:
    """The second ingest that takes the same keys, where a platform has one: YouTube shows whichever publishes."""
    found = _YOUTUBE_PRIMARY.match(url)
    return f"{found[1]}b{found[2]}?backup=1" if found else None
