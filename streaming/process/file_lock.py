"""A lock file. The kernel lets go of it when the process ends, however it ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streaming.model.errors import ConfigurationError, NonstopError
from streaming.model.message import Message


@contextmanager
def held(path: Path, refusal: NonstopError, *, is_shared: bool = False) -> Iterator[None]:
    """Holds the lock, alone or with others that share it.

    Raises the refusal while another process holds it, and ConfigurationError when its folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.open("w")
    except OSError as error:
        raise ConfigurationError(
            f"The data folder {path.parent} cannot be written: {error.strerror}.",
            hint=Message("Set [streaming] data_dir to a folder of this user."),
        ) from error
    with lock:
        try:
            fcntl.flock(lock, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise refusal from None
        yield
