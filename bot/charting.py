"""Health charts on demand: drawn beside the event loop, and kept for whoever asks next.

A thread is enough: a drawing takes 0.2 s, in which the loop is held for 20 ms at a time, the first time for 50.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bot.ui.words import language_in_force
from streaming.control.control import Control
from streaming.control.guilds import Language
from streaming.control.history import HealthHistory, Span

_KEPT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class _Asked:
    guild_id: int
    stream_id: int
    span: Span
    language: Language


@dataclass(frozen=True, slots=True)
class _Kept:
    png: bytes
    until: float


class Charts:
    """The charts of a bot, drawn one at a time."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._kept: dict[_Asked, _Kept] = {}
        self._turn = asyncio.Lock()

    async def strip(self, guild_id: int, stream_id: int) -> bytes | None:
        """The last hour's bitrate, to stand below a picture. As `of`, but drawn for one who asks seldom."""
        async with self._turn:
            return await self._draw(_Asked(guild_id, stream_id, Span.HOUR, language_in_force()), _strip)

    async def of(self, guild_id: int, stream_id: int, span: Span) -> bytes | None:
        """The chart of a stream as a PNG, at most ten seconds old; None when it was not on air in that time.

        Raises NotFound when the guild has no such stream.
        """
        asked = _Asked(guild_id, stream_id, span, language_in_force())
        now = asyncio.get_running_loop().time
        async with self._turn:
            self._kept = {key: kept for key, kept in self._kept.items() if kept.until > now()}
            if kept := self._kept.get(asked):
                return kept.png
            png = await self._draw(asked, _chart)
            if png:
                self._kept[asked] = _Kept(png, now() + _KEPT_SECONDS)
            return png

    async def _draw(self, asked: _Asked, drawn: Callable[[HealthHistory], bytes]) -> bytes | None:
        history = await self._control.health(asked.guild_id, f"#{asked.stream_id}", asked.span)
        if not any(target.points for target in history.targets):
            return None
        return await asyncio.to_thread(drawn, history)


def _chart(history: HealthHistory) -> bytes:
    from bot.ui import charts  # noqa: PLC0415  (matplotlib takes a second to load, and most commands never draw)

    return charts.health(history)


def _strip(history: HealthHistory) -> bytes:
    from bot.ui import charts  # noqa: PLC0415  (as above)

    return charts.strip(history)
