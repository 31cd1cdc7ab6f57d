"""Room to encode: who comes too late waits and says why, or passes over what it has no room for."""

import asyncio

import pytest

from streaming.input.encode_slots import EncodeSlot, EncodeSlots
from streaming.model.errors import ItemUnavailable


async def waiting(slot: EncodeSlot) -> "asyncio.Task[None]":
    task = asyncio.create_task(slot.admit(is_encoded=True))
    await asyncio.sleep(0)
    return task


async def test_copied_items_need_no_room() -> None:
    slots = EncodeSlots(1, 1)
    await EncodeSlot(slots, 1).admit(is_encoded=True)
    async with asyncio.timeout(1):
        await EncodeSlot(slots, 2).admit(is_encoded=False)


async def test_without_a_limit_there_is_always_room() -> None:
    async with asyncio.timeout(1):
        await EncodeSlot().admit(is_encoded=True)


async def test_one_run_has_one_place_however_many_items_it_encodes() -> None:
    slots = EncodeSlots(2, 2)
    first, second = EncodeSlot(slots, 1), EncodeSlot(slots, 1)
    async with asyncio.timeout(1):
        for _ in range(3):
            await first.admit(is_encoded=True)
        await second.admit(is_encoded=True)


@pytest.mark.parametrize(("most", "most_per_guild", "says"), [(1, 5, "This machine"), (5, 1, "This server")])
async def test_too_late_waits_with_a_reason_until_another_run_ends(most: int, most_per_guild: int, says: str) -> None:
    slots = EncodeSlots(most, most_per_guild)
    first, second = EncodeSlot(slots, 1), EncodeSlot(slots, 1)
    await first.admit(is_encoded=True)
    late = await waiting(second)
    assert says in second.reason
    assert not late.done()
    first.release()
    async with asyncio.timeout(1):
        await late
    assert second.reason == ""


async def test_a_guilds_own_limit_keeps_no_other_waiting() -> None:
    slots = EncodeSlots(5, 1)
    await EncodeSlot(slots, 1).admit(is_encoded=True)
    async with asyncio.timeout(1):
        await EncodeSlot(slots, 2).admit(is_encoded=True)


async def test_what_is_on_air_passes_over_what_it_has_no_room_for() -> None:
    slots = EncodeSlots(1, 1)
    await EncodeSlot(slots, 1).admit(is_encoded=True)
    on_air = EncodeSlot(slots, 2)
    await on_air.admit(is_encoded=False)
    on_air.mark_on_air()
    with pytest.raises(ItemUnavailable, match="no encoder is free"):
        await on_air.admit(is_encoded=True)
    assert on_air.reason == ""


async def test_who_gives_up_waiting_leaves_no_reason_and_takes_no_place() -> None:
    slots = EncodeSlots(1, 1)
    first, second, third = (EncodeSlot(slots, guild_id) for guild_id in (1, 2, 3))
    await first.admit(is_encoded=True)
    late = await waiting(second)
    late.cancel()
    await asyncio.wait([late])
    assert second.reason == ""
    first.release()
    second.release()
    async with asyncio.timeout(1):
        await third.admit(is_encoded=True)


async def test_of_many_who_wait_as_many_go_on_as_there_is_room_for() -> None:
    slots = EncodeSlots(1, 1)
    first = EncodeSlot(slots, 1)
    await first.admit(is_encoded=True)
    tasks = [await waiting(EncodeSlot(slots, guild_id)) for guild_id in (2, 3)]
    first.release()
    async with asyncio.timeout(1):
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    assert (len(done), len(pending)) == (1, 1)
    for task in pending:
        task.cancel()
