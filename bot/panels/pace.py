"""How often messages may be edited: within Discord's limits, told and untold, with room left for others.

A channel takes 5 edits in 5 s. For messages older than an hour there is a limit that Discord documents nowhere and
answers with code 30046; people have found it to be about 3 edits in 20 s, in a channel. All channels together take 50
requests a second, of which answers to commands are exempt.
"""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many doings within so many seconds."""

    count: int
    seconds: float


FRESH = Allowance(4, 5.0)
OLD = Allowance(2, 20.0)
EVERYWHERE = Allowance(8, 0.25)
"""In small steps: a pause of the network, made up for at once, is not to look like a burst."""


@dataclass(slots=True)
class Window:
    """What was done lately, against what is allowed; times are of a monotonic clock."""

    allowance: Allowance
    _times: deque[float] = field(default_factory=deque)

    def wait_seconds(self, now: float) -> float:
        """How long until one more is allowed."""
        self._forget(now)
        if len(self._times) < self.allowance.count:
            return 0.0
        return self._times[0] + self.allowance.seconds - now

    def is_quiet(self, now: float) -> bool:
        """Whether less than half is used, so that what can wait need not."""
        self._forget(now)
        return len(self._times) * 2 < self.allowance.count

    def take(self, now: float) -> None:
        """One more is done."""
        self._times.append(now)

    def _forget(self, now: float) -> None:
        while self._times and self._times[0] <= now - self.allowance.seconds:
            self._times.popleft()


class Pace:
    """Everybody's windows: one for all requests, and for each channel those of edits of fresh and of old messages."""

    def __init__(self) -> None:
        self._requests = Window(EVERYWHERE)
        self._line = asyncio.Lock()
        self._channels: dict[int, tuple[Window, Window]] = {}

    async def turn(self) -> None:
        """Waits until one more request may be made, first come first served, and counts it."""
        async with self._line:
            while wait_seconds := self._requests.wait_seconds(time.monotonic()):
                await asyncio.sleep(wait_seconds)
            self._requests.take(time.monotonic())

    def wait_seconds(self, channel_id: int, now: float, *, is_old: bool) -> float:
        """How long an edit has to wait."""
        return max(window.wait_seconds(now) for window in self._windows(channel_id, is_old=is_old))

    def is_quiet(self, channel_id: int, now: float, *, is_old: bool) -> bool:
        """Whether there is room for an edit that tells no news."""
        windows = (self._requests, *self._windows(channel_id, is_old=is_old))
        return not self._line.locked() and all(window.is_quiet(now) for window in windows)

    def take(self, channel_id: int, now: float, *, is_old: bool) -> None:
        """A message is edited."""
        for window in self._windows(channel_id, is_old=is_old):
            window.take(now)

    def _windows(self, channel_id: int, *, is_old: bool) -> tuple[Window, ...]:
        fresh, old = self._channels.setdefault(channel_id, (Window(FRESH), Window(OLD)))
        return (fresh, old) if is_old else (fresh,)
