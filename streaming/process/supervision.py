"""Supervision: tasks that must last are restarted after an unforeseen failure, as often as a policy allows.

Each task is essential or auxiliary to its owner. An auxiliary one that fails repeatedly rests, and the others go on
without it. An essential one ends its owner, which is restarted in its turn. People read one plain sentence; the
exception is in the process log alone.
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from streaming.model.backoff import Backoff
from streaming.model.message import Message
from streaming.process.messages import Supervision

_log = logging.getLogger(__name__)

_BACKOFF = Backoff(first_seconds=1.0, cap_seconds=30.0)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """After how long, and how often, a task is restarted."""

    backoff: Backoff = _BACKOFF
    limit: int | None = None
    """This many failures in a row are too many; None for no limit."""


@dataclass(frozen=True, slots=True)
class Failures:
    """How often a task has failed in a row."""

    policy: RestartPolicy
    count: int = 0

    def after(self, worked_seconds: float) -> "Failures":
        """With one more failure, after the task ran for `worked_seconds`."""
        return Failures(self.policy, self.policy.backoff.failures_after(self.count, worked_seconds))

    @property
    def are_too_many(self) -> bool:
        """Whether it is not restarted."""
        return self.policy.limit is not None and self.count >= self.policy.limit

    def delay_seconds(self, chance: float) -> float:
        """The delay before it is restarted."""
        return self.policy.backoff.delay_seconds(self.count, chance)


class GivenUp(Exception):
    """An essential task fails again and again; the cause is the last failure."""


AUXILIARY = RestartPolicy(limit=6)
"""About twenty seconds of failures in a row."""
ESSENTIAL = RestartPolicy(limit=10)
"""About two minutes of them."""
_REST_SECONDS = 600.0


class Supervisor:
    """Keeps the tasks of one owner running: of a playout, or of an engine."""

    def __init__(
        self,
        report: Callable[[Message], None],
        *,
        auxiliary: RestartPolicy = AUXILIARY,
        essential: RestartPolicy = ESSENTIAL,
        rest_seconds: float = _REST_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`report` gets one plain sentence for people about each kind of failure of each task.

        The name of a task begins the sentence; a name that is a Message is translated with it.
        """
        self._report = report
        self._auxiliary = auxiliary
        self._essential = essential
        self._rest_seconds = rest_seconds
        self._clock = clock
        self._sleep = sleep
        self._reported: set[tuple[str, type[Exception]]] = set()

    async def auxiliary(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Runs work to its end, whatever happens to it; `name` begins a sentence ("The health monitor")."""
        while True:
            try:
                return await self._keep(name, work, self._auxiliary, ())
            except GivenUp:
                _log.error("%s pauses for %.0f s", name, self._rest_seconds)
            await self._sleep(self._rest_seconds)

    async def essential(
        self, name: str, work: Callable[[], Awaitable[T]], *, final: tuple[type[Exception], ...] = ()
    ) -> T:
        """Runs work to its end and returns its result. Raises GivenUp when it cannot be kept running.

        Exceptions of the types in `final` are foreseen, and raised at once.
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
        """Logs the traceback once, and one line for each further failure of the kind."""
        kind = name, type(error)
        if kind in self._reported:
            _log.error("%s failed again: %s", name, type(error).__name__)
            return
        self._reported.add(kind)
        _log.error("%s failed", name, exc_info=error)
        self._report(Supervision.FAILED(task=name))
