"""What tests of every kind use."""

import gc
import hashlib
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import settings

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


def pytest_collection_finish() -> None:
    """Like our programs once they started: what stays is not looked through again while streams are on air."""
    gc.collect()
    gc.freeze()
