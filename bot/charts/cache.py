"""Health charts on demand, drawn outside of the event loop and cached for a few seconds.

A thread suffices: drawing takes 0.2 s and blocks the loop for 20 ms at a time, the first time for 50.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bot.i18n.words import current_language
from streaming.services.guilds import Language
from streaming.services.history import HealthHistory, HistoryService, Span

CHART_FILE = "health.png"
"""The name of a chart among a message's files."""
_KEPT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class _Key:
    guild_id: int
    stream_id: int
    span: Span
    language: Language


@dataclass(frozen=True, slots=True)
class _Entry:
    png: bytes
    expires_at: float
    """On the event loop's clock."""


class ChartCache:
    """Draws charts as PNGs, one at a time; None where the stream was not on air in the time of the chart.

    Raises NotFound when the guild has no such stream.
    """

    def __init__(self, history: HistoryService) -> None:
        self._history = history
        self._entries: dict[_Key, _Entry] = {}
        self._lock = asyncio.Lock()

    async def chart(self, guild_id: int, stream_id: int, span: Span) -> bytes | None:
        """The health of a stream over a span, at most ten seconds old."""
        key = _Key(guild_id, stream_id, span, current_language())
        now = asyncio.get_running_loop().time
        async with self._lock:
            self._entries = {each: entry for each, entry in self._entries.items() if entry.expires_at > now()}
            if entry := self._entries.get(key):
                return entry.png
            png = await self._draw(key, _chart)
            if png:
                self._entries[key] = _Entry(png, now() + _KEPT_SECONDS)
            return png

    async def strip(self, guild_id: int, stream_id: int) -> bytes | None:
        """The bitrate of the last hour, low enough to stand below a picture. Never cached: panels ask seldom."""
        async with self._lock:
            return await self._draw(_Key(guild_id, stream_id, Span.HOUR, current_language()), _strip)

    async def _draw(self, key: _Key, draw: Callable[[HealthHistory], bytes]) -> bytes | None:
        history = await self._history.health(key.guild_id, f"#{key.stream_id}", key.span)
        if not any(target.points for target in history.targets):
            return None
        return await asyncio.to_thread(draw, history)


def _chart(history: HealthHistory) -> bytes:
    from bot.charts import rendering  # noqa: PLC0415  (matplotlib takes a second to load, and most commands never draw)

    return rendering.health(history)


def _strip(history: HealthHistory) -> bytes:
    from bot.charts import rendering  # noqa: PLC0415  (as above)

    return rendering.strip(history)
