"""What Nonstop keeps is for its own user alone: new files by the process's mask, older ones by a look at start."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sqlalchemy.engine import make_url

from streaming.settings import Settings

_MASK = 0o077
_KEPT = (
    "engine.lock",
    "bot.lock",
    "console.lock",
    "keys.lock",
    "commands.json",
    "recordings",
    "logs",
    "cache",
    "pictures",
    "demo",
)


def keep_private() -> None:
    """Has this process, and what it starts, make files that others can neither read nor write."""
    os.umask(_MASK)


def tighten(settings: Settings) -> None:
    """Takes the data folder and what is in it, and the database, from others; what is not ours to change stays."""
    for path in _ours(settings):
        with suppress(OSError):
            found = path.lstat()
            # Not a folder that belongs to all, as /tmp is, nor what a link leads to.
            if found.st_uid == os.geteuid() and not found.st_mode & stat.S_ISVTX and not stat.S_ISLNK(found.st_mode):
                path.chmod(stat.S_IMODE(found.st_mode) & ~_MASK)


def _ours(settings: Settings) -> Iterator[Path]:
    folder = settings.streaming.data_dir
    yield folder
    yield from (folder / name for name in _KEPT)
    database = Path(make_url(settings.database_url).database or "")
    yield from (database.with_name(database.name + ending) for ending in ("", "-wal", "-shm", ".migrating"))
