"""Maps yt-dlp's errors to ours: a table from what YouTube and yt-dlp say to what it means for a stream.

The reason for one video is a clause that follows its title in a log ("private"); all others are sentences.
"""

import logging
import re
from dataclasses import dataclass

from streaming.model.errors import (
    ItemUnavailable,
    ItemUnplayable,
    NonstopError,
    PlatformTrouble,
    PlaylistError,
    TransientError,
    UsageError,
)
from streaming.model.message import NOTHING, Message
from streaming.redaction.secrets import redact
from streaming.youtube.messages import Videos, YouTube, YouTubeListings, YtDlp

_log = logging.getLogger(__name__)

_TOO_MANY_REQUESTS = 429
_LONGEST_QUOTE = 500


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as a worker reports it: class, text, HTTP status, and the warnings before it."""

    kind: str
    message: str
    is_expected: bool = False
    status: int | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: str
    error: type[NonstopError]
    message: Message
    hint: Message = NOTHING


_GLOBAL = (
    _Rule(r"not a bot", PlatformTrouble, YouTube.BOT(), YouTube.OTHER_ADDRESS()),
    _Rule(r"captcha", PlatformTrouble, YouTube.CAPTCHA(), YouTube.OTHER_ADDRESS()),
    _Rule(r"rate.limited|content isn.t available, try", PlatformTrouble, YouTube.PAUSE(), YouTube.OTHER_ADDRESS()),
    _Rule(r"IP is likely being blocked", PlatformTrouble, YouTube.BLOCKED(), YouTube.OTHER_ADDRESS()),
    _Rule(r"cookies are no longer valid", PlatformTrouble, YouTube.COOKIES_EXPIRED(), YouTube.EXPORT_COOKIES()),
    _Rule(
        r"Netscape format|failed to load cookies",
        PlatformTrouble,
        YouTube.COOKIES_UNREADABLE(),
        YouTube.EXPORT_NETSCAPE(),
    ),
    _Rule(r"CERTIFICATE_VERIFY_FAILED", PlatformTrouble, YouTube.CERTIFICATE(), YouTube.SET_CA_FILE()),
)
_PLAYLIST = (
    _Rule(
        r"playlist does not exist|unviewable|playlist type is",
        PlaylistError,
        YouTubeListings.UNKNOWN(),
        YouTubeListings.MAKE_PUBLIC(),
    ),
    _Rule(r"Incomplete YouTube ID|is not a valid URL|Unsupported URL", UsageError, YouTubeListings.NOT_YOUTUBE()),
)
_ITEM = (
    _Rule(r"private video|video is private", ItemUnplayable, Videos.PRIVATE()),
    _Rule(r"removed by the uploader", ItemUnplayable, Videos.DELETED()),
    _Rule(r"account .*terminated", ItemUnplayable, Videos.ACCOUNT_CLOSED()),
    _Rule(r"(blocked it|available) in your country", ItemUnplayable, Videos.OTHER_COUNTRY()),
    _Rule(r"copyright", ItemUnplayable, Videos.COPYRIGHT()),
    _Rule(r"confirm your age|age.restricted|inappropriate", ItemUnplayable, Videos.AGE()),
    _Rule(r"join this channel|members.only|members on level", ItemUnplayable, Videos.MEMBERS_ONLY()),
    _Rule(r"music premium|requires payment", ItemUnplayable, Videos.PAID()),
    _Rule(r"DRM protected", ItemUnplayable, Videos.PROTECTED()),
    _Rule(r"live event will begin|premieres in|premiere will begin", ItemUnavailable, Videos.UPCOMING()),
    _Rule(r"live stream recording is not available", ItemUnplayable, Videos.NOT_RECORDED()),
    _Rule(r"page needs to be reloaded", ItemUnavailable, Videos.RELOAD()),
    _Rule(r"requested format is not available", ItemUnplayable, Videos.NO_FORMAT()),
    _Rule(r"video unavailable|video is not available", ItemUnavailable, Videos.UNAVAILABLE()),
)
_TRANSIENT = _Rule(
    r"failed to extract any player response|unable to download|timed out|connection|HTTP Error (403|5\d\d)|tunnel",
    TransientError,
    YouTube.UNREACHABLE(),
)
_NO_FORMATS = "No video formats found"
_NETWORK_KINDS = frozenset({"HTTPError", "TransportError", "ProxyError", "SSLError", "IncompleteRead"})


def start_error(failure: Failure) -> NonstopError:
    """The meaning of a failed yt-dlp set-up: nothing can be requested until the operator acts."""
    return _first((failure.message,), _GLOBAL) or _noted(
        failure, PlatformTrouble(YtDlp.NOT_SET_UP(), hint=YtDlp.CHECK_OPTIONS())
    )


def item_error(failure: Failure) -> NonstopError:
    """The meaning of one video's failure: ItemUnplayable, ItemUnavailable, PlatformTrouble or TransientError."""
    texts = (failure.message, *failure.warnings)
    return (
        _first((failure.message,), _GLOBAL + _ITEM)
        or _from_warnings(failure)
        or _network(failure)
        or _first(texts, (_TRANSIENT,))
        or _noted(failure, ItemUnavailable(Videos.UNREADABLE()))
    )


def playlist_error(failure: Failure) -> NonstopError:
    """The meaning of a failed listing: PlaylistError, UsageError, PlatformTrouble or TransientError."""
    return (
        _first((failure.message,), _GLOBAL + _PLAYLIST)
        or _network(failure)
        or _first((failure.message,), (_TRANSIENT,))
        or _noted(failure, PlaylistError(YouTubeListings.UNREADABLE(), hint=YtDlp.UPDATE()))
    )


def _from_warnings(failure: Failure) -> NonstopError | None:
    """Reads the reason from the warnings: without formats, a network failure looks like a video that has none."""
    if _NO_FORMATS not in failure.message:
        return None
    if any(f"HTTP Error {_TOO_MANY_REQUESTS}" in warning for warning in failure.warnings):
        return _too_many_requests()
    known = _first(failure.warnings, (*_GLOBAL, _TRANSIENT))
    return known or ItemUnavailable(Videos.OUTDATED())


def _network(failure: Failure) -> NonstopError | None:
    if failure.status == _TOO_MANY_REQUESTS:
        return _too_many_requests()
    if failure.kind in _NETWORK_KINDS:
        by_proxy = failure.kind == "ProxyError"
        return TransientError(YouTube.UNREACHABLE_BY_PROXY() if by_proxy else YouTube.UNREACHABLE())
    return None


def _too_many_requests() -> NonstopError:
    return PlatformTrouble(YouTube.TOO_MANY_REQUESTS(), hint=YouTube.OTHER_ADDRESS())


def _first(texts: tuple[str, ...], rules: tuple[_Rule, ...]) -> NonstopError | None:
    for rule in rules:
        if any(re.search(rule.pattern, text, re.IGNORECASE | re.DOTALL) for text in texts):
            return rule.error(rule.message, hint=rule.hint)
    return None


def _noted(failure: Failure, error: NonstopError) -> NonstopError:
    """Logs yt-dlp's text for the operator; people on Discord read only our own."""
    _log.warning("%s yt-dlp says: %s: %s", error.message, failure.kind, redact(failure.message)[:_LONGEST_QUOTE])
    return error
