"""A program with items written into it, and uplinks that send on command, for the tests of what lies between."""

import asyncio
from collections.abc import Awaitable, Callable

from streaming.timeline import program as module
from streaming.timeline.program import Program
from streaming.timeline.splice import Airing, TimelineCluster
from tests.unit.streaming.timeline.program_parts import FRAME_MS, ItemSpec, airing, clusters

CLUSTER_MS = 250.0
CLUSTERS_A_GOP = 8
HANDED_AHEAD_MS = module._HANDED_AHEAD_MS
STARVED_AHEAD_MS = module._STARVED_AHEAD_MS
A_MOMENT_SECONDS = 0.05
"""Long enough for the event loop to do all that can be done without time passing."""


class Running:
    """A program with items of 2 s GOPs written into it, and uplinks that send what they are handed."""

    def __init__(self, *, lead_seconds: float = 1000.0) -> None:
        self.program = Program(lead_seconds=lead_seconds)
        self.airing = airing(ItemSpec(), 1)
        self.written = 0

    def write(self, count: int, *, cluster_bytes: int = 100) -> None:
        for _ in range(count):
            self.program.append(self.placed(cluster_bytes))
            self.written += 1

    def placed(self, length: int) -> TimelineCluster:
        start_ms = self.written * CLUSTER_MS
        is_keyframe = self.written % CLUSTERS_A_GOP == 0
        end_ms = start_ms + CLUSTER_MS
        cluster = clusters(ItemSpec())[0]
        pictures_ms = tuple(end_ms - frames * FRAME_MS for frames in (3, 2, 1))
        return TimelineCluster(
            self.airing,
            self.airing.header,
            (bytes(length),),
            start_ms,
            end_ms,
            is_keyframe,
            end_ms,
            cluster,
            pictures_ms,
        )

    def begin(self, play_id: int) -> Airing:
        self.airing = airing(ItemSpec(), play_id)
        self.airing.start_ms = self.written * CLUSTER_MS
        return self.airing


class Reader:
    """An uplink that sends on command: its FFmpeg's output time counts from where it began."""

    def __init__(self, program: Program) -> None:
        self.program, self.position = program, program.attach()
        self.given: list[TimelineCluster] = []
        self.out_time_ms = 0.0
        self._slot: Airing | None = None

    def connect(self) -> None:
        self.program.join(self.position)
        self.given, self.out_time_ms = [], 0.0

    async def take(self) -> TimelineCluster:
        async with asyncio.timeout(2):
            placed = await self.program.next_cluster(self.position)
        if not self.given or self.position.jumped:
            self.position.start_slot(placed)
        self.program.advance(self.position)
        self.given.append(placed)
        return placed

    async def take_all(self) -> list[TimelineCluster]:
        """What it is handed without sending anything."""
        taken = []
        try:
            while True:
                async with asyncio.timeout(A_MOMENT_SECONDS):
                    await self.program.next_cluster(self.position)
                taken.append(await self.take())
        except TimeoutError:
            return taken

    def send(self) -> None:
        """Sends all it was handed."""
        self.out_time_ms = sum(placed.end_ms - placed.start_ms for placed in self.given)
        self.program.sent(self.position, self.out_time_ms)

    async def play(self, until_ms: float) -> None:
        while self.position.handed_ms < until_ms or not self.given:
            await self.take()
            self.send()

    def break_off(self) -> None:
        self.program.leave(self.position)


def reading(running: Running) -> Reader:
    reader = Reader(running.program)
    reader.connect()
    return reader


async def is_waiting(condition: Callable[[], Awaitable[None]]) -> bool:
    """Whether nothing happens for a moment."""
    try:
        async with asyncio.timeout(A_MOMENT_SECONDS):
            await condition()
    except TimeoutError:
        return True
    return False
