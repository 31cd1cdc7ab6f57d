"""The resolver keeps answering: it remembers, shares, replaces what dies or hangs, and is not blocked by listings."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

import psutil
import pytest

from streaming.ffmpeg import binary
from streaming.model.errors import TransientError
from streaming.model.items import Item
from streaming.playlists.registry import Playlists
from streaming.settings import Settings, StreamingSettings, YouTubeSettings
from streaming.youtube.playlist import YouTubePlaylist
from streaming.youtube.references import parse_reference
from streaming.youtube.resolver import RateLimit, Resolver
from tests.standins.youtube import Fault, YouTube

pytestmark = pytest.mark.asyncio(loop_scope="session")
MakeResolver = Callable[..., Resolver]
VIDEO = "aaaaaaaaaaa"
LIST = "PLaaaaaaaaaaaaaaaa"


async def resolved(youtube: YouTube) -> int:
    """How many videos were really asked for."""
    return (await youtube.requests())["watch"]


async def test_an_answer_is_remembered_unless_a_fresh_one_is_wanted(youtube: YouTube, resolver: Resolver) -> None:
    first = await resolver.resolve(VIDEO)
    assert await resolver.resolve(VIDEO) is first
    assert await resolved(youtube) == 1
    assert (await resolver.resolve(VIDEO, fresh=True)).parts != first.parts
    assert await resolved(youtube) == 2


async def test_an_answer_is_forgotten_shortly_before_its_urls_expire(youtube: YouTube, resolver: Resolver) -> None:
    await youtube.behave(url_life_seconds=1)
    first = await resolver.resolve(VIDEO)
    assert first.expires_at
    async with asyncio.timeout(5):
        while (second := await resolver.resolve(VIDEO)) is first:
            assert time.time() < first.expires_at
            await asyncio.sleep(0.02)
    assert second.expires_at
    assert second.expires_at >= first.expires_at


async def test_callers_for_one_video_share_one_request(youtube: YouTube, resolver: Resolver) -> None:
    answers = await asyncio.gather(*(resolver.resolve(VIDEO) for _ in range(8)))
    assert all(answer is answers[0] for answer in answers)
    assert await resolved(youtube) == 1


async def test_a_caller_who_goes_away_does_not_take_the_answer_from_others(resolver: Resolver) -> None:
    impatient = asyncio.create_task(resolver.resolve(VIDEO))
    patient = asyncio.create_task(resolver.resolve(VIDEO))
    await asyncio.sleep(0)
    impatient.cancel()
    assert (await patient).item.key == VIDEO
    with pytest.raises(asyncio.CancelledError):
        await impatient


async def test_a_killed_worker_is_replaced_and_nobody_notices(youtube: YouTube, resolver: Resolver) -> None:
    await resolver.ready()
    (pid,) = resolver.worker_pids
    await youtube.behave(latency_seconds=0.3)
    waiting = asyncio.create_task(resolver.resolve(VIDEO))
    async with asyncio.timeout(5):
        while not await resolved(youtube):
            await asyncio.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    assert (await waiting).item.key == VIDEO
    assert resolver.worker_pids != (pid,)


async def test_a_hung_worker_is_killed_at_its_limit_and_replaced(youtube: YouTube, make_resolver: MakeResolver) -> None:
    async with make_resolver(job_seconds=3) as resolver:
        await resolver.ready()
        (pid,) = resolver.worker_pids
        await youtube.fail("watch", Fault.STALL)
        began = time.monotonic()
        with pytest.raises(TransientError, match="in time"):
            await resolver.resolve(VIDEO)
        assert time.monotonic() - began < 6
        assert not psutil.pid_exists(pid)
        assert (await resolver.resolve(VIDEO)).item.key == VIDEO


async def test_a_question_may_take_as_long_as_the_operator_says(
    youtube: YouTube, settings: YouTubeSettings, tmp_path: Path
) -> None:
    streaming = StreamingSettings(data_dir=tmp_path, operation_timeout_seconds=5)
    async with Playlists(Settings(youtube=settings, streaming=streaming), binary.find(streaming)) as playlists:
        playlist = await playlists.open(VIDEO, 1)
        await playlist.resolve(Item(VIDEO, "Warm"))
        await youtube.fail("watch", Fault.STALL)
        began = time.monotonic()
        with pytest.raises(TransientError, match="in time"):
            await playlist.resolve(Item(VIDEO, "Warm"), fresh=True)
        assert 4 < time.monotonic() - began < 15


async def test_videos_are_resolved_while_ten_thousand_are_listed(
    youtube: YouTube, make_resolver: MakeResolver, clip: Path
) -> None:
    ids = await youtube.add_videos("long", 10_000, clip=clip)
    await youtube.add_playlist(LIST, "Long", ids)
    await youtube.behave(latency_seconds=0.05)
    async with make_resolver(workers=2) as resolver:
        await resolver.ready()
        listed = 0

        async def list_on() -> None:
            nonlocal listed
            async for _ in resolver.list(parse_reference(LIST)):
                listed += 1

        listing = asyncio.create_task(list_on())
        waits: list[float] = []
        for number in (0, 5000, 9999, 1234, 4321):
            began = time.monotonic()
            await resolver.resolve(ids[number])
            waits.append(time.monotonic() - began)
        assert not listing.done()
        assert listed > 0
        assert max(waits) < 3, f"resolves took {waits}"
        listing.cancel()
        await asyncio.wait([listing])


async def test_two_long_listings_move_on_side_by_side(youtube: YouTube, resolver: Resolver, clip: Path) -> None:
    """One worker is enough: pages are asked for in turn, so the second need not wait for the whole of the first."""
    ids = await youtube.add_videos("side", 2000, clip=clip)
    await youtube.add_playlist(LIST, "One", ids)
    await youtube.add_playlist("PLbbbbbbbbbbbbbbbb", "Two", ids)
    async with aclosing(YouTubePlaylist(parse_reference(LIST), resolver).items()) as one:
        assert (await anext(one)).key == ids[0]
        async with aclosing(YouTubePlaylist(parse_reference("PLbbbbbbbbbbbbbbbb"), resolver).items()) as two:
            for number in range(150):
                assert (await anext(two)).key == ids[number]
            assert (await anext(one)).key == ids[1]
    assert (await youtube.requests())["browse"] == 3


async def test_a_listing_outlives_the_worker_that_read_it(youtube: YouTube, resolver: Resolver, clip: Path) -> None:
    ids = await youtube.add_videos("kill", 150, clip=clip)
    await youtube.add_playlist(LIST, "Killed", ids)
    keys: list[str] = []
    async for item in resolver.list(parse_reference(LIST)):
        keys.append(item.key)
        if len(keys) == 50:
            os.kill(resolver.worker_pids[0], signal.SIGKILL)
    assert keys == ids


async def test_an_upgraded_yt_dlp_takes_effect_at_the_next_video(
    resolver: Resolver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await resolver.ready()
    before = resolver.worker_pids
    await resolver.resolve(VIDEO, fresh=True)
    assert resolver.worker_pids == before
    upgraded = tmp_path / "upgraded" / "yt_dlp-9999.1.1.dist-info"
    upgraded.mkdir(parents=True)
    (upgraded / "METADATA").write_text("Metadata-Version: 2.1\nName: yt-dlp\nVersion: 9999.1.1\n")
    monkeypatch.syspath_prepend(upgraded.parent)
    await resolver.resolve(VIDEO, fresh=True)
    after = resolver.worker_pids
    assert after != before
    await resolver.resolve(VIDEO, fresh=True)
    assert resolver.worker_pids == after


async def test_a_worker_has_its_day_after_so_many_videos(make_resolver: MakeResolver) -> None:
    async with make_resolver(jobs_per_worker=2) as resolver:
        seen: list[tuple[int, ...]] = []
        for _ in range(4):
            await resolver.resolve(VIDEO, fresh=True)
            seen.append(resolver.worker_pids)
    assert seen[0] == seen[1] != seen[2] == seen[3]


async def test_beyond_the_burst_videos_are_asked_for_at_the_permitted_rate(make_resolver: MakeResolver) -> None:
    async with make_resolver(rate_limit=RateLimit(per_hour=3600 / 0.5, burst=1)) as resolver:
        await resolver.resolve(VIDEO)
        began = time.monotonic()
        for _ in range(2):
            await resolver.resolve(VIDEO, fresh=True)
        assert time.monotonic() - began > 0.5


async def test_what_can_wait_takes_a_permission_only_when_half_of_them_are_left() -> None:
    limit = RateLimit(per_hour=3600 / 0.2, burst=10)
    for _ in range(6):
        await limit.wait_for_spare()
    began = time.monotonic()
    await limit.wait_for_spare()
    assert time.monotonic() - began > 0.1
    began = time.monotonic()
    for _ in range(4):
        await limit.wait()
    assert time.monotonic() - began < 0.1


async def test_versions_are_known_once_ready(resolver: Resolver) -> None:
    await resolver.ready()
    assert resolver.version.startswith("202")
    assert resolver.runtime.startswith("deno ")


async def test_no_process_is_left_behind(make_resolver: MakeResolver) -> None:
    async with make_resolver(workers=2) as resolver:
        await resolver.ready()
        pids = resolver.worker_pids
        assert len(pids) == 2
        waiting = asyncio.create_task(resolver.resolve(VIDEO))
        await asyncio.sleep(0)
    assert not any(psutil.pid_exists(pid) for pid in pids)
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_workers_die_with_whoever_started_them(tmp_path: Path) -> None:
    """The parent is killed the hard way; what it started ends by itself."""
    program = (
        "import asyncio, pathlib, sys\n"
        "from streaming.settings import YouTubeSettings\n"
        "from streaming.youtube.resolver import Resolver\n"
        "async def main():\n"
        "    async with Resolver(YouTubeSettings(), cache_dir=pathlib.Path(sys.argv[1])) as resolver:\n"
        "        await resolver.ready()\n"
        "        print(*resolver.worker_pids, flush=True)\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout
    pids = [int(pid) for pid in (await parent.stdout.readline()).split()]
    assert len(pids) == 2
    parent.kill()
    await parent.communicate()
    async with asyncio.timeout(5):
        while any(map(_is_running, pids)):
            await asyncio.sleep(0.02)


def _is_running(pid: int) -> bool:
    """A process nobody has waited for is as good as gone."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
