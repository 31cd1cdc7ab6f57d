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
from streaming.redaction.secrets import redact

_log = logging.getLogger(__name__)

PRIVATE = "private"
DELETED = "deleted"
LIVE = "live now"
UPCOMING = "not released yet"
MEMBERS_ONLY = "members only"
PAID = "requires payment"

_BLOCKED_HINT = (
    "Use another address for YouTube ([youtube] proxy) or an account ([youtube] cookies_file, account_guilds)."
)
_UPDATE_HINT = "A newer yt-dlp may help."
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
    message: str
    hint: str = ""


_GLOBAL = (
    _Rule(r"not a bot", PlatformTrouble, "YouTube asks this address to prove that it is not a bot.", _BLOCKED_HINT),
    _Rule(r"captcha", PlatformTrouble, "YouTube asks this address to solve a captcha.", _BLOCKED_HINT),
    _Rule(
        r"rate.limited|content isn.t available, try",
        PlatformTrouble,
        "YouTube asks for a pause of up to an hour.",
        _BLOCKED_HINT,
    ),
    _Rule(r"IP is likely being blocked", PlatformTrouble, "YouTube seems to block this address.", _BLOCKED_HINT),
    _Rule(
        r"cookies are no longer valid",
        PlatformTrouble,
        "YouTube no longer accepts the cookies.",
        "Export them again into [youtube] cookies_file.",
    ),
    _Rule(
        r"Netscape format|failed to load cookies",
        PlatformTrouble,
        "The cookies cannot be read.",
        "Export them in Netscape format into [youtube] cookies_file.",
    ),
    _Rule(
        r"CERTIFICATE_VERIFY_FAILED",
        PlatformTrouble,
        "The certificate shown for YouTube is not trusted.",
        "Behind a proxy that intercepts TLS, set its certificate authority in [youtube] ca_file.",
    ),
)
_PLAYLIST = (
    _Rule(
        r"playlist does not exist|unviewable|playlist type is",
        PlaylistError,
        "There is no such playlist, or it is private.",
        "Make it public or unlisted, or give cookies of its owner ([youtube] cookies_file, account_guilds).",
    ),
    _Rule(r"Incomplete YouTube ID|is not a valid URL|Unsupported URL", UsageError, "This is not a YouTube link."),
)
_ITEM = (
    _Rule(r"private video|video is private", ItemUnplayable, PRIVATE),
    _Rule(r"removed by the uploader", ItemUnplayable, DELETED),
    _Rule(r"account .*terminated", ItemUnplayable, "its account was closed by YouTube"),
    _Rule(r"(blocked it|available) in your country", ItemUnplayable, "not available in this country"),
    _Rule(r"copyright", ItemUnplayable, "removed for a copyright claim"),
    _Rule(r"confirm your age|age.restricted|inappropriate", ItemUnplayable, "age-restricted, which needs cookies"),
    _Rule(r"join this channel|members.only|members on level", ItemUnplayable, MEMBERS_ONLY),
    _Rule(r"music premium|requires payment", ItemUnplayable, PAID),
    _Rule(r"DRM protected", ItemUnplayable, "copy-protected"),
    _Rule(r"live event will begin|premieres in|premiere will begin", ItemUnavailable, UPCOMING),
    _Rule(r"live stream recording is not available", ItemUnplayable, "a live stream without a recording"),
    _Rule(r"page needs to be reloaded", ItemUnavailable, "YouTube asked to reload the page"),
    _Rule(r"requested format is not available", ItemUnplayable, "not available in a format that can be streamed"),
    _Rule(r"video unavailable|video is not available", ItemUnavailable, "unavailable at the moment"),
)
_TRANSIENT = _Rule(
    r"failed to extract any player response|unable to download|timed out|connection|HTTP Error (403|5\d\d)|tunnel",
    TransientError,
    "YouTube could not be reached.",
)
_NO_FORMATS = "No video formats found"
_NETWORK_KINDS = frozenset({"HTTPError", "TransportError", "ProxyError", "SSLError", "IncompleteRead"})


def start_error(failure: Failure) -> NonstopError:
    """The meaning of a failed yt-dlp set-up: nothing can be requested until the operator acts."""
    return _first((failure.message,), _GLOBAL) or _noted(
        failure,
        PlatformTrouble(
            "yt-dlp cannot be set up.", hint="Check the [youtube] options. The engine's log has yt-dlp's message."
        ),
    )


def item_error(failure: Failure) -> NonstopError:
    """The meaning of one video's failure: ItemUnplayable, ItemUnavailable, PlatformTrouble or TransientError."""
    texts = (failure.message, *failure.warnings)
    return (
        _first((failure.message,), _GLOBAL + _ITEM)
        or _from_warnings(failure)
        or _network(failure)
        or _first(texts, (_TRANSIENT,))
        or _noted(failure, ItemUnavailable("yt-dlp cannot read it"))
    )


def playlist_error(failure: Failure) -> NonstopError:
    """The meaning of a failed listing: PlaylistError, UsageError, PlatformTrouble or TransientError."""
    return (
        _first((failure.message,), _GLOBAL + _PLAYLIST)
        or _network(failure)
        or _first((failure.message,), (_TRANSIENT,))
        or _noted(
            failure, PlaylistError("The playlist cannot be read: yt-dlp does not understand it.", hint=_UPDATE_HINT)
        )
    )


def _from_warnings(failure: Failure) -> NonstopError | None:
    """Reads the reason from the warnings: without formats, a network failure looks like a video that has none."""
    if _NO_FORMATS not in failure.message:
        return None
    if any(f"HTTP Error {_TOO_MANY_REQUESTS}" in warning for warning in failure.warnings):
        return _too_many_requests()
    known = _first(failure.warnings, (*_GLOBAL, _TRANSIENT))
    return known or ItemUnavailable("not readable with this version of yt-dlp")


def _network(failure: Failure) -> NonstopError | None:
    if failure.status == _TOO_MANY_REQUESTS:
        return _too_many_requests()
    if failure.kind in _NETWORK_KINDS:
        by_proxy = failure.kind == "ProxyError"
        return TransientError(
            "YouTube could not be reached through [youtube] proxy." if by_proxy else _TRANSIENT.message
        )
    return None


def _too_many_requests() -> NonstopError:
    return PlatformTrouble("YouTube says that this address sends too many requests.", hint=_BLOCKED_HINT)


def _first(texts: tuple[str, ...], rules: tuple[_Rule, ...]) -> NonstopError | None:
    for rule in rules:
        if any(re.search(rule.pattern, text, re.IGNORECASE | re.DOTALL) for text in texts):
            return rule.error(rule.message, hint=rule.hint)
    return None


def _noted(failure: Failure, error: NonstopError) -> NonstopError:
    """Logs yt-dlp's text for the operator; people on Discord read only our own."""
    _log.warning("%s yt-dlp says: %s: %s", error.message, failure.kind, redact(failure.message)[:_LONGEST_QUOTE])
    return error
