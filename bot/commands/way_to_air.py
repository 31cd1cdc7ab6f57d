"""One message that follows a stream on its way to air."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing

import discord
from discord import Embed

from bot.answering import Answer
from bot.ui import cards
from streaming.control.status import StreamStatus

_log = logging.getLogger(__name__)

_EDIT_PAUSE_SECONDS = 1.0
"""Edits come at most about once a second; what changed in between is shown as one."""
_FOLLOWED_SECONDS = 14 * 60
"""Discord lets an answer be edited for 15 minutes."""


async def show_way_to_air(answer: Answer, statuses: AsyncGenerator[StreamStatus, None]) -> None:
    """Edits the answer as the stream's state changes, until there is nothing more to follow."""
    try:
        async with asyncio.timeout(_FOLLOWED_SECONDS), aclosing(statuses):
            async for status in statuses:
                if not await _show(answer, cards.stream(status)):
                    return
                if not status.is_settled:
                    await asyncio.sleep(_EDIT_PAUSE_SECONDS)
    except TimeoutError:
        await _show(answer, cards.still_starting())


async def _show(answer: Answer, card: Embed) -> bool:
    """Edits the answer; says no when it is gone. An edit that fails otherwise is made good by the next."""
    try:
        await answer.show(card)
    except discord.NotFound:
        return False
    except discord.HTTPException as error:
        _log.warning("The message about a start could not be edited: %s", error)
    return True
