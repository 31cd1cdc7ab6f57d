"""Edits the answer to a start as the stream gets on air."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing

import discord
from discord import Embed

from bot.discord.responses import Answer
from bot.streams import cards, status_card
from streaming.services.status import StreamStatus

_log = logging.getLogger(__name__)

_EDIT_PAUSE_SECONDS = 1.0
"""At most about one edit a second; changes in between are shown as one."""
_FOLLOWED_SECONDS = 14 * 60
"""Discord lets an answer be edited for 15 minutes."""


async def show_start_progress(answer: Answer, statuses: AsyncGenerator[StreamStatus, None]) -> None:
    """Edits the answer whenever the stream's state changes, until it is settled."""
    try:
        async with asyncio.timeout(_FOLLOWED_SECONDS), aclosing(statuses):
            async for status in statuses:
                if not await _show(answer, status_card.stream(status)):
                    return
                if not status.is_settled:
                    await asyncio.sleep(_EDIT_PAUSE_SECONDS)
    except TimeoutError:
        await _show(answer, cards.still_starting())


async def _show(answer: Answer, card: Embed) -> bool:
    """False once the message is gone. An edit that fails otherwise is not retried: the next one shows more."""
    try:
        await answer.show(card)
    except discord.NotFound:
        return False
    except discord.HTTPException as error:
        _log.warning("The message about a start could not be edited: %s", error)
    return True
