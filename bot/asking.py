"""Who asks: an interaction, as the plain value the streaming side knows."""

import discord

from bot.ui.words import failures
from streaming.control.control import Actor
from streaming.errors import UsageError


def actor(interaction: discord.Interaction) -> Actor:
    """The person behind an interaction. Raises UsageError outside of a guild."""
    return Actor(guild_id(interaction), interaction.user.id, interaction.user.display_name)


def guild_id(interaction: discord.Interaction) -> int:
    """The guild an interaction belongs to. Raises UsageError outside of one."""
    if interaction.guild_id is None:
        raise UsageError(failures.SERVER_ONLY, hint=failures.SERVER_ONLY_HINT)
    return interaction.guild_id
