"""A part behind a URL that expires is read as if it were a file, whatever its origin does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace

import pytest

from streaming.model.backoff import Backoff
from streaming.model.errors import ItemUnplayable, TransientError
from streaming.model.items import Media, PartKind, RemotePart
from streaming.model.patience import Patience
from streaming.redaction.secrets import Secret
from streaming.settings import YouTubeSettings
from tests.standins.origin import Fault, Trouble
from tests.unit.streaming.sources.remote_parts import DATA, ITEM, PATIENCE, RANGE_BYTES, Scene, opened, read, read_rest


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with opened(YouTubeSettings()) as scene:
        yield scene


async def test_a_part_is_read_whole_in_ranges_of_half_a_minute(scene: Scene) -> None:
    reader = scene.reader()
    assert await read(reader) == DATA
    assert reader.length_bytes == reader.bytes_read == len(DATA)
    spans = [(asked.start, asked.stop) for asked in scene.origin.asked]
    assert spans[:2] == [(0, RANGE_BYTES), (RANGE_BYTES, 2 * RANGE_BYTES)]
    assert spans[-1][1] == len(DATA)


async def test_the_bytes_asked_for_are_given_and_no_others(scene: Scene) -> None:
    reader = scene.reader()
    assert await read(reader, 1000, 400_000) == DATA[1000:400_000]
    assert await read(reader, len(DATA) - 5) == DATA[-5:]


async def test_the_length_is_found_out_with_one_byte(scene: Scene) -> None:
    reader = scene.reader()
    assert await reader.measure() == len(DATA)
    assert await reader.measure() == len(DATA)
    assert reader.bytes_read == len(scene.origin.asked) == 1


@pytest.mark.parametrize("trouble", [Trouble.RESET, Trouble.CUT, Trouble.STALL, Trouble.SHORT])
async def test_a_broken_answer_is_continued_at_the_same_byte(scene: Scene, trouble: Trouble) -> None:
    scene.origin.plan(
        "clip", Fault(trouble, 100_000), Fault(trouble, 1), Fault(trouble, 0 if trouble != "short" else 5)
    )
    reader = scene.reader()
    assert await read(reader) == DATA
    assert scene.refreshes == 0
    assert reader.bytes_read == len(DATA)


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_busy_origin_is_asked_again_a_little_later(scene: Scene, status: int) -> None:
    scene.origin.plan("clip", *[Fault(Trouble.STATUS, status=status)] * 3)
    assert await read(scene.reader()) == DATA
    assert len(scene.clock.waits) == 3
    assert all(0 < wait <= PATIENCE.backoff.cap_seconds for wait in scene.clock.waits)


async def test_waits_grow_up_to_their_limit(scene: Scene) -> None:
    scene.origin.plan("clip", *[Fault(Trouble.STATUS)] * 8)
    patience = Patience(attempts_to_open=8, backoff=Backoff(2, 8))
    with pytest.raises(TransientError, match="HTTP 503"):
        await read(scene.reader(patience=patience))
    limits = [2, 4, 8, 8, 8, 8, 8]
    assert all(limit / 2 <= wait <= limit for wait, limit in zip(scene.clock.waits, limits, strict=True))


async def test_what_never_opens_is_given_up_sooner_than_what_breaks_off(scene: Scene) -> None:
    scene.origin.plan("clip", *[Fault(Trouble.STATUS)] * PATIENCE.attempts)
    with pytest.raises(TransientError):
        await read(scene.reader())
    assert len(scene.origin.asked) == PATIENCE.attempts_to_open
    scene.origin.faults.clear()
    scene.origin.plan("clip", Fault(Trouble.RESET, 100_000), *[Fault(Trouble.STATUS)] * (PATIENCE.attempts - 2))
    assert await read(scene.reader()) == DATA


async def test_the_bytes_before_a_failure_are_delivered(scene: Scene) -> None:
    scene.origin.plan("clip", Fault(Trouble.CUT, 100_000), *[Fault(Trouble.STATUS, status=451)])
    got = bytearray()

    async def collect() -> None:
        async for chunk in scene.reader().read(0):
            got.extend(chunk)

    with pytest.raises(ItemUnplayable, match="HTTP 451"):
        await collect()
    assert got == DATA[:100_000]


async def test_a_file_that_changed_its_length_is_not_spliced(scene: Scene) -> None:
    scene.origin.plan("clip", Fault(Trouble.CUT, 100_000))
    reader = scene.reader()
    async with aclosing(reader.read(0)) as chunks:
        await anext(chunks)
        scene.origin.files["clip"] = DATA[:-7]
        with pytest.raises(ItemUnplayable, match=f"{len(DATA)} bytes, now {len(DATA) - 7}"):
            await read_rest(chunks)


async def test_an_origin_without_ranges_is_read_once(scene: Scene) -> None:
    scene.origin.has_ranges = False
    assert await read(scene.reader()) == DATA
    assert len(scene.origin.asked) == 1


async def test_an_origin_without_ranges_is_read_again_up_to_the_byte_after_a_break(scene: Scene) -> None:
    scene.origin.has_ranges = False
    scene.origin.plan("clip", Fault(Trouble.RESET, 1 << 20))
    reader = scene.reader()
    assert await read(reader) == DATA
    assert reader.bytes_read == len(DATA) + (1 << 20)


async def test_a_seek_that_the_origin_cannot_serve_is_told(scene: Scene) -> None:
    scene.origin.has_ranges = False
    with pytest.raises(ItemUnplayable, match="needs seeking"):
        await read(scene.reader(), 5000)


@pytest.mark.parametrize("has_ranges", [True, False])
async def test_a_length_that_is_not_told_is_known_at_the_end(scene: Scene, has_ranges: bool) -> None:
    scene.origin.tells_length = False
    scene.origin.has_ranges = has_ranges
    reader = scene.reader()
    assert await read(reader) == DATA
    assert reader.length_bytes == len(DATA)


async def test_a_url_is_not_asked_before_it_is_available(scene: Scene) -> None:
    part = replace(scene.origin.part("clip"), available_at=scene.clock.time + 12)
    assert await read(scene.reader(scene.refreshable(Media(ITEM, (part,))))) == DATA
    assert scene.clock.waits == [12]


async def test_the_headers_of_a_part_are_sent(scene: Scene) -> None:
    part = replace(scene.origin.part("clip"), headers={"X-Test": "Cobalt"})
    await read(scene.reader(scene.refreshable(Media(ITEM, (part,)))))
    assert {asked.header for asked in scene.origin.asked} == {"Cobalt"}


async def test_no_more_is_fetched_than_a_range_and_a_half_ahead_of_the_reader(scene: Scene) -> None:
    reader = scene.reader()
    taken = 0
    async with aclosing(reader.read(0)) as chunks:
        async for chunk in chunks:
            taken += len(chunk)
            assert reader.bytes_read - taken <= RANGE_BYTES * 3 // 2
            await asyncio.sleep(0.001)  # a reader slower than the origin
    assert taken == len(DATA)


async def test_a_range_is_drained_though_nobody_reads(scene: Scene) -> None:
    reader = scene.reader()
    async with asyncio.timeout(5), aclosing(reader.read(0)) as chunks:
        await anext(chunks)
        while reader.bytes_read < RANGE_BYTES:
            await asyncio.sleep(0.01)


async def test_a_slow_reader_of_an_origin_without_ranges_holds_no_more(scene: Scene) -> None:
    scene.origin.has_ranges = False
    scene.origin.files["clip"] = DATA * 8
    reader = scene.reader()
    taken = 0
    async with aclosing(reader.read(0)) as chunks:
        async for chunk in chunks:
            taken += len(chunk)
            assert reader.bytes_read - taken <= RANGE_BYTES * 3 // 2 + (128 << 10)  # and one chunk on either side
            await asyncio.sleep(0.001)
    assert taken == 8 * len(DATA)


async def test_a_reader_that_leaves_ends_the_reading(scene: Scene) -> None:
    async with aclosing(scene.reader().read(0)) as chunks:
        await anext(chunks)
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("read one")]


async def test_an_origin_that_is_not_there_is_named_without_its_signature(scene: Scene) -> None:
    secret = "signature-9f3c"
    part = RemotePart(PartKind.BOTH, Secret(f"http://127.0.0.1:1/clip?sig={secret}"))
    with pytest.raises(TransientError, match=r"127\.0\.0\.1") as caught:
        await read(scene.reader(scene.refreshable(Media(ITEM, (part,)))))
    assert secret not in str(caught.value)


async def test_what_is_no_url_is_unplayable(scene: Scene) -> None:
    part = RemotePart(PartKind.BOTH, Secret("http://"))
    with pytest.raises(ItemUnplayable, match="not a valid URL"):
        await read(scene.reader(scene.refreshable(Media(ITEM, (part,)))))
