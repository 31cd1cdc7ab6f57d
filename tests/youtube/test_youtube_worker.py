"""The worker process by itself: its standard output is clean, and its standard input is its life."""

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from streaming.process.subprocesses import Child
from streaming.settings import YouTubeSettings
from streaming.youtube.formats import options
from streaming.youtube.resolver import Resolver
from tests.standins.youtube import Fault, YouTube

pytestmark = pytest.mark.asyncio(loop_scope="session")
VIDEO = "aaaaaaaaaaa"


async def test_what_yt_dlp_prints_never_reaches_the_answers(
    settings: YouTubeSettings, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    talkative = settings.model_copy(update={"options": {"debug_printtraffic": True, "quiet": False, "verbose": True}})
    async with Resolver(talkative, cache_dir=tmp_path, workers=1) as resolver:
        assert (await resolver.resolve(VIDEO)).item.key == VIDEO
    assert capfd.readouterr().out == ""


async def test_a_worker_ends_in_the_middle_of_a_job_when_its_input_ends(youtube: YouTube, tmp_path: Path) -> None:
    await youtube.fail("watch", Fault.STALL)
    settings = YouTubeSettings(proxy=youtube.proxy_url, options={"nocheckcertificate": True})
    worker = await Child.start([sys.executable, "-m", "streaming.youtube.worker"], stdin=True)
    worker.stdin.write(json.dumps(options(settings, tmp_path)).encode() + b"\n")
    assert b"yt_dlp" in await worker.stdout.readline()
    worker.stdin.write(json.dumps({"method": "resolve", "url": f"https://www.youtube.com/watch?v={VIDEO}"}).encode())
    worker.stdin.write(b"\n")
    await _met(youtube, lambda requests: requests["watch"] == 1)
    worker.stdin.close()
    async with asyncio.timeout(5):
        assert await worker.stdout.read() == b""
        assert await worker.wait() == 0


async def _met(youtube: YouTube, is_met: Callable[[dict[str, int]], bool]) -> None:
    async with asyncio.timeout(10):
        while not is_met(await youtube.requests()):
            await asyncio.sleep(0.02)
