"""Discord's rate limits: a bucket for each route and channel, one for everything, and the hidden one for old messages.

The numbers of buckets are not documented but told in headers; these are what bots see. The limit for messages older
than an hour is told nowhere: people have found about 3 edits in 20 s, for each channel.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

OLD_MESSAGE_EDITS = 30046

_MESSAGES = "/api/v10/channels/{}/messages"
_RULES: Mapping[tuple[str, str], tuple[int, float]] = {
    ("POST", _MESSAGES): (5, 5.0),
    ("GET", _MESSAGES): (5, 1.0),
    ("GET", f"{_MESSAGES}/{{}}"): (5, 1.0),
    ("PATCH", f"{_MESSAGES}/{{}}"): (5, 5.0),
    ("DELETE", f"{_MESSAGES}/{{}}"): (5, 1.0),
    ("PATCH", "/api/v10/webhooks/{}/{}/messages/{}"): (5, 5.0),
}
"""Requests, and in how many seconds."""
_GLOBAL = (50, 1.0)
_OLD_EDITS = (3, 20.0)
_OLD_AFTER_SECONDS = 3600.0
_NOT_COUNTED_GLOBALLY = ("/api/v10/interactions/", "/api/v10/webhooks/")


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a request is answered 429, and when it would not be."""

    retry_after_seconds: float
    is_global: bool = False
    code: int = 0


@dataclass(slots=True)
class Bucket:
    """So many requests from the first one on, for so many seconds; then it is full again."""

    limit: int
    seconds: float
    remaining: int = 0
    resets_at: float = 0.0

    def take(self, now: float) -> float:
        """Takes one out, and says how long to wait where there is none."""
        if now >= self.resets_at:
            self.remaining, self.resets_at = self.limit, now + self.seconds
        if not self.remaining:
            return self.resets_at - now
        self.remaining -= 1
        return 0.0


@dataclass(slots=True)
class RateLimits:
    """All buckets of one bot."""

    clock: Callable[[], float] = time.monotonic
    _buckets: dict[tuple[str, ...], Bucket] = field(default_factory=dict)
    _everything: Bucket = field(default_factory=lambda: Bucket(*_GLOBAL))

    def take(self, method: str, route: str, major: str) -> Refused | None:
        """One request to a route; `major` is the channel or token its bucket belongs to."""
        if not route.startswith(_NOT_COUNTED_GLOBALLY) and (wait := self._everything.take(self.clock())):
            return Refused(wait, is_global=True)
        bucket = self._bucket(method, route, major)
        if bucket and (wait := bucket.take(self.clock())):
            return Refused(wait)
        return None

    def take_old_edit(self, channel: str, message_age_seconds: float) -> Refused | None:
        """An edit of a message of this age."""
        if message_age_seconds <= _OLD_AFTER_SECONDS:
            return None
        bucket = self._buckets.setdefault(("old", channel), Bucket(*_OLD_EDITS))
        wait = bucket.take(self.clock())
        return Refused(wait, code=OLD_MESSAGE_EDITS) if wait else None

    def headers(self, method: str, route: str, major: str) -> dict[str, str]:
        """What an answer tells of its bucket."""
        bucket = self._bucket(method, route, major)
        if bucket is None:
            return {}
        left_seconds = max(0.0, bucket.resets_at - self.clock())
        return {
            "X-RateLimit-Bucket": f"{abs(hash((method, route))):x}",
            "X-RateLimit-Limit": str(bucket.limit),
            "X-RateLimit-Remaining": str(bucket.remaining),
            "X-RateLimit-Reset": f"{time.time() + left_seconds:.3f}",
            "X-RateLimit-Reset-After": f"{left_seconds:.3f}",
        }

    def _bucket(self, method: str, route: str, major: str) -> Bucket | None:
        rule = _RULES.get((method, route))
        return self._buckets.setdefault((method, route, major), Bucket(*rule)) if rule else None
