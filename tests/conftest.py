"""What tests of every kind use."""

import gc
import hashlib
import shutil
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import settings

from streaming.database import migrate
from streaming.demo import clips as demo_clips
from tests.standins import clips as test_clips
from tests.standins import picture_code

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
    """A database file with the newest tables and nothing in them. Migrating is a quarter of a second, a copy is not."""
    path = tmp_path_factory.mktemp("migrated") / "nonstop.db"
    migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture
def database_url(migrated: Path, tmp_path: Path) -> str:
    """A database of the test's own."""
    return f"sqlite+aiosqlite:///{shutil.copy(migrated, tmp_path / 'nonstop.db')}"


def pytest_collection_finish() -> None:
    """Like our programs once they started: what stays is not looked through again while streams are on air."""
    gc.collect()
    gc.freeze()
