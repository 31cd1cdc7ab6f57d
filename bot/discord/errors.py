"""Turns exceptions into one card for the user, never with a traceback."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from secrets import token_hex
from typing import Any

import discord
from discord import app_commands
from sqlalchemy.exc import DatabaseError

from bot.cards import basic as cards
from bot.discord import bot_permissions
from bot.discord.responses import send_private
from bot.i18n.languages import use_user_language
from bot.i18n.words import discord as words
from streaming.model.errors import NonstopError
from streaming.storage.database import is_passing

_log = logging.getLogger(__name__)

# https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
_UNKNOWN_WEBHOOK, _UNKNOWN_INTERACTION = 10015, 10062
_ALREADY_ANSWERED, _TOKEN_EXPIRED = 40060, 50027
_GONE = (_UNKNOWN_WEBHOOK, _UNKNOWN_INTERACTION, _ALREADY_ANSWERED, _TOKEN_EXPIRED)
_TOO_MANY_REQUESTS = 429
_SERVER_ERRORS = 500
_UNHANDLED_SECONDS = 2.0
"""Every handler responds within a second; Discord gives up after three."""
_POLL_SECONDS = 0.1


@asynccontextmanager
async def report_failures(interaction: discord.Interaction[Any]) -> AsyncIterator[None]:
    """Reports failures where discord.py would only log them: in checks, and in callbacks of dynamic items.

    Sets the user's language.
    """
    use_user_language(interaction)
    try:
        yield
    except Exception as error:  # noqa: BLE001  (the outermost edge, where every error is reported)
        await report_failure(interaction, error)


async def report_failure(interaction: discord.Interaction[Any], error: Exception) -> None:
    """Sends the user what happened and what to do."""
    cause = _cause(error)
    if isinstance(cause, discord.HTTPException) and cause.code in _GONE:
        _log.warning("Interaction %s was answered too late or twice: %s", interaction.id, cause)
        return
    use_user_language(interaction)  # the handler may have set the guild's
    card = failure_card(cause, interaction.app_permissions)
    try:
        await _send(interaction, card)
    except (discord.HTTPException, discord.InteractionResponded) as trouble:
        _log.warning("The failure of interaction %s could not be shown: %s", interaction.id, trouble)


async def answer_unhandled(interaction: discord.Interaction[Any]) -> None:
    """Answers a button or form that no handler of this version answers."""
    if interaction.type not in (discord.InteractionType.component, discord.InteractionType.modal_submit):
        return
    gives_up_at = time.monotonic() + _UNHANDLED_SECONDS
    while time.monotonic() < gives_up_at:
        await asyncio.sleep(_POLL_SECONDS)
        if interaction.response.is_done():
            return
    async with report_failures(interaction):
        await send_private(interaction, cards.failure(words.DEAD_BUTTON, words.DEAD_BUTTON_HINT))


def failure_card(error: Exception, allowed: discord.Permissions | None = None) -> discord.Embed:
    """The card for an error; an unexpected one is logged under the reference the card shows.

    `allowed` are the bot's permissions where it happened.
    """
    error = _cause(error)
    if isinstance(error, NonstopError):
        _log.info("Declined: %s. %s", type(error).__name__, error.hint)  # the message may repeat what was typed
        return cards.failure(error.message, error.hint)
    if isinstance(error, DatabaseError) and is_passing(error):
        _log.warning("A command failed because the database is unavailable: %s", error.orig)
        return cards.failure(words.DATABASE_AWAY, words.DATABASE_AWAY_HINT)
    if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        return cards.failure(words.OUTDATED, words.OUTDATED_HINT)
    if isinstance(error, app_commands.TransformerError):
        return cards.failure(words.UNKNOWN_CHOICE.format(what=error.value), words.UNKNOWN_CHOICE_HINT)
    if isinstance(error, discord.DiscordException) and (card := _discord_card(error, allowed)):
        return card
    reference = token_hex(3)
    _log.error("Unexpected failure %s", reference, exc_info=error)
    return cards.failure(words.UNEXPECTED, words.UNEXPECTED_HINT.format(reference=reference))


def _discord_card(error: discord.DiscordException, allowed: discord.Permissions | None) -> discord.Embed | None:
    """The card for a missing permission or an outage of Discord's; None for a mistake of ours."""
    if isinstance(error, discord.Forbidden):
        missing = bot_permissions.missing(allowed) if allowed is not None else []
        _log.warning("Discord denies a permission: %s", error)
        return cards.failure(
            words.may_not_post(words.HERE, missing) if missing else words.NOT_ALLOWED,
            words.GIVE_PERMISSIONS if missing else words.NOT_ALLOWED_HINT,
        )
    status = _TOO_MANY_REQUESTS if isinstance(error, discord.RateLimited) else getattr(error, "status", 0)
    if status != _TOO_MANY_REQUESTS and status < _SERVER_ERRORS:
        return None
    reference = token_hex(3)
    _log.warning("Discord has a problem (%s): %s", reference, error)
    happened = words.TOO_MANY if status == _TOO_MANY_REQUESTS else words.trouble(status)
    return cards.failure(happened, words.TROUBLE_HINT.format(reference=reference))


def _cause(error: Exception) -> Exception:
    return error.original if isinstance(error, app_commands.CommandInvokeError) else error


async def _send(interaction: discord.Interaction[Any], card: discord.Embed) -> None:
    if interaction.type is discord.InteractionType.autocomplete:  # a completion cannot show a card
        if not interaction.response.is_done():
            await interaction.response.autocomplete([])
        return
    await send_private(interaction, card)
