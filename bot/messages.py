"""Messages of our own that live on in a channel, posted and edited without an interaction, and what refusals mean."""

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
"""discord.py waits and tries again by itself when Discord is busy; that has an end."""
_NONCE_LENGTH = 25


class Refusal(StrEnum):
    """What it means that Discord did not take a message."""

    MESSAGE_GONE = "the message was deleted"
    CHANNEL_GONE = "the channel was deleted"
    NOT_ALLOWED = "missing permissions"
    TOO_OLD = "the message is too old to be edited so often"
    NEVER = "it is not acceptable"
    LATER = "Discord has trouble"


_MEANINGS = {
    10008: Refusal.MESSAGE_GONE,
    10003: Refusal.CHANNEL_GONE,
    10004: Refusal.CHANNEL_GONE,
    50001: Refusal.NOT_ALLOWED,
    50013: Refusal.NOT_ALLOWED,
    30046: Refusal.TOO_OLD,
}


class RefusedError(Exception):
    """Discord did not take a message."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


class Messages:
    """A channel, as far as one writes into it. Each method raises RefusedError."""

    def __init__(self, client: discord.Client, channel_id: int) -> None:
        self._client = client
        self._channel = client.get_partial_messageable(channel_id)

    async def post(
        self, card: Embed, view: ui.View | None = None, *, nonce: str, silent: bool = False
    ) -> discord.Message:
        """Posts a card. With a `nonce` used a moment ago Discord gives the message of that time, as it was then."""
        async with _understood():
            if view is None:
                return await self._channel.send(embed=card, nonce=nonce, silent=silent)
            return await self._channel.send(embed=card, view=view, nonce=nonce, silent=silent)

    async def edit(
        self, message_id: int, *cards: Embed, view: ui.View | None = None, files: Sequence[File] | None = None
    ) -> None:
        """Makes a message show other cards, with other files where there are any given, else with those it has."""
        attachments = MISSING if files is None else files
        async with _understood():
            message = self._channel.get_partial_message(message_id)
            await message.edit(embeds=cards, view=view, attachments=attachments)

    async def delete(self, message_id: int) -> None:
        """Deletes a message; one that is gone already is no refusal."""
        try:
            async with _understood():
                await self._channel.get_partial_message(message_id).delete()
        except RefusedError as refused:
            if refused.refusal not in (Refusal.MESSAGE_GONE, Refusal.CHANNEL_GONE):
                raise

    async def since(self, message_id: int, most: int) -> list[discord.Message]:
        """A message and those below, at most so many; others' words are not for our eyes, but ours are."""
        async with _understood():
            after = discord.Object(message_id - 1)
            return [message async for message in self._channel.history(after=after, limit=most)]


def nonce_of(*parts: object) -> str:
    """The same nonce for the same doing, also after a restart: Discord makes no second message of it."""
    return hashlib.blake2s(repr(parts).encode()).hexdigest()[:_NONCE_LENGTH]


@asynccontextmanager
async def _understood() -> AsyncIterator[None]:
    """Turns whatever Discord and the network say into a refusal."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            yield
    except discord.HTTPException as error:
        raise RefusedError(_meaning(error)) from error
    except (discord.RateLimited, aiohttp.ClientError, OSError) as error:  # a time-out is an OSError, too
        raise RefusedError(Refusal.LATER) from error


def _meaning(error: discord.HTTPException) -> Refusal:
    is_ours = 400 <= error.status < 500 and error.status != 429
    return _MEANINGS.get(error.code, Refusal.NEVER if is_ours else Refusal.LATER)
