"""Measures the kernel's send queue: data that FFmpeg counts as sent and the ingest has not accepted."""

import time
from collections import deque
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

_KEPT_REPORTS = 600
"""A minute of reports: an ingest that accepts nothing is left earlier than that."""
_PROC = Path("/proc")


def unsent_bytes(process: int) -> int | None:
    """The bytes in the send queues of a process's TCP connections; None where the system does not say (not Linux)."""
    try:
        queues = _send_queues(int(time.monotonic()))
        return sum(queues.get(inode, 0) for inode in _sockets(process))
    except OSError:
        return None


@lru_cache(maxsize=1)
def _send_queues(_second: int) -> dict[str, int]:
    """The send queue of every TCP socket by inode, read once a second for all streams: the tables are long."""
    tables = [(_PROC / "self" / "net" / name).read_text() for name in ("tcp", "tcp6")]
    rows = (line.split() for table in tables for line in table.splitlines()[1:])
    return {row[9]: int(row[4].partition(":")[0], 16) for row in rows if not row[4].startswith("00000000")}


def _sockets(process: int) -> set[str]:
    """The inodes of a process's open sockets, as proc(5) lists them."""
    names = set()
    for descriptor in (_PROC / str(process) / "fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            names.add(str(descriptor.readlink()))
    return {name[8:-1] for name in names if name.startswith("socket:[")}


class SendHistory:
    """Relates bytes that FFmpeg has written to its output time."""

    def __init__(self) -> None:
        self._reports: deque[tuple[int, float]] = deque(maxlen=_KEPT_REPORTS)

    def add(self, total_bytes: int, out_time_ms: float) -> None:
        """Adds one report."""
        self._reports.append((total_bytes, out_time_ms))

    def last_ms(self, unsent_bytes: int) -> float:
        """How long the last `unsent_bytes` of the output play."""
        if not self._reports or not unsent_bytes:
            return 0.0
        total_bytes, newest_ms = self._reports[-1]
        taken = (time_ms for history, time_ms in reversed(self._reports) if history <= total_bytes - unsent_bytes)
        return newest_ms - next(taken, self._reports[0][1])
