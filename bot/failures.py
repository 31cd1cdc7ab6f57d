"""What people are told when a command fails: one message, only to whoever asked, and never a traceback."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from secrets import token_hex
from typing import Any

import discord
from discord import app_commands
from sqlalchemy.exc import DatabaseError

from bot.ui import cards, text
from streaming.database import is_passing
from streaming.errors import NonstopError

_log = logging.getLogger(__name__)

_UNKNOWN_INTERACTION = 10062
_ALREADY_ANSWERED = 40060


@asynccontextmanager
async def failures_told(interaction: discord.Interaction[Any]) -> AsyncIterator[None]:
    """Surrounds what discord.py would only log the failures of: callbacks of dynamic items."""
    try:
        yield
    except Exception as error:  # noqa: BLE001  (the outermost edge, where every error is told)
        await answer_failure(interaction, error)


async def answer_failure(interaction: discord.Interaction, error: Exception) -> None:
    """Tells whoever asked what happened and what to do."""
    cause = _cause(error)
    if isinstance(cause, discord.HTTPException) and cause.code in (_UNKNOWN_INTERACTION, _ALREADY_ANSWERED):
        _log.warning("An answer came too late, or twice, for interaction %s: %s", interaction.id, cause)
        return
    card = failure_card(cause)
    try:
        await _answer_privately(interaction, card)
    except discord.HTTPException as trouble:
        _log.warning("Nobody could be told of a failure in interaction %s: %s", interaction.id, trouble)


def failure_card(error: Exception) -> discord.Embed:
    """The card for an error; an unexpected one is logged under the number the card shows."""
    error = _cause(error)
    if isinstance(error, NonstopError):
        _log.info("Declined: %s", error)
        return cards.failure(error.message, error.hint)
    if isinstance(error, DatabaseError) and is_passing(error):
        _log.warning("A command found the database out of use: %s", error.orig)
        return cards.failure(text.DATABASE_AWAY, text.DATABASE_AWAY_HINT)
    if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        return cards.failure(text.OUTDATED, text.OUTDATED_HINT)
    reference = token_hex(3)
    _log.error("Unexpected failure %s", reference, exc_info=error)
    return cards.failure(text.UNEXPECTED, text.UNEXPECTED_HINT.format(reference=reference))


def _cause(error: Exception) -> Exception:
    return error.original if isinstance(error, app_commands.CommandInvokeError) else error


async def _answer_privately(interaction: discord.Interaction, card: discord.Embed) -> None:
    if not interaction.response.is_done():
        await interaction.response.send_message(embed=card, ephemeral=True)
    else:
        await interaction.followup.send(embed=card, ephemeral=True)
