"""Where an uplink goes on that was away: what it repeats, what it misses, and what it counts."""

import asyncio

from streaming.timeline.splice import TimelineCluster
from tests.unit.streaming.output.program_uplinks import CLUSTER_MS, CLUSTERS_A_GOP, Running, is_waiting, reading


async def test_an_uplink_that_broke_off_repeats_at_most_a_gop_and_two_seconds() -> None:
    running = Running()
    running.write(100)
    reader = reading(running)
    await reader.play(15_000)
    reader.break_off()
    reader.connect()
    first = await reader.take()
    assert first.is_keyframe
    assert 1500 <= 15_000 - first.start_ms <= 1500 + CLUSTERS_A_GOP * CLUSTER_MS


async def test_tries_that_fail_do_not_move_the_place_back() -> None:
    running = Running()
    running.write(100)
    reader = reading(running)
    await reader.play(15_000)
    reader.break_off()
    places = []
    for _ in range(10):
        reader.connect()
        places.append((await reader.take()).start_ms)
        reader.break_off()
    assert len(set(places)) == 1
    assert reader.position.missed_ms == 0


async def test_the_place_is_held_while_no_uplink_is_healthy() -> None:
    running = Running(lead_seconds=5.0)
    reader = reading(running)
    running.write(20)
    await reader.play(4000)
    reader.break_off()
    running.write(20)
    assert running.program.sent_ms == 4000
    assert await is_waiting(running.program.wait_for_room)


async def test_an_uplink_too_far_behind_jumps_to_a_keyframe_and_counts_what_it_missed() -> None:
    running = Running()
    running.write(CLUSTERS_A_GOP * 20)
    slow, fast = reading(running), reading(running)
    await slow.play(1000)
    await fast.play(16_500)
    await slow.play(2000)
    jumped_to = await slow.take()
    assert jumped_to.is_keyframe
    assert jumped_to.start_ms == 16_000
    slow.send()
    assert slow.position.missed_ms == 14_000


async def test_an_uplink_that_the_window_has_left_behind_jumps_too() -> None:
    running = Running()
    running.write(CLUSTERS_A_GOP)
    slow, fast = reading(running), reading(running)
    await slow.take()
    slow.send()
    await slow.take_all()
    waiting = asyncio.create_task(slow.take())
    for _ in range(30):
        running.write(CLUSTERS_A_GOP)
        await fast.play(running.written * CLUSTER_MS)
    placed = await waiting
    assert placed.is_keyframe
    assert running.program.sent_ms - placed.start_ms <= CLUSTERS_A_GOP * CLUSTER_MS
    slow.send()
    assert slow.position.missed_ms > 50_000


async def test_a_keyframe_seldom_enough_is_no_reason_to_jump_for_ever() -> None:
    running = Running()
    running.write(1)
    slow, fast = reading(running), reading(running)
    for number in range(1, 100):
        placed = running.placed(100)
        running.program.append(TimelineCluster(placed.airing, placed.header, placed.pieces, number * CLUSTER_MS,
            (number + 1) * CLUSTER_MS, False, None, placed.cluster))  # fmt: skip
    await fast.play(24_000)
    first = await slow.take()
    assert first.start_ms == 0
    assert slow.position.missed_ms == 0


async def test_one_that_comes_back_beside_another_joins_it_and_counts_what_it_missed() -> None:
    running = Running()
    running.write(CLUSTERS_A_GOP * 30)
    away, fast = reading(running), reading(running)
    await away.play(2000)
    away.break_off()
    await fast.play(40_500)
    away.connect()
    assert (await away.take()).start_ms == 40_000
    assert away.position.missed_ms == 0, "nothing of it was sent yet"
    away.send()
    assert away.position.missed_ms == 38_000


async def test_tries_in_vain_move_one_that_is_away_nowhere() -> None:
    running = Running()
    running.write(CLUSTERS_A_GOP * 30)
    away, fast = reading(running), reading(running)
    await away.play(2000)
    away.break_off()
    for seconds in (20.5, 26.5, 32.5):
        await fast.play(seconds * 1000)
        away.connect()
        assert (await away.take()).start_ms == (seconds - 0.5) * 1000, "the newest keyframe"
        away.break_off()
    await fast.play(40_500)
    away.connect()
    await away.take()
    away.send()
    assert away.position.missed_ms == 38_000


async def test_the_place_goes_back_when_the_fastest_uplink_leaves() -> None:
    running = Running()
    running.write(100)
    slow, fast = reading(running), reading(running)
    await slow.play(3000)
    await fast.play(8000)
    assert running.program.sent_ms == 8000
    fast.break_off()
    assert running.program.sent_ms == 3000
