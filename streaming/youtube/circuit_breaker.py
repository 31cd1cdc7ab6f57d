"""A circuit breaker before YouTube: while YouTube refuses this address, next to nothing is requested."""

import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from streaming.model.backoff import Backoff
from streaming.model.errors import NonstopError, PlatformTrouble, TransientError

_BACKOFF = Backoff(first_seconds=5.0, cap_seconds=300.0)


class CircuitBreaker:
    """Closed (requests pass) until one fails with PlatformTrouble, then open (requests fail at once).

    An open breaker lets one probe at a time through, after growing delays, until one is answered.
    """

    def __init__(self, *, backoff: Backoff = _BACKOFF, now: Callable[[], float] = time.monotonic) -> None:
        self._backoff = backoff
        self._now = now
        self._trouble: PlatformTrouble | None = None
        """Why the breaker is open; None while it is closed."""
        self._failures = 0
        self._next_probe_at = 0.0
        self._is_probing = False

    @asynccontextmanager
    async def guard(self) -> AsyncIterator[None]:
        """Wraps one request and judges its outcome. Raises the trouble at once while the breaker is open."""
        is_probe = self._trouble is not None
        if self._trouble and (self._is_probing or self._now() < self._next_probe_at):
            raise PlatformTrouble(self._trouble.message, hint=self._trouble.hint)
        self._is_probing = is_probe
        try:
            yield
        except PlatformTrouble as trouble:
            self._open(trouble, is_probe=is_probe)
            raise
        except TransientError:
            self._delay_next_probe(is_probe=is_probe)
            raise
        except NonstopError:
            self._trouble = None  # an answer about one video is an answer: YouTube does not block this address
            raise
        else:
            self._trouble = None
        finally:
            self._is_probing = self._is_probing and not is_probe

    def _open(self, trouble: PlatformTrouble, *, is_probe: bool) -> None:
        if self._trouble is None:
            self._failures = 0
            is_probe = True  # of several requests refused at the same time, only the first one counts
        self._trouble = trouble
        self._delay_next_probe(is_probe=is_probe)

    def _delay_next_probe(self, *, is_probe: bool) -> None:
        if self._trouble and is_probe:
            self._failures += 1
            self._next_probe_at = self._now() + self._backoff.delay_seconds(self._failures, random.random())
