"""The bot's own messages in a channel, posted and edited without an interaction; classifies Discord's refusals."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from enum import StrEnum

import aiohttp
import discord
from discord import Embed, File, ui
from discord.utils import MISSING

_PATIENCE_SECONDS = 60.0
"""discord.py itself retries without an end when Discord is busy."""
_NONCE_LENGTH = 25


class Refusal(StrEnum):
    """Why Discord did not accept a request."""

    MESSAGE_GONE = "the message was deleted"
    CHANNEL_GONE = "the channel was deleted"
    NOT_ALLOWED = "missing permissions"
    TOO_OLD = "the message is too old to be edited so often"
    NEVER = "Discord rejects it"
    LATER = "Discord has a problem"


_REFUSALS = {  # https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
    10008: Refusal.MESSAGE_GONE,
    10003: Refusal.CHANNEL_GONE,
    10004: Refusal.CHANNEL_GONE,
    50001: Refusal.NOT_ALLOWED,
    50013: Refusal.NOT_ALLOWED,
    30046: Refusal.TOO_OLD,
}


class RefusedError(Exception):
    """Discord did not accept a request."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


class ChannelMessages:
    """The messages of one channel. Each method raises RefusedError."""

    def __init__(self, client: discord.Client, channel_id: int) -> None:
        self._client = client
        self._channel = client.get_partial_messageable(channel_id)

    async def post(
        self, card: Embed, view: ui.View | None = None, *, nonce: str, silent: bool = False
    ) -> discord.Message:
        """Posts a card. For a `nonce` used minutes ago Discord returns that message, as it was then, and posts none."""
        async with _refusals_raised():
            if view is None:
                return await self._channel.send(embed=card, nonce=nonce, silent=silent)
            return await self._channel.send(embed=card, view=view, nonce=nonce, silent=silent)

    async def edit(
        self, message_id: int, *cards: Embed, view: ui.View | None = None, files: Sequence[File] | None = None
    ) -> None:
        """Replaces cards and buttons; files stay as they are unless some are given."""
        attachments = MISSING if files is None else files
        async with _refusals_raised():
            message = self._channel.get_partial_message(message_id)
            await message.edit(embeds=cards, view=view, attachments=attachments)

    async def delete(self, message_id: int) -> None:
        """Deletes a message; a message or channel that is gone already is not an error."""
        try:
            async with _refusals_raised():
                await self._channel.get_partial_message(message_id).delete()
        except RefusedError as refused:
            if refused.refusal not in (Refusal.MESSAGE_GONE, Refusal.CHANNEL_GONE):
                raise

    async def since(self, message_id: int, most: int) -> list[discord.Message]:
        """A message and at most so many after it. Without the intent, the content of others' messages is empty."""
        async with _refusals_raised():
            after = discord.Object(message_id - 1)
            return [message async for message in self._channel.history(after=after, limit=most)]


def nonce_of(*parts: object) -> str:
    """A nonce that stays the same after a restart, so that Discord posts the same message once."""
    return hashlib.blake2s(repr(parts).encode()).hexdigest()[:_NONCE_LENGTH]


@asynccontextmanager
async def _refusals_raised() -> AsyncIterator[None]:
    """Turns errors of Discord and of the network into RefusedError."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            yield
    except discord.HTTPException as error:
        raise RefusedError(_refusal(error)) from error
    except (discord.RateLimited, aiohttp.ClientError, OSError) as error:  # a time-out is an OSError, too
        raise RefusedError(Refusal.LATER) from error


def _refusal(error: discord.HTTPException) -> Refusal:
    is_ours = 400 <= error.status < 500 and error.status != 429
    return _REFUSALS.get(error.code, Refusal.NEVER if is_ours else Refusal.LATER)
