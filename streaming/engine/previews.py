"""Previews: a picture of what is on air, decoded when somebody asks, and kept for who asks next."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from weakref import WeakValueDictionary

from streaming.engine.messages import Answers
from streaming.ffmpeg import thumbnail
from streaming.model.errors import NotFound
from streaming.model.message import Message
from streaming.process.fair_queue import FairQueue
from streaming.storage.database import Database
from streaming.storage.tables import Preview

_FRESH_SECONDS = 2.0
"""A picture younger than this is as good as a new one."""
_AT_ONCE = 2
"""However many streams are looked at, so few are decoded side by side: the processor belongs to what is on air."""


class Previewer:
    """Takes pictures of streams; of one stream, one at a time."""

    def __init__(self, ffmpeg: str, database: Database) -> None:
        self._ffmpeg = ffmpeg
        self._database = database
        self._decoding = FairQueue(_AT_ONCE)
        self._taken_at: dict[int, float] = {}
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def take(self, stream_id: int, keyframe: Callable[[], Awaitable[bytes | None]], guild_id: int = 0) -> Message:
        """Writes a picture of the newest keyframe to the stream's row, unless a fresh one is there; says so.

        Raises NotFound when there is nothing to see yet, ServiceUnavailable when it cannot be decoded, TransientError
        when the guild wants too many at once.
        """
        turn = self._turns.setdefault(stream_id, asyncio.Lock())
        async with turn:  # who comes meanwhile finds the picture of who came first
            if time.monotonic() - self._taken_at.get(stream_id, float("-inf")) < _FRESH_SECONDS:
                return Answers.PICTURE_TAKEN()
            preview = await self._decoded(stream_id, keyframe, guild_id)
            await self._database.patiently(lambda: self._write(preview))
            now = time.monotonic()
            self._taken_at = {id_: at for id_, at in self._taken_at.items() if now - at < _FRESH_SECONDS}
            self._taken_at[stream_id] = now
        return Answers.PICTURE_TAKEN()

    async def _decoded(self, stream_id: int, keyframe: Callable[[], Awaitable[bytes | None]], guild_id: int) -> Preview:
        async with self._decoding.turn(guild_id):
            newest, taken_at = await keyframe(), datetime.now(UTC)
            if newest is None:
                raise NotFound(Answers.NOTHING_TO_SEE(), hint=Answers.TRY_SOON())
            return Preview(stream_id=stream_id, jpeg=await thumbnail.jpeg(self._ffmpeg, newest), taken_at=taken_at)

    async def _write(self, preview: Preview) -> None:
        async with self._database.session() as session:
            await session.merge(preview)
            await session.commit()
