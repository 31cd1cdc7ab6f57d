"""What people are told when something fails: one message, only to whoever asked, and never a traceback."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from secrets import token_hex
from typing import Any

import discord
from discord import app_commands, ui
from sqlalchemy.exc import DatabaseError

from bot import own_permissions
from bot.answering import tell
from bot.languages import speak_to_asker
from bot.ui import cards
from bot.ui.words import discord as words
from bot.ui.words import failures
from streaming.model.errors import NonstopError
from streaming.model.text import clean
from streaming.storage.database import is_passing

_log = logging.getLogger(__name__)

_UNKNOWN_WEBHOOK, _UNKNOWN_INTERACTION = 10015, 10062
_ALREADY_ANSWERED, _TOKEN_EXPIRED = 40060, 50027
_GONE = (_UNKNOWN_WEBHOOK, _UNKNOWN_INTERACTION, _ALREADY_ANSWERED, _TOKEN_EXPIRED)
_TOO_MANY_REQUESTS = 429
_SERVER_ERRORS = 500
_NOBODY_ANSWERS_SECONDS = 2.0
"""What has a handler is acknowledged within a second; Discord gives up after three."""
_LOOK_EVERY_SECONDS = 0.1
_FORM_SECONDS = 3600.0
"""So long a form may stay open: Discord does not tell of one that is closed without being sent."""


class Form(ui.Modal):
    """A modal of ours: what goes wrong in it is told as for commands, and everything to whoever filled it in.

    discord.py knows a form that comes back by its custom_id alone, so each that is opened gets one of its own.
    """

    def __init__(self, title: str) -> None:
        super().__init__(title=title, timeout=_FORM_SECONDS)

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Everybody may; speaks to them from here on."""
        speak_to_asker(interaction)
        return True

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, *_: object) -> None:
        """Tells whoever pressed or filled in."""
        await answer_failure(interaction, error)


class Line(ui.TextInput[Any]):
    """A field of a form, to be filled in with one line."""

    @property
    def value(self) -> str:
        """What was filled in, cleaned."""
        return clean(super().value)


@asynccontextmanager
async def failures_told(interaction: discord.Interaction[Any]) -> AsyncIterator[None]:
    """Surrounds what discord.py would only log the failures of: checks, and callbacks of dynamic items.

    Whoever asked is spoken to from here on.
    """
    speak_to_asker(interaction)
    try:
        yield
    except Exception as error:  # noqa: BLE001  (the outermost edge, where every error is told)
        await answer_failure(interaction, error)


async def answer_failure(interaction: discord.Interaction[Any], error: Exception) -> None:
    """Tells whoever asked what happened and what to do."""
    cause = _cause(error)
    if isinstance(cause, discord.HTTPException) and cause.code in _GONE:
        _log.warning("An answer came too late, or twice, for interaction %s: %s", interaction.id, cause)
        return
    speak_to_asker(interaction)  # though all may have been spoken to before
    card = failure_card(cause, interaction.app_permissions)
    try:
        await _told(interaction, card)
    except (discord.HTTPException, discord.InteractionResponded) as trouble:
        _log.warning("Nobody could be told of a failure in interaction %s: %s", interaction.id, trouble)


async def answer_when_nobody_does(interaction: discord.Interaction[Any]) -> None:
    """Tells whoever pressed something that this version of us does not know any more."""
    if interaction.type not in (discord.InteractionType.component, discord.InteractionType.modal_submit):
        return
    gives_up_at = time.monotonic() + _NOBODY_ANSWERS_SECONDS
    while time.monotonic() < gives_up_at:
        await asyncio.sleep(_LOOK_EVERY_SECONDS)
        if interaction.response.is_done():
            return
    async with failures_told(interaction):
        await tell(interaction, cards.failure(words.DEAD_BUTTON, words.DEAD_BUTTON_HINT))


def failure_card(error: Exception, allowed: discord.Permissions | None = None) -> discord.Embed:
    """The card for an error; one that needs a person is logged under the number the card shows.

    `allowed` is what Discord lets us do where it happened.
    """
    error = _cause(error)
    if isinstance(error, NonstopError):
        _log.info("Declined: %s. %s", type(error).__name__, error.hint)  # the message may repeat what was typed
        return cards.failure(error.message, error.hint)
    if isinstance(error, DatabaseError) and is_passing(error):
        _log.warning("A command found the database out of use: %s", error.orig)
        return cards.failure(failures.DATABASE_AWAY, failures.DATABASE_AWAY_HINT)
    if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        return cards.failure(failures.OUTDATED, failures.OUTDATED_HINT)
    if isinstance(error, app_commands.TransformerError):
        return cards.failure(words.JUNK.format(what=error.value), words.JUNK_HINT)
    if isinstance(error, discord.DiscordException) and (card := _discord_card(error, allowed)):
        return card
    reference = token_hex(3)
    _log.error("Unexpected failure %s", reference, exc_info=error)
    return cards.failure(failures.UNEXPECTED, failures.UNEXPECTED_HINT.format(reference=reference))


def _discord_card(error: discord.DiscordException, allowed: discord.Permissions | None) -> discord.Embed | None:
    """For what Discord refuses or cannot do; nothing for what should not happen."""
    if isinstance(error, discord.Forbidden):
        lacking = own_permissions.missing(allowed) if allowed is not None else []
        _log.warning("Discord does not let us: %s", error)
        return cards.failure(
            words.may_not_post(words.HERE, lacking) if lacking else words.NOT_ALLOWED,
            words.GIVE_PERMISSIONS if lacking else words.NOT_ALLOWED_HINT,
        )
    status = _TOO_MANY_REQUESTS if isinstance(error, discord.RateLimited) else getattr(error, "status", 0)
    if status != _TOO_MANY_REQUESTS and status < _SERVER_ERRORS:
        return None
    reference = token_hex(3)
    _log.warning("Discord has trouble (%s): %s", reference, error)
    happened = words.TOO_MANY if status == _TOO_MANY_REQUESTS else words.trouble(status)
    return cards.failure(happened, words.TROUBLE_HINT.format(reference=reference))


def _cause(error: Exception) -> Exception:
    return error.original if isinstance(error, app_commands.CommandInvokeError) else error


async def _told(interaction: discord.Interaction[Any], card: discord.Embed) -> None:
    if interaction.type is discord.InteractionType.autocomplete:  # there is no room for words
        if not interaction.response.is_done():
            await interaction.response.autocomplete([])
        return
    await tell(interaction, card)
