"""The program between playout and uplinks: pace, lead, window, and what is taken back or drained."""

import asyncio
from dataclasses import replace

import pytest

from streaming.timeline.program import Program
from streaming.timeline.read_position import Drain, ReadPosition
from streaming.timeline.writer import ProgramWriter
from tests.unit.streaming.output.program_uplinks import (
    CLUSTER_MS,
    CLUSTERS_A_GOP,
    HANDED_AHEAD_MS,
    STARVED_AHEAD_MS,
    Reader,
    Running,
    is_waiting,
    reading,
)
from tests.unit.streaming.timeline.program_parts import ItemSpec, airing, clusters


async def test_an_uplink_is_handed_little_more_than_it_has_sent() -> None:
    running = Running()
    running.write(40)
    reader = reading(running)
    for _ in range(5):
        await reader.take_all()
        ahead_ms = reader.position.handed_ms - reader.position.sent_ms
        assert HANDED_AHEAD_MS <= ahead_ms < HANDED_AHEAD_MS + CLUSTER_MS
        reader.send()


def report_again(reader: Reader, times: int) -> None:
    """Its FFmpeg reports what it has reported before."""
    for _ in range(times):
        reader.program.sent(reader.position, reader.out_time_ms)


async def test_an_uplink_that_stands_still_is_handed_more_until_it_moves_again() -> None:
    """FFmpeg may need seconds of a slot before it sends the first of it."""
    running = Running()
    running.write(60)
    reader = reading(running)
    await reader.play(2_000)
    await reader.take_all()
    report_again(reader, 19)
    assert await reader.take_all() == []
    report_again(reader, 1)
    await reader.take_all()
    assert STARVED_AHEAD_MS <= reader.position.handed_ms - reader.position.sent_ms < STARVED_AHEAD_MS + CLUSTER_MS
    reader.out_time_ms += CLUSTER_MS
    report_again(reader, 20)
    assert await reader.take_all() == []


async def test_an_uplink_that_waits_for_the_program_does_not_count_as_standing_still() -> None:
    running = Running()
    running.write(8)
    reader = reading(running)
    await reader.play(running.written * CLUSTER_MS)
    report_again(reader, 100)
    running.write(40)
    await reader.take_all()
    assert reader.position.handed_ms - reader.position.sent_ms < HANDED_AHEAD_MS + CLUSTER_MS


async def test_the_playout_runs_ahead_by_the_lead_and_no_further() -> None:
    running = Running(lead_seconds=3.0)
    reader = reading(running)
    running.write(11)
    assert not await is_waiting(running.program.wait_for_room)
    running.write(1)
    assert await is_waiting(running.program.wait_for_room)
    await reader.take()
    reader.send()
    assert not await is_waiting(running.program.wait_for_room)


async def test_the_keyframe_of_what_is_on_air_is_the_last_one_sent() -> None:
    running = Running()
    running.write(40)
    reader = reading(running)
    assert running.program.keyframe is None
    for sent_gops in (0, 1, 2):
        await reader.play(sent_gops * CLUSTERS_A_GOP * CLUSTER_MS + 300)
        keyframe = running.program.keyframe
        assert keyframe
        assert keyframe.start_ms == sent_gops * CLUSTERS_A_GOP * CLUSTER_MS


async def test_the_window_keeps_thirty_seconds_in_whole_gops() -> None:
    running = Running()
    reader = reading(running)
    for _ in range(60):
        running.write(CLUSTERS_A_GOP)
        await reader.play(running.written * CLUSTER_MS)
    kept = list(running.program._clusters)
    assert kept[0].is_keyframe
    assert 30_000 <= running.program.sent_ms - kept[0].start_ms <= 30_000 + 3 * CLUSTERS_A_GOP * CLUSTER_MS
    assert running.program._bytes == sum(placed.length_bytes for placed in kept)


async def test_the_window_is_bounded_in_bytes_too() -> None:
    running = Running()
    reader = reading(running)
    for _ in range(40):
        running.write(1, cluster_bytes=8 << 20)
        await reader.play(running.written * CLUSTER_MS)
    assert running.program._bytes <= (64 << 20) + (CLUSTERS_A_GOP + 1) * (8 << 20)


async def test_what_nobody_has_sent_is_kept_whatever_it_weighs() -> None:
    running = Running()
    running.write(40, cluster_bytes=8 << 20)
    assert (await reading(running).take()).start_ms == 0


async def test_draining_stops_at_the_next_item_and_goes_on_there() -> None:
    running = Running()
    running.write(CLUSTERS_A_GOP * 2)
    reader = reading(running)
    reader.position.drain = Drain.AT_BOUNDARY
    running.begin(2)
    running.write(CLUSTERS_A_GOP)
    while not running.program.is_drained(reader.position):
        await reader.take()
        reader.send()
    assert reader.position.handed_ms == CLUSTERS_A_GOP * 2 * CLUSTER_MS
    running.program.leave(reader.position, is_drained=True)
    reader.connect()
    first = await reader.take()
    assert first.start_ms == CLUSTERS_A_GOP * 2 * CLUSTER_MS
    assert reader.position.drain is None


async def test_draining_at_a_keyframe_needs_no_new_item() -> None:
    running = Running()
    running.write(CLUSTERS_A_GOP * 2)
    reader = reading(running)
    await reader.take()
    reader.position.drain = Drain.AT_KEYFRAME
    while not running.program.is_drained(reader.position):
        await reader.take()
        reader.send()
    assert reader.position.handed_ms == CLUSTERS_A_GOP * CLUSTER_MS


async def test_one_that_breaks_off_while_it_drains_begins_at_a_keyframe() -> None:
    running = Running()
    running.write(CLUSTERS_A_GOP * 4)
    reader = reading(running)
    await reader.play(5250)
    reader.position.drain = Drain.AT_BOUNDARY
    reader.break_off()
    reader.connect()
    assert (await reader.take()).is_keyframe


async def test_a_program_that_is_over_is_drained_when_all_was_handed() -> None:
    running = Running()
    running.write(2)
    reader = reading(running)
    drained = asyncio.create_task(running.program.until(lambda program: program.is_drained(reader.position)))
    await reader.take_all()
    assert not drained.done()
    running.program.finish()
    async with asyncio.timeout(2):
        await drained


async def test_cutting_takes_back_what_nobody_was_handed() -> None:
    running = Running()
    running.write(CLUSTERS_A_GOP)
    second = running.begin(2)
    running.write(CLUSTERS_A_GOP)
    reader = reading(running)
    handed = await reader.take_all()
    taken = running.program.cut(lambda airing: airing.play_id == 1)
    assert running.program.newest is handed[-1]
    assert [placed.airing.play_id for placed in taken] == [1] * (CLUSTERS_A_GOP - len(handed)) + [2] * CLUSTERS_A_GOP
    for placed in taken:
        running.program.append(placed)
    assert [placed.airing for placed in running.program.cut(lambda airing: airing.play_id == 2)] == [
        second
    ] * CLUSTERS_A_GOP
    assert running.program.cut(lambda airing: airing.play_id == 3) == []


async def test_cutting_while_no_uplink_reads_keeps_what_was_sent() -> None:
    running = Running()
    writer = ProgramWriter(running.program)
    item = ItemSpec(pictures=300)
    writer.begin(one := airing(item, 1))
    for cluster in clusters(item):
        writer.add(cluster)
    reader = reading(running)
    await reader.play(5000)
    sent_ms = reader.position.sent_ms
    reader.break_off()
    writer.cut(one)
    assert sent_ms <= running.program.end_ms <= sent_ms + CLUSTER_MS
    writer.begin(airing(item, 2))
    for cluster in clusters(item):
        writer.add(cluster)
    assert running.program.ahead_ms > 9000


@pytest.mark.parametrize("error_ms", [-20.0, 20.0])
async def test_small_differences_in_the_length_of_slots_do_not_add_up(error_ms: float) -> None:
    """FFmpeg takes every slot to be somewhat longer or shorter than we do; after a hundred it must still be fed."""
    running = Running()
    position = running.program.attach()
    running.program.join(position)
    real_out_ms = 0.0
    for number in range(100):
        running.begin(number)
        running.write(CLUSTERS_A_GOP)
        for in_slot in range(CLUSTERS_A_GOP):
            async with asyncio.timeout(2):
                placed = await running.program.next_cluster(position)
            if in_slot == 0:
                position.start_slot(placed)
            running.program.advance(position)
            real_out_ms += CLUSTER_MS + error_ms / CLUSTERS_A_GOP
            running.program.sent(position, real_out_ms)
            assert abs(position.sent_ms - placed.end_ms) <= 200


async def test_what_is_on_air_is_what_was_sent_not_what_was_handed() -> None:
    running = Running()
    first = running.airing
    running.write(2)
    second = running.begin(2)
    running.write(CLUSTERS_A_GOP)
    reader = reading(running)
    assert running.program.on_air is None
    await reader.take_all()
    running.program.sent(reader.position, 100.0)
    assert running.program.on_air is first
    reader.send()
    assert running.program.on_air is second


async def test_nobody_is_woken_for_nothing() -> None:
    running = Running()
    looks: list[float] = []

    def is_long(program: Program) -> bool:
        looks.append(program.end_ms)
        return program.end_ms > 2000

    waiting = asyncio.create_task(running.program.until(is_long))
    await asyncio.sleep(0)
    running.write(9)
    async with asyncio.timeout(2):
        await waiting
    assert len(looks) == 1 + 9 + 1  # at first, at each change, and once more when woken


def test_a_cursor_that_never_sent_has_missed_nothing() -> None:
    running = Running()
    running.write(CLUSTERS_A_GOP * 2)
    late: ReadPosition = running.program.attach()
    running.program.join(late)
    assert late.missed_ms == 0


async def test_an_uplink_gets_the_next_picture_however_late_that_is_shown() -> None:
    """FFmpeg sends a sound when it knows the picture behind it: with less, neither would ever move."""
    running = Running()
    reader = reading(running)
    for number in range(6):  # pictures a second apart, each in a cluster of its own with its sound
        start_ms = number * 1000.0
        placed = replace(running.placed(100), start_ms=start_ms, end_ms=start_ms + 1000, pictures_ms=(start_ms,))
        running.program.append(placed)
    await reader.take_all()
    assert reader.position.handed_ms > 1000
    beyond = [placed for placed in reader.given if placed.pictures_ms[0] > reader.position.sent_ms]
    assert 1 <= len(beyond) <= 3
