"""The folder for the sockets and lists of what a process has on air, removed at its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from streaming.model.errors import ConfigurationError
from streaming.model.message import Message

_LONGEST_BYTES = 103 - len("/1234567890/12345/slot.sock")
"""A Unix socket's path has at most 103 bytes on macOS, 107 on Linux; below this folder come run, target and socket."""
_HINT = Message("Set [streaming] temp_dir to a folder of this user.")


@contextmanager
def working_folder(temp_dir: Path | None) -> Iterator[Path]:
    """A new folder in `temp_dir` or the system's, removed at the end. Raises ConfigurationError when there is none."""
    try:
        temporary = TemporaryDirectory(prefix="ns-", dir=temp_dir)
    except OSError as error:
        where = temp_dir or "the system's folder for temporary files"
        raise ConfigurationError(f"Cannot create a working folder in {where}: {error.strerror}.", hint=_HINT) from error
    with temporary as name:
        folder = Path(name).absolute()
        if len(bytes(folder)) > _LONGEST_BYTES:
            raise ConfigurationError(f"The path {folder} is too long for the sockets in it.", hint=_HINT)
        yield folder
