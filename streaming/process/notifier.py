"""Waiting for something to hold of an object that changes often."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(eq=False, frozen=True, slots=True)
class _Waiter:
    condition: Callable[[], bool]
    woken: "asyncio.Future[None]"


class Notifier:
    """Those who wait. A condition is looked at where the change is told, so that nobody is woken for nothing."""

    def __init__(self) -> None:
        self._waiters: list[_Waiter] = []

    def notify(self) -> None:
        """Something has changed: wakes those whose condition holds now.

        A condition that fails fails whoever waits for it, and not whoever tells.
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
