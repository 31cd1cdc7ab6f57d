"""One YouTube stand-in for all tests here, emptied before each, and settings that reach it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import pytest_asyncio

from tests.standins.youtube import YouTube


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running_youtube() -> AsyncIterator[YouTube]:
    async with YouTube() as standin:
        yield standin


@pytest_asyncio.fixture(loop_scope="session")
async def youtube(running_youtube: YouTube) -> YouTube:
    await running_youtube.reset()
    return running_youtube


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder with a path short enough for the sockets below it."""
    with TemporaryDirectory(prefix="ns-test-") as folder:
        yield Path(folder)


@pytest.fixture
def data_dir(place: Path) -> Path:
    return place / "data"


@pytest.fixture
def config(youtube: YouTube, data_dir: Path, place: Path) -> Path:
    """Settings for processes that are to reach it."""
    path = place / "nonstop.toml"
    path.write_text(
        f'[youtube]\nproxy = "{youtube.proxy_url}"\nca_file = "{youtube.ca_file}"\n'
        f'[streaming]\ndata_dir = "{data_dir}"\n'
        '[targets]\nallow = ["127.0.0.0/8"]\n'
    )
    return path
