"""Maps an interaction to the person and guild the streaming side knows."""

from typing import Any

import discord

from bot.i18n.words import discord as words
from streaming.model.errors import UsageError, WantedStateError
from streaming.model.message import Message
from streaming.services.actor import Actor


def actor(interaction: discord.Interaction[Any]) -> Actor:
    """The person behind an interaction. Raises what `guild_id` raises."""
    return Actor(guild_id(interaction), interaction.user.id, interaction.user.display_name)


def guild_id(interaction: discord.Interaction[Any]) -> int:
    """The guild of an interaction. Raises UsageError outside of one, WantedStateError in one that is not served.

    Commands, buttons, forms and completions call this before they read or change anything.
    """
    if interaction.guild_id is None:
        raise UsageError(Message(words.SERVER_ONLY), hint=Message(words.SERVER_ONLY_HINT))
    if not is_in_served_guild(interaction):
        raise WantedStateError(Message(words.NOT_SERVED), hint=Message(words.NOT_SERVED_HINT))
    return interaction.guild_id


def is_in_served_guild(interaction: discord.Interaction[Any]) -> bool:
    """Whether the bot is in the interaction's guild and serves it."""
    return interaction.guild_id is not None and bool(interaction.client.serves(interaction.guild_id))
