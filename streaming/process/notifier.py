"""Waits for a condition on an object that changes often."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(eq=False, frozen=True, slots=True)
class _Waiter:
    condition: Callable[[], bool]
    woken: "asyncio.Future[None]"


class Notifier:
    """Wakes waiting tasks. Conditions are checked where the change is made, so that no task wakes in vain."""

    def __init__(self) -> None:
        self._waiters: list[_Waiter] = []

    def notify(self) -> None:
        """Wakes the tasks whose condition holds now. Call it after every change.

        An exception in a condition goes to the task that waits for it, not to the caller.
        """
        for waiter in self._waiters:
            if waiter.woken.done():
                continue
            try:
                holds = waiter.condition()
            except Exception as error:  # noqa: BLE001
                waiter.woken.set_exception(error)
            else:
                if holds:
                    waiter.woken.set_result(None)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Waits until something holds; it holds when this returns."""
        while not condition():
            waiter = _Waiter(condition, asyncio.get_running_loop().create_future())
            self._waiters.append(waiter)
            try:
                await waiter.woken
            finally:
                self._waiters.remove(waiter)
