"""What tests of every kind use."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the clips of this run are kept."""
    return tmp_path_factory.mktemp("clips")
