"""References to YouTube playlists and videos: parsing what people write, and reading a listed entry."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

from streaming.model.errors import UsageError
from streaming.model.items import Item
from streaming.model.message import NOTHING, Message
from streaming.youtube.formats import link
from streaming.youtube.messages import References, Videos

MIX_LIMIT = 200
"""Mixes have no end; only their first videos are listed."""

_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_PLAYLIST_ID = re.compile(r"(?:PL|UU|OLAK5uy_|RD|FL|LL|EC|PU|TL)[A-Za-z0-9_-]{10,}|RDMM|WL|LL|LM|HL")
_OF_ACCOUNT = re.compile(r"RDMM|RDTMAK[A-Za-z0-9_-]*|WL|LL|LM|HL")
"""Watch later, likes, history and mixes: each account has its own."""
_MIX_SEED = re.compile(r"RD(?:MM|AMVM)?(?P<video>[A-Za-z0-9_-]{11})")
_HOSTS = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com"})
_SHORT_HOST = "youtu.be"
_VIDEO_PATHS = ("/shorts/", "/live/", "/embed/")
_LONGEST_QUOTE = 80


@dataclass(frozen=True, slots=True)
class Reference:
    """A playlist, or a single video if `playlist_id` is empty. A mix may need the video it was started from."""

    playlist_id: str = ""
    video_id: str = ""

    def __str__(self) -> str:
        return self.playlist_id or self.video_id

    @property
    def is_mix(self) -> bool:
        """Whether this is an endless, auto-generated mix."""
        return self.playlist_id.startswith("RD") and not self.playlist_id.startswith("RDCLAK")

    @property
    def is_of_account(self) -> bool:
        """Whether each account has a playlist of its own by this id, and a guest has none."""
        return bool(_OF_ACCOUNT.fullmatch(self.playlist_id))

    @property
    def url(self) -> str:
        """The playlist's page, or the video's."""
        if not self.playlist_id:
            return link(self.video_id)
        if self.is_mix and self.video_id:
            return f"{link(self.video_id)}&list={self.playlist_id}"
        return f"https://www.youtube.com/playlist?list={self.playlist_id}"


def parse_reference(text: str) -> Reference:
    """Parses an id, or a URL of youtube.com, m.youtube.com, music.youtube.com or youtu.be.

    Raises UsageError for anything else: no other host is ever requested.
    """
    text = text.strip().strip("<>")
    if _PLAYLIST_ID.fullmatch(text) and not _VIDEO_ID.fullmatch(text):
        return _playlist(text)
    if _VIDEO_ID.fullmatch(text):
        return Reference(video_id=text)
    if "://" not in text and not text.startswith((*_HOSTS, _SHORT_HOST)):
        raise _not_understood(References.NO_ID(text=_shortened(text)))
    return _from_url(text, _split(text))


def check_may_ask(reference: Reference, *, with_account: bool) -> None:
    """Raises UsageError for an account's playlist that is requested without the account."""
    if reference.is_of_account and not with_account:
        raise UsageError(References.OF_ACCOUNT(playlist=str(reference)), hint=References.CHOOSE_PUBLIC())


def entry_item(entry: dict[str, Any]) -> Item | None:
    """Converts a flat entry (`id`, `title`, `duration`, `live_status`, `availability`); None without an id."""
    if not entry["id"]:
        return None
    title = entry["title"] or entry["id"]
    return Item(entry["id"], title, entry["duration"], link(entry["id"]), _reason_unplayable(entry))


def _split(text: str) -> SplitResult:
    try:
        return urlsplit(text if "://" in text else f"https://{text}")
    except ValueError as error:
        raise _not_understood(References.NO_LINK(text=_shortened(text))) from error


def _from_url(text: str, address: SplitResult) -> Reference:
    host = address.hostname or ""
    if address.scheme not in ("http", "https") or host not in _HOSTS | {_SHORT_HOST}:
        raise _not_understood(References.OTHER_SITE(text=_shortened(text)))
    query = parse_qs(address.query)
    video_id = _video_in(address, query)
    if list_id := query.get("list", [""])[0]:
        if not _PLAYLIST_ID.fullmatch(list_id):
            raise _not_understood(References.NO_PLAYLIST_ID(text=_shortened(text), playlist_id=_shortened(list_id)))
        return _playlist(list_id, video_id if _VIDEO_ID.fullmatch(video_id) else "")
    if _VIDEO_ID.fullmatch(video_id):
        return Reference(video_id=video_id)
    raise _not_understood(References.NEITHER(text=_shortened(text)))


def _video_in(address: SplitResult, query: dict[str, list[str]]) -> str:
    if address.hostname == _SHORT_HOST:
        return address.path.strip("/")
    for start in _VIDEO_PATHS:
        if address.path.startswith(start):
            return address.path.removeprefix(start).strip("/")
    return query.get("v", [""])[0] if address.path.rstrip("/") == "/watch" else ""


def _playlist(playlist_id: str, video_id: str = "") -> Reference:
    seed = _MIX_SEED.fullmatch(playlist_id)
    return Reference(playlist_id, video_id or (seed["video"] if seed else ""))


def _not_understood(message: Message) -> UsageError:
    return UsageError(message, hint=References.EXPECTED())


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"


def _reason_unplayable(entry: dict[str, Any]) -> Message:
    by_title = {"[Private video]": Videos.PRIVATE, "[Deleted video]": Videos.DELETED}
    by_status = {"is_live": Videos.LIVE, "is_upcoming": Videos.UPCOMING}
    by_availability = {"private": Videos.PRIVATE, "subscriber_only": Videos.MEMBERS_ONLY, "premium_only": Videos.PAID}
    reason = (
        by_title.get(entry["title"])
        or by_status.get(entry["live_status"])
        or by_availability.get(entry["availability"])
    )
    return reason() if reason else NOTHING
