"""Limits how often panels are edited, below Discord's own limits so that other requests have room.

A channel takes 5 edits in 5 s. Messages older than an hour have a limit that Discord does not document and answers
with code 30046: about 3 edits in 20 s per channel, by the experience of others. All channels together take 50 requests
a second; answers to commands are exempt.
"""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` requests within `seconds`."""

    count: int
    seconds: float


FRESH = Limit(4, 5.0)
OLD = Limit(2, 20.0)
EVERYWHERE = Limit(8, 0.25)
"""In small steps, so that requests delayed by the network do not arrive as a burst."""


@dataclass(slots=True)
class Window:
    """A sliding window over the latest requests; times are of a monotonic clock."""

    limit: Limit
    _times: deque[float] = field(default_factory=deque)

    def wait_seconds(self, now: float) -> float:
        """Seconds until one more request is allowed."""
        self._forget(now)
        if len(self._times) < self.limit.count:
            return 0.0
        return self._times[0] + self.limit.seconds - now

    def is_quiet(self, now: float) -> bool:
        """Whether less than half is used, which leaves room for edits that are not urgent."""
        self._forget(now)
        return len(self._times) * 2 < self.limit.count

    def record(self, now: float) -> None:
        self._times.append(now)

    def _forget(self, now: float) -> None:
        while self._times and self._times[0] <= now - self.limit.seconds:
            self._times.popleft()


class EditRateLimit:
    """One window for all requests, and two for each channel: edits of fresh and of old messages."""

    def __init__(self) -> None:
        self._requests = Window(EVERYWHERE)
        self._queue = asyncio.Lock()
        self._channels: dict[int, tuple[Window, Window]] = {}

    async def acquire(self) -> None:
        """Waits until one more request is allowed, in order of arrival, and counts it."""
        async with self._queue:
            while wait_seconds := self._requests.wait_seconds(time.monotonic()):
                await asyncio.sleep(wait_seconds)
            self._requests.record(time.monotonic())

    def wait_seconds(self, channel_id: int, now: float, *, is_old: bool) -> float:
        """Seconds an edit in a channel has to wait."""
        return max(window.wait_seconds(now) for window in self._windows(channel_id, is_old=is_old))

    def is_quiet(self, channel_id: int, now: float, *, is_old: bool) -> bool:
        """Whether there is room for an edit that is not urgent."""
        windows = (self._requests, *self._windows(channel_id, is_old=is_old))
        return not self._queue.locked() and all(window.is_quiet(now) for window in windows)

    def record_edit(self, channel_id: int, now: float, *, is_old: bool) -> None:
        for window in self._windows(channel_id, is_old=is_old):
            window.record(now)

    def _windows(self, channel_id: int, *, is_old: bool) -> tuple[Window, ...]:
        fresh, old = self._channels.setdefault(channel_id, (Window(FRESH), Window(OLD)))
        return (fresh, old) if is_old else (fresh,)
