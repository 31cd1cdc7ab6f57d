"""The console's streams: their state in a line, waiting for their end, stopping them."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

from bot.cards import text
from bot.console import cards
from bot.console.interaction import GUILD_ID
from bot.i18n.words import streams
from streaming.services.actor import Actor
from streaming.services.status import StreamState, StreamStatus
from streaming.services.streams import StreamService
from streaming.storage.database import Database

CONSOLE = Actor(GUILD_ID, 0, "console")

_OFF_AIR_WITHIN_SECONDS = 15.0
_LOOK_EVERY_SECONDS = 1.0
_TITLE_LIMIT = 40


def line(statuses: Sequence[StreamStatus], *, with_position: bool) -> str:
    """The streams that are not over, side by side; without positions, which change every second, for logs."""
    shown = [_of(status, with_position=with_position) for status in statuses if not status.state.is_over]
    return "   ".join(shown) or "Nothing is on air."


def _of(status: StreamStatus, *, with_position: bool) -> str:
    playing = status.now_playing
    parts = [streams.STATES[status.state], _safe(status.title), _safe(playing.title) if playing else ""]
    if playing and with_position:
        length = f" / {text.duration(playing.duration_seconds)}" if playing.duration_seconds else ""
        parts.append(text.duration(playing.position_seconds) + length)
    if status.health and with_position:
        parts.append(f"{status.health.speed:.2f} ×")
    return " · ".join(filter(None, parts))


def _safe(title: str) -> str:
    return cards.plain(text.named(title, _TITLE_LIMIT))


async def put_off_air(streams: StreamService) -> None:
    """Stops every stream."""
    for status in await streams.all(GUILD_ID):
        if not status.state.is_over and status.state is not StreamState.STOPPING:
            await streams.stop(CONSOLE, f"#{status.stream_id}")


async def until_over(streams: StreamService, database: Database) -> None:
    """Waits until every stream is over, at most as long as an engine needs to stop."""
    await _until(lambda status: status.state.is_over, streams, database)


async def until_stopped(streams: StreamService, database: Database) -> bool:
    """Waits for streams that are stopping; whether there were any."""
    if all(status.state is not StreamState.STOPPING for status in await streams.all(GUILD_ID)):
        return False
    await _until(lambda status: status.state is not StreamState.STOPPING, streams, database)
    return True


async def _until(is_fine: Callable[[StreamStatus], bool], streams: StreamService, database: Database) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(_OFF_AIR_WITHIN_SECONDS), database.changes() as changes:
            while not all(map(is_fine, await streams.all(GUILD_ID))):
                await changes.wait(_LOOK_EVERY_SECONDS)
