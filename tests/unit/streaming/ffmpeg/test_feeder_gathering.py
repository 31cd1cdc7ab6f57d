"""Reading ahead in a feeder that nobody watches yet."""

import asyncio
import sys

from streaming.ffmpeg.feeder import Feeder
from tests.unit.streaming.timeline.program_parts import ItemSpec, clusters

SILENT = [sys.executable, "-c", "import time; time.sleep(600)"]


async def test_a_feeder_that_gives_nothing_is_not_waited_for_without_end() -> None:
    feeder = await Feeder.start(SILENT, lambda _: None)
    first = clusters(ItemSpec())[0]
    feeder._gathered.append(first)
    try:
        async with asyncio.timeout(10):
            await feeder.gather(1.5, patience_seconds=0.1)
            assert [cluster async for cluster in feeder.clusters()] == [first]
            assert not await feeder.ended_well()
    finally:
        await feeder.stop()
