"""A perishable part is read as if it were a file, whatever its origin does."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from streaming.model.backoff import Backoff
from streaming.model.errors import (
    ConfigurationError,
    ItemUnavailable,
    ItemUnplayable,
    NonstopError,
    PlatformTrouble,
    TransientError,
)
from streaming.model.items import Item, Media, PartKind, RemotePart
from streaming.model.patience import Patience
from streaming.redaction.secrets import Secret, redact
from streaming.settings import YouTubeSettings
from streaming.sources.origin import OriginClient
from streaming.sources.refresh import RefreshableMedia
from streaming.sources.remote import RemoteReader, Timing
from tests.standins.origin import Fault, Origin, Trouble, running

DATA = random.Random(1).randbytes(3 << 20)
ITEM = Item("one", "One")
PATIENCE = Patience(backoff=Backoff(0.02, 0.02), stall_seconds=0.2)
KBPS = 100.0  # so that a range is 30 s × 12,500 bytes
RANGE_BYTES = 375_000


@dataclass
class Clock:
    """A wall clock that is moved by hand, and by those who wait."""

    time: float = 1_000_000.0
    waits: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds
        await asyncio.sleep(0)


@dataclass
class Scene:
    """An origin, one item of it, and readers of the item's parts."""

    origin: Origin
    client: OriginClient
    clock: Clock
    life_seconds: float = 3600
    names: tuple[tuple[str, PartKind], ...] = (("clip", PartKind.BOTH),)
    refreshes: int = 0
    on_refresh: Callable[[], Awaitable[None]] | None = None

    def media(self) -> Media:
        parts = (self.origin.part(name, kind, life_seconds=self.life_seconds) for name, kind in self.names)
        return Media(ITEM, tuple(replace(part, bitrate_kbps=KBPS) for part in parts))

    async def refresh(self) -> Media:
        self.refreshes += 1
        if self.on_refresh:
            await self.on_refresh()
        return self.media()

    def refreshable(self, media: Media | None = None) -> RefreshableMedia:
        return RefreshableMedia(media or self.media(), self.refresh, limit_seconds=5, now=self.clock.now)

    def reader(
        self, media: RefreshableMedia | None = None, kind: PartKind = PartKind.BOTH, patience: Patience = PATIENCE
    ) -> RemoteReader:
        timing = Timing(self.clock.now, self.clock.sleep)
        return RemoteReader(media or self.refreshable(), kind, self.client, patience=patience, timing=timing)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with opened(YouTubeSettings()) as scene:
        yield scene


@asynccontextmanager
async def opened(youtube: YouTubeSettings) -> AsyncIterator[Scene]:
    clock = Clock()
    async with AsyncExitStack() as stack:
        origin = await stack.enter_async_context(running(Origin({"clip": DATA}, now=clock.now)))
        client = OriginClient(youtube, connect_seconds=2, stall_seconds=PATIENCE.stall_seconds)
        await stack.enter_async_context(client)
        yield Scene(origin, client, clock)


async def read(reader: RemoteReader, start: int = 0, stop: int | None = None) -> bytes:
    async with asyncio.timeout(20), aclosing(reader.read(start, stop)) as chunks:
        return b"".join([chunk async for chunk in chunks])


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


@pytest.mark.parametrize("status", [403, 410])
async def test_a_refused_url_is_replaced_and_read_on_at_the_same_byte(scene: Scene, status: int) -> None:
    reader = scene.reader()
    scene.origin.plan("clip", Fault(Trouble.CUT, 100_000), Fault(Trouble.STATUS, status=status))
    assert await read(reader) == DATA
    assert scene.refreshes == 1
    assert [asked.start for asked in scene.origin.asked][:3] == [0, 100_000, 100_000]


async def test_two_parts_refused_at_once_share_one_refresh(scene: Scene) -> None:
    scene.names = (("picture", PartKind.VIDEO), ("sound", PartKind.AUDIO))
    scene.origin.files = {"picture": DATA, "sound": DATA[: 1 << 20]}
    refreshable = scene.refreshable()
    both_refused = asyncio.Event()

    async def until_both_are_refused() -> None:
        while not (403 in scene.origin.statuses("picture") and 403 in scene.origin.statuses("sound")):
            await asyncio.sleep(0.01)
        both_refused.set()

    scene.on_refresh = until_both_are_refused
    scene.origin.revoke()
    readers = [scene.reader(refreshable, kind) for _, kind in scene.names]
    assert await asyncio.gather(*map(read, readers)) == [DATA, DATA[: 1 << 20]]
    assert both_refused.is_set()
    assert scene.refreshes == refreshable.refreshes == 1


async def test_a_url_that_expired_while_waiting_is_not_even_asked(scene: Scene) -> None:
    reader = scene.reader()
    scene.clock.time += 3601
    assert await read(reader) == DATA
    assert scene.refreshes == 1
    assert 403 not in scene.origin.statuses("clip")


async def test_a_url_is_replaced_as_soon_as_its_time_is_over(scene: Scene) -> None:
    reader = scene.reader()
    async with aclosing(reader.read(0)) as chunks:
        got = await anext(chunks)
        scene.clock.time += 3601
        got += b"".join([chunk async for chunk in chunks])
    assert got == DATA
    assert scene.refreshes == 1
    assert 403 not in scene.origin.statuses("clip")


async def test_what_is_refused_by_every_fresh_url_is_unavailable(scene: Scene) -> None:
    scene.origin.plan("clip", *[Fault(Trouble.STATUS, status=403)] * 9)
    with pytest.raises(ItemUnavailable, match="HTTP 403"):
        await read(scene.reader())
    assert scene.refreshes == PATIENCE.refusals


async def test_a_url_that_is_expired_by_our_clock_alone_is_used_all_the_same(scene: Scene) -> None:
    scene.origin.now = lambda: scene.clock.now() - 7200
    assert await read(scene.reader()) == DATA


async def test_trouble_of_the_platform_while_refreshing_is_passed_on(scene: Scene) -> None:
    async def bot_check() -> None:
        raise PlatformTrouble("YouTube wants to know whether we are a bot.")

    scene.on_refresh = bot_check
    scene.origin.revoke()
    refreshable = scene.refreshable()
    scene.origin.revoke()
    with pytest.raises(PlatformTrouble):
        await read(scene.reader(refreshable))


async def test_a_refresh_that_fails_for_a_moment_is_tried_again(scene: Scene) -> None:
    async def fail_once() -> None:
        if scene.refreshes == 1:
            raise TransientError("The worker died.")

    scene.on_refresh = fail_once
    refreshable = scene.refreshable()
    scene.origin.revoke()
    assert await read(scene.reader(refreshable)) == DATA
    assert scene.refreshes == 2


async def test_a_refresh_that_hangs_ends_at_its_limit(scene: Scene) -> None:
    refreshable = RefreshableMedia(scene.media(), asyncio.Event().wait, limit_seconds=0.05)  # type: ignore[arg-type]  # never gives
    with pytest.raises(TransientError, match="no fresh address"):
        await refreshable.refresh(refreshable.current)


async def test_a_file_that_changed_its_length_is_not_spliced(scene: Scene) -> None:
    scene.origin.plan("clip", Fault(Trouble.CUT, 100_000))
    reader = scene.reader()
    async with aclosing(reader.read(0)) as chunks:
        await anext(chunks)
        scene.origin.files["clip"] = DATA[:-7]
        with pytest.raises(ItemUnplayable, match=f"{len(DATA)} bytes, now {len(DATA) - 7}"):
            await read_rest(chunks)


async def test_another_format_is_not_spliced(scene: Scene) -> None:
    scene.origin.files["other"] = DATA
    scene.origin.plan("clip", Fault(Trouble.CUT, 100_000), Fault(Trouble.STATUS, status=403))
    reader = scene.reader()
    async with aclosing(reader.read(0)) as chunks:
        await anext(chunks)
        scene.names = (("other", PartKind.BOTH),)
        with pytest.raises(ItemUnplayable, match="another format"):
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
    with pytest.raises(ItemUnplayable, match="needs a seek"):
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
    with pytest.raises(ItemUnplayable, match="not a URL"):
        await read(scene.reader(scene.refreshable(Media(ITEM, (part,)))))


async def test_media_are_read_through_the_proxy_but_those_on_this_machine() -> None:
    async with opened(YouTubeSettings(proxy="http://127.0.0.1:1")) as scene:
        assert await read(scene.reader()) == DATA
        part = RemotePart(PartKind.BOTH, Secret("http://media.example/clip"))
        with pytest.raises(TransientError, match="the proxy does not take connections"):
            await read(scene.reader(scene.refreshable(Media(ITEM, (part,)))))


@pytest.mark.parametrize("answer", ["407 Proxy Authentication Required", "403 Forbidden", "502 Bad Gateway"])
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_refuses_is_told_of_without_its_password(
    answer: str, scheme: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")

    async def refuse(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with opened(YouTubeSettings(proxy=f"http://user:planted-pa55word@127.0.0.1:{port}")) as scene:
            part = RemotePart(PartKind.BOTH, Secret(f"{scheme}://media.example/clip"))
            with pytest.raises(NonstopError) as failure:
                await read(scene.reader(scene.refreshable(Media(ITEM, (part,)))))
    assert scheme == "http" or answer[:3] in str(failure.value)
    for error in (str(failure.value), redact(caplog.text)):
        assert "planted" not in error
        assert "user:" not in error


def test_a_proxy_that_media_cannot_be_read_through_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"youtube\.proxy"):
        OriginClient(YouTubeSettings(proxy="socks5://127.0.0.1:9"), connect_seconds=1, stall_seconds=1)


async def read_rest(chunks: AsyncIterator[bytes]) -> None:
    async with asyncio.timeout(10):
        async for _ in chunks:
            pass
