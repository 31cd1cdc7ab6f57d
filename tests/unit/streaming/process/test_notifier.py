"""Waiting for something to hold: who waits for what cannot be said has the fault, and not who tells of a change."""

import asyncio

import pytest

from streaming.process.notifier import Notifier


async def test_a_condition_that_fails_fails_whoever_waits_for_it_alone() -> None:
    notifier, facts = Notifier(), dict[str, bool]()
    wrong = asyncio.create_task(notifier.until(lambda: bool(facts) and facts["nowhere"]))
    right = asyncio.create_task(notifier.until(lambda: bool(facts)))
    await asyncio.sleep(0)
    facts["there"] = True
    notifier.notify()
    await right
    with pytest.raises(KeyError):
        await wrong
