"""The breaker before everything asked of YouTube: while it refuses everybody here, next to nothing goes through."""

import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from streaming.model.errors import NonstopError, PlatformTrouble, TransientError

_FIRST_PAUSE_SECONDS = 5.0
_LONGEST_PAUSE_SECONDS = 300.0


class CircuitBreaker:
    """Open until an answer is PlatformTrouble.

    From then on one question at a time goes through, after longer and longer pauses, until one is answered.
    """

    def __init__(
        self,
        *,
        first_pause_seconds: float = _FIRST_PAUSE_SECONDS,
        longest_pause_seconds: float = _LONGEST_PAUSE_SECONDS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._first_pause_seconds = first_pause_seconds
        self._longest_pause_seconds = longest_pause_seconds
        self._now = now
        self._trouble: PlatformTrouble | None = None
        self._pause_seconds = 0.0
        self._due_at = 0.0
        self._is_probing = False

    @asynccontextmanager
    async def guard(self) -> AsyncIterator[None]:
        """Lets one question through and learns from its answer; raises the trouble at once when it is not its turn."""
        is_probe = self._trouble is not None
        if self._trouble and (self._is_probing or self._now() < self._due_at):
            raise PlatformTrouble(self._trouble.message, hint=self._trouble.hint)
        self._is_probing = is_probe
        try:
            yield
        except PlatformTrouble as trouble:
            self._close(trouble, is_probe=is_probe)
            raise
        except TransientError:
            self._wait_longer(is_probe=is_probe)
            raise
        except NonstopError:
            self._trouble = None  # it spoke of that one video, so it speaks to us
            raise
        else:
            self._trouble = None
        finally:
            self._is_probing = self._is_probing and not is_probe

    def _close(self, trouble: PlatformTrouble, *, is_probe: bool) -> None:
        if self._trouble is None:
            self._pause_seconds = 0.0
            is_probe = True  # the first to be refused; others under way learn nothing new
        self._trouble = trouble
        self._wait_longer(is_probe=is_probe)

    def _wait_longer(self, *, is_probe: bool) -> None:
        if self._trouble and is_probe:
            self._pause_seconds = min(
                max(2 * self._pause_seconds, self._first_pause_seconds), self._longest_pause_seconds
            )
            self._due_at = self._now() + random.uniform(self._pause_seconds / 2, self._pause_seconds)
