"""A task that does its work each time it is woken."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

_log = logging.getLogger(__name__)


class WokenTask:
    """Runs `work` in a task of its own, once after each `wake`. Work that fails is logged."""

    def __init__(self, work: Callable[[], Awaitable[None]], *, name: str) -> None:
        self._work = work
        self._name = name
        self._alarm: asyncio.TimerHandle | None = None
        self._is_due = asyncio.Event()
        self._is_idle = asyncio.Event()
        self._is_idle.set()
        self._is_stopping = False
        self._task = asyncio.create_task(self._run(), name=name)

    @property
    def is_working(self) -> bool:
        return not self._is_idle.is_set()

    def wake(self) -> None:
        """Runs the work now, or once more if it is running."""
        self._forget_alarm()
        self._is_due.set()

    def wake_in(self, seconds: float) -> None:
        """Runs the work after so many seconds, unless it is due earlier."""
        at = asyncio.get_running_loop().time() + seconds
        if self._is_stopping or self._is_due.is_set() or (self._alarm and self._alarm.when() <= at):
            return
        self._forget_alarm()
        self._alarm = asyncio.get_running_loop().call_at(at, self.wake)

    async def idle(self) -> None:
        """Waits until no work is running or due."""
        while not self._task.done() and (self._is_due.is_set() or self.is_working):
            await self._is_idle.wait()
            await asyncio.sleep(0)  # the task takes what is due in the loop's next iteration

    def stop(self) -> None:
        """Ends the task once the work that is running has ended."""
        self._forget_alarm()
        self._is_stopping = True
        self._is_due.set()

    async def finish(self) -> None:
        """Stops, and waits for that."""
        self.stop()
        await asyncio.wait([self._task])

    async def close(self) -> None:
        """Ends the task at once."""
        self.stop()
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _run(self) -> None:
        while True:
            await self._is_due.wait()
            self._is_due.clear()
            if self._is_stopping:
                return
            self._is_idle.clear()
            try:
                await self._work()
            except Exception:  # noqa: BLE001  (the next wake tries again)
                _log.exception("%s failed", self._name)
            finally:
                self._is_idle.set()

    def _forget_alarm(self) -> None:
        if self._alarm:
            self._alarm.cancel()
        self._alarm = None
