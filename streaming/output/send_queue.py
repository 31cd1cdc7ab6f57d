"""What FFmpeg has written and the ingest has not taken: it waits in the kernel, where FFmpeg counts it as sent."""

import time
from collections import deque
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

_KEPT_REPORTS = 600
"""A minute of them: an ingest that takes nothing is not waited for longer."""
_PROC = Path("/proc")


def unsent_bytes(process: int) -> int | None:
    """The bytes in the send queues of a process's TCP connections; None where the system does not tell (not Linux)."""
    try:
        queues = _send_queues(int(time.monotonic()))
        return sum(queues.get(inode, 0) for inode in _sockets(process))
    except OSError:
        return None


@lru_cache(maxsize=1)
def _send_queues(_second: int) -> dict[str, int]:
    """What waits in every TCP socket by its inode, read once a second for all streams: the tables are long."""
    tables = [(_PROC / "self" / "net" / name).read_text() for name in ("tcp", "tcp6")]
    rows = (line.split() for table in tables for line in table.splitlines()[1:])
    return {row[9]: int(row[4].partition(":")[0], 16) for row in rows if not row[4].startswith("00000000")}


def _sockets(process: int) -> set[str]:
    """The inodes of the sockets a process has open, as the tables of proc(5) name them."""
    names = set()
    for descriptor in (_PROC / str(process) / "fd").iterdir():
        with suppress(FileNotFoundError):  # closed while we look
            names.add(str(descriptor.readlink()))
    return {name[8:-1] for name in names if name.startswith("socket:[")}


class SendHistory:
    """How far in time FFmpeg was when it had written so many bytes."""

    def __init__(self) -> None:
        self._reports: deque[tuple[int, float]] = deque(maxlen=_KEPT_REPORTS)

    def add(self, total_bytes: int, out_time_ms: float) -> None:
        """Takes one report."""
        self._reports.append((total_bytes, out_time_ms))

    def last_ms(self, unsent_bytes: int) -> float:
        """How long the last so many bytes of it play."""
        if not self._reports or not unsent_bytes:
            return 0.0
        total_bytes, newest_ms = self._reports[-1]
        taken = (time_ms for history, time_ms in reversed(self._reports) if history <= total_bytes - unsent_bytes)
        return newest_ms - next(taken, self._reports[0][1])
