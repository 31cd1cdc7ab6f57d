"""Lists a playlist on request, without playing it."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from streaming.engine.messages import Answers
from streaming.model.errors import TransientError
from streaming.model.listed import Listed
from streaming.playlists.registry import Playlists

_LIMIT_SECONDS = 300.0
_REPORT_EVERY_SECONDS = 1.0


async def list_playlist(
    playlists: Playlists,
    reference: str,
    guild_id: int,
    report: Callable[[Listed], Awaitable[None]],
    *,
    report_every_seconds: float = _REPORT_EVERY_SECONDS,
) -> Listed:
    """Counts what is in a playlist and what of it can be played; reports progress about once a second.

    Raises UsageError for what is no playlist, and what `Playlist.items` raises when it cannot be listed.
    """
    playlist = await playlists.open(reference, guild_id, is_aside=True)
    items = playable = 0
    reported_at = time.monotonic()
    try:
        async with asyncio.timeout(_LIMIT_SECONDS):
            async for item in playlist.items():
                items, playable = items + 1, playable + (not item.reason_unplayable)
                if time.monotonic() - reported_at >= report_every_seconds:
                    reported_at = time.monotonic()
                    await report(Listed(playlist.title, items, playable))
    except TimeoutError:
        raise TransientError(Answers.PLAYLIST_TOO_SLOW(seconds=_LIMIT_SECONDS)) from None
    return Listed(playlist.title, items, playable)
