"""What tests of every kind use."""

import gc
import hashlib
import shutil
from collections.abc import AsyncIterator
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import settings

from streaming.playlists.demo import clips as demo_clips
from streaming.services.services import Services
from streaming.storage.database import migrate
from tests.standins import clips as test_clips
from tests.standins import picture_code
from tests.standins.paper_engine import PaperEngine

settings.register_profile("unhurried", deadline=None)  # machines are busy; a test has a limit of its own
settings.load_profile("unhurried")

DRAWING = (test_clips, picture_code, demo_clips)
"""What draws clips."""


@pytest.fixture(scope="session")
def clips(pytestconfig: pytest.Config) -> Path:
    """Where clips are kept, for all workers and the next run: what the same code has drawn is not drawn again."""
    drawn_by = hashlib.sha256(version("imageio-ffmpeg").encode())
    for module in DRAWING:
        drawn_by.update(Path(str(module.__file__)).read_bytes())
    assert pytestconfig.cache
    return pytestconfig.cache.mkdir(f"clips-{drawn_by.hexdigest()[:8]}")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with all tables, to copy: migrating takes a quarter of a second for each test."""
    path = tmp_path_factory.mktemp("migrated") / "nonstop.db"
    migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture
def database_url(migrated: Path, tmp_path: Path) -> str:
    """A database of the test's own."""
    return f"sqlite+aiosqlite:///{shutil.copy(migrated, tmp_path / 'nonstop.db')}"


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[PaperEngine]:
    engine = PaperEngine(database_url)
    yield engine
    await engine.close()


@pytest.fixture
def nobody_answers(services: Services) -> None:
    """A command waits only briefly to be taken, for tests in which no engine takes it."""
    services.queue._commands.life_seconds = 0.3


def pytest_collection_finish() -> None:
    """Like our programs once they started: what stays is not looked through again while streams are on air."""
    gc.collect()
    gc.freeze()
