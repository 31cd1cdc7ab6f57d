"""Who asks: an interaction, as the plain value the streaming side knows."""

import discord

from bot.ui import text
from streaming.control.control import Actor
from streaming.errors import UsageError


def actor(interaction: discord.Interaction) -> Actor:
    """The person behind an interaction. Raises UsageError outside of a guild."""
    return Actor(guild_id(interaction), interaction.user.id, interaction.user.display_name)


def guild_id(interaction: discord.Interaction) -> int:
    """The guild an interaction belongs to. Raises UsageError outside of one."""
    if interaction.guild_id is None:
        raise UsageError(text.SERVER_ONLY, hint=text.SERVER_ONLY_HINT)
    return interaction.guild_id
