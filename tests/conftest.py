"""What tests of every kind use."""

import gc
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Where the clips of this run are kept, for all workers: what one of them has drawn, the others need not."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "clips"
    folder.mkdir(exist_ok=True)
    return folder


def pytest_collection_finish() -> None:
    """Like our programs once they started: what stays is not looked through again while streams are on air."""
    gc.collect()
    gc.freeze()
