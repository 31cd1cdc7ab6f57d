"""Supervision: work that is to last is begun again when it fails in a way nobody foresaw; how often, a policy says.

Each task is essential or auxiliary to what it belongs to. An auxiliary one that fails again and again rests, and the
others go on without it; an essential one ends what it belongs to, which is begun again in its turn. People are told
once, in a plain sentence; what an exception says, only the process log gets.
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

_log = logging.getLogger(__name__)

_MOST_DOUBLINGS = 20

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """How often, and after how long, something is begun again."""

    first_seconds: float = 1.0
    longest_seconds: float = 30.0
    limit: int | None = None
    """So many failures in a row are too many; None for no number of them."""
    steady_seconds: float = 60.0
    """What has worked for so long has recovered: its failures are counted anew."""

    def delay_seconds(self, failures: int, chance: float) -> float:
        """How long to wait after so many failures in a row; `chance` from 0 to 1 parts what failed together."""
        doublings = min(failures - 1, _MOST_DOUBLINGS)
        return min(self.longest_seconds, self.first_seconds * 2.0**doublings) * (0.8 + 0.4 * chance)


@dataclass(frozen=True, slots=True)
class Failures:
    """How often something has failed in a row."""

    policy: RestartPolicy
    count: int = 0

    def after(self, worked_seconds: float) -> "Failures":
        """With one more, of what had worked for so long."""
        return Failures(self.policy, 1 if worked_seconds >= self.policy.steady_seconds else self.count + 1)

    @property
    def are_too_many(self) -> bool:
        """Whether it is not to be begun again."""
        return self.policy.limit is not None and self.count >= self.policy.limit

    def delay_seconds(self, chance: float) -> float:
        """How long to wait before it is."""
        return self.policy.delay_seconds(self.count, chance)


class GivenUp(Exception):
    """Something essential fails again and again; the cause is the last failure."""


AUXILIARY = RestartPolicy(limit=6)
"""About half a minute of failures in a row."""
ESSENTIAL = RestartPolicy(limit=10)
"""About three minutes of them."""
_REST_SECONDS = 600.0


class Supervisor:
    """Keeps the tasks of one owner at work: of a playout, or of an engine."""

    def __init__(
        self,
        report: Callable[[str], None],
        *,
        auxiliary: RestartPolicy = AUXILIARY,
        essential: RestartPolicy = ESSENTIAL,
        rest_seconds: float = _REST_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`report` is given one plain sentence for people about each kind of failure of each task."""
        self._report = report
        self._auxiliary = auxiliary
        self._essential = essential
        self._rest_seconds = rest_seconds
        self._clock = clock
        self._sleep = sleep
        self._reported: set[tuple[str, type[Exception]]] = set()

    async def auxiliary(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Runs work to its end, whatever happens to it; `name` begins a sentence ("The watch")."""
        while True:
            try:
                return await self._keep(name, work, self._auxiliary, ())
            except GivenUp:
                _log.error("%s rests for %.0f s", name, self._rest_seconds)
            await self._sleep(self._rest_seconds)

    async def essential(
        self, name: str, work: Callable[[], Awaitable[T]], *, final: tuple[type[Exception], ...] = ()
    ) -> T:
        """Runs work to its end and gives what it gives. Raises GivenUp when it cannot be kept at work.

        What is of the types of `final` is foreseen, and raised at once.
        """
        return await self._keep(name, work, self._essential, final)

    async def _keep(
        self, name: str, work: Callable[[], Awaitable[T]], policy: RestartPolicy, final: tuple[type[Exception], ...]
    ) -> T:
        failures = Failures(policy)
        while True:
            began_at = self._clock()
            try:
                return await work()
            except final:
                raise
            except Exception as error:
                failures = failures.after(self._clock() - began_at)
                self._log_failure(name, error)
                if failures.are_too_many:
                    raise GivenUp(f"{name} failed {failures.count} times in a row.") from error
            await self._sleep(failures.delay_seconds(random.random()))

    def _log_failure(self, name: str, error: Exception) -> None:
        """The process log gets the whole story once, and a line each further time."""
        kind = name, type(error)
        if kind in self._reported:
            _log.error("%s failed again: %s", name, type(error).__name__)
            return
        self._reported.add(kind)
        _log.error("%s failed", name, exc_info=error)
        self._report(f"{name} failed in a way that nobody foresaw, and is begun again; the engine's log says more.")
