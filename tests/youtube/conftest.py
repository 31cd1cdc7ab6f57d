"""One YouTube stand-in for all tests here, emptied before each, with one public video; and resolvers that reach it."""

from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from streaming.settings import YouTubeSettings
from streaming.youtube.resolver import Resolver
from tests.standins.clips import ClipSpec, render
from tests.standins.youtube import YouTube

VIDEO = "aaaaaaaaaaa"


@pytest.fixture(scope="session")
def clip(clips: Path) -> Path:
    return render(clips, ClipSpec(seconds=2))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running_youtube() -> AsyncIterator[YouTube]:
    async with YouTube() as standin:
        yield standin


@pytest_asyncio.fixture(loop_scope="session")
async def youtube(running_youtube: YouTube, clip: Path) -> YouTube:
    await running_youtube.reset()
    await running_youtube.add_video(VIDEO, "First light", clip=clip)
    return running_youtube


@pytest.fixture
def settings(youtube: YouTube) -> YouTubeSettings:
    return YouTubeSettings(proxy=youtube.proxy_url, ca_file=youtube.ca_file)


@pytest.fixture
def make_resolver(settings: YouTubeSettings, tmp_path: Path) -> Callable[..., Resolver]:
    """A resolver with one worker unless told otherwise, to be entered by the test."""
    return partial(Resolver, settings, cache_dir=tmp_path, workers=1)


@pytest_asyncio.fixture(loop_scope="session")
async def resolver(make_resolver: Callable[..., Resolver]) -> AsyncIterator[Resolver]:
    async with make_resolver() as resolver:
        yield resolver
