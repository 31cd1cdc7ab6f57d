"""Feeders: one FFmpeg per item, which writes Matroska with one H.264 and one AAC stream to a pipe."""

import asyncio
import signal
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from streaming.bitstream.matroska import Cluster, Header, read
from streaming.ffmpeg.stderr import Complaint, classify
from streaming.model.patience import PATIENCE
from streaming.process.subprocesses import Child

_NICENESS = 5
"""Feeders work ahead; uplinks have to keep time."""
_READ_LIMIT_BYTES = 1 << 18
_STILL_SECONDS = PATIENCE.longest_silence_seconds + 10.0
"""How long a feeder may be silent: longer than its source keeps retrying."""


@dataclass(slots=True)
class _ReportedFaults:
    """Faults that FFmpeg has reported on standard error."""

    ran_out_of_memory: bool = False
    found_damage: bool = False

    def note(self, line: str) -> None:
        complaint = classify(line)
        self.ran_out_of_memory = self.ran_out_of_memory or complaint is Complaint.OUT_OF_MEMORY
        self.found_damage = self.found_damage or complaint is Complaint.INPUT_BROKEN


class Feeder:
    """A running feeder. It works as fast as its clusters are read, and pauses while they are not."""

    def __init__(self, child: Child, reported: _ReportedFaults) -> None:
        self._child = child
        self._reported = reported
        self._elements = read(child.stdout)
        self._gathered: deque[Cluster] = deque()

    @classmethod
    async def start(
        cls,
        command_line: Sequence[str],
        on_error_line: Callable[[str], None],
        *,
        memory_mb: int = 0,
        niceness: int = _NICENESS,
    ) -> "Feeder":
        """Starts FFmpeg; `on_error_line` gets its error output. `memory_mb` limits its memory; 0 means no limit."""
        reported = _ReportedFaults()

        def read_line(line: str) -> None:
            reported.note(line)
            on_error_line(line)

        child = await Child.start(
            command_line,
            on_error_line=read_line,
            buffer_bytes=_READ_LIMIT_BYTES,
            niceness=niceness,
            memory_mb=memory_mb,
        )
        return cls(child, reported)

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def ran_out_of_memory(self) -> bool:
        """Whether FFmpeg hit its memory limit. Final only after its end was awaited."""
        return self._reported.ran_out_of_memory

    @property
    def found_damage(self) -> bool:
        """Whether FFmpeg met damaged packets in the item."""
        return self._reported.found_damage

    async def ready(self, *, timeout_seconds: float) -> Header | None:
        """Waits for the header and the first cluster, so that the item can start at once. None without any media.

        Raises TimeoutError.
        """
        async with asyncio.timeout(timeout_seconds):
            header = await anext(self._elements, None)
            first = await anext(self._elements, None)
        if not isinstance(header, Header) or not isinstance(first, Cluster):
            return None
        self._gathered.append(first)
        return header

    async def gather(self, seconds: float, *, patience_seconds: float = _STILL_SECONDS) -> None:
        """Reads ahead until `seconds` are buffered or the item ends, for an item that starts without a lead.

        The health monitor watches only feeders on air, so a silent one is killed here.
        """
        try:
            while self._gathered[-1].blocks[0].time_ms - self._gathered[0].blocks[0].time_ms < seconds * 1000:
                async with asyncio.timeout(patience_seconds):
                    element = await anext(self._elements)
                assert isinstance(element, Cluster)
                self._gathered.append(element)
        except StopAsyncIteration:
            pass
        except (ValueError, TimeoutError):  # no Matroska, or silence
            self.kill()

    async def clusters(self) -> AsyncIterator[Cluster]:
        """Yields the clusters from the first one, until the item or its FFmpeg ends."""
        while self._gathered:
            yield self._gathered.popleft()
        try:
            async for element in self._elements:
                assert isinstance(element, Cluster)
                yield element
        except ValueError:  # no Matroska
            self.kill()

    async def ended_well(self) -> bool:
        """Waits for FFmpeg's end. True when the whole item was read."""
        return await self._child.wait() == 0

    async def was_killed(self) -> bool:
        """Waits for FFmpeg's end. True when a signal ended it, which says nothing about the item."""
        return await self._child.wait() < 0

    def kill(self) -> None:
        """Kills it without waiting."""
        self._child.kill()

    async def stop(self) -> None:
        """Kills it and waits. SIGTERM would make it finish its encoding, which has no reader."""
        await self._child.stop(first=signal.SIGKILL)
