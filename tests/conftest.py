"""What tests of every kind use."""

import gc
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the clips of this run are kept."""
    return tmp_path_factory.mktemp("clips")


def pytest_collection_finish() -> None:
    """Like our programs once they started: what stays is not looked through again while streams are on air."""
    gc.collect()
    gc.freeze()
