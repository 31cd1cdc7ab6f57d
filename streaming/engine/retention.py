"""Retention: how long the database keeps log lines, commands, samples and runs."""

import asyncio
from collections.abc import Callable, Collection
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.storage.column_types import now
from streaming.storage.commands import CommandQueue
from streaming.storage.database import Database
from streaming.storage.logs import LogStore
from streaming.storage.runs import RunStore
from streaming.storage.samples import SampleStore

_PERIOD_SECONDS = 30.0
_SAMPLES_AT_ONCE = 10_000
"""As many as 300 targets leave in a period; deleting them locks the database for a few milliseconds only."""
_KEPT_SAMPLES = timedelta(hours=24)
_RUNS_AT_ONCE = 20
"""Each takes its log lines and samples with it."""
_KEPT_GUILD_LINES = timedelta(days=90)
_KEPT_RUNS = timedelta(days=90)
_KEPT_COMMANDS = timedelta(hours=1)
"""Panels request pictures all the time, and nobody reads old answers."""


class Retention:
    """Deletes old rows every half minute."""

    def __init__(self, database: Database, stream_ids: Callable[[], Collection[int]]) -> None:
        """`stream_ids` gives the streams whose logs grow at present."""
        self._database = database
        self._stream_ids = stream_ids

    async def run(self) -> None:
        """Deletes until cancelled."""
        while True:
            await self._database.patiently(self.apply)
            await asyncio.sleep(_PERIOD_SECONDS)

    async def apply(self) -> None:
        """Deletes what is too old by now."""
        async with self._database.session() as session:
            await _apply(session, tuple(self._stream_ids()))  # streams may come and go meanwhile
            await session.commit()


async def _apply(session: AsyncSession, stream_ids: Collection[int]) -> None:
    logs = LogStore(session)
    for stream_id in stream_ids:
        await logs.trim_stream(stream_id)
    await logs.forget_guild_lines(now() - _KEPT_GUILD_LINES)
    await RunStore(session).forget(now() - _KEPT_RUNS, _RUNS_AT_ONCE)
    await CommandQueue(session).forget(now() - _KEPT_COMMANDS)
    await SampleStore(session).forget(now() - _KEPT_SAMPLES, _SAMPLES_AT_ONCE)
