"""A YouTube stand-in with one public video, and resolvers that reach it."""

from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import pytest

from streaming.settings import YouTubeSettings
from streaming.youtube.resolver import Resolver
from tests.standins.clips import ClipSpec, render
from tests.standins.youtube import YouTube

VIDEO = "aaaaaaaaaaa"
MakeResolver = Callable[..., Resolver]


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return render(tmp_path_factory.mktemp("clips"), ClipSpec(seconds=2))


@pytest.fixture
async def youtube(clip: Path) -> AsyncIterator[YouTube]:
    async with YouTube() as standin:
        await standin.add_video(VIDEO, "First light", clip=clip)
        yield standin


@pytest.fixture
def settings(youtube: YouTube) -> YouTubeSettings:
    return YouTubeSettings(proxy=youtube.proxy_url, ca_file=youtube.ca_file)


@pytest.fixture
def make_resolver(settings: YouTubeSettings, tmp_path: Path) -> MakeResolver:
    """A resolver with one worker unless told otherwise, to be entered by the test."""
    return partial(Resolver, settings, cache_dir=tmp_path, workers=1)


@pytest.fixture
async def resolver(make_resolver: MakeResolver) -> AsyncIterator[Resolver]:
    async with make_resolver() as resolver:
        yield resolver
