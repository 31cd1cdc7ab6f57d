"""Who asks: an interaction, as the plain value the streaming side knows."""

from typing import Any

import discord

from bot.ui.words import failures
from streaming.control.control import Actor
from streaming.model.errors import UsageError, WantedStateError


def actor(interaction: discord.Interaction[Any]) -> Actor:
    """The person behind an interaction. Raises what `guild_id` raises."""
    return Actor(guild_id(interaction), interaction.user.id, interaction.user.display_name)


def guild_id(interaction: discord.Interaction[Any]) -> int:
    """The guild an interaction belongs to. Raises UsageError outside of one, WantedStateError in one not served.

    Commands, buttons, forms and completions all come through here before they learn or change anything.
    """
    if interaction.guild_id is None:
        raise UsageError(failures.SERVER_ONLY, hint=failures.SERVER_ONLY_HINT)
    if not is_in_served_guild(interaction):
        raise WantedStateError(failures.NOT_SERVED, hint=failures.NOT_SERVED_HINT)
    return interaction.guild_id


def is_in_served_guild(interaction: discord.Interaction[Any]) -> bool:
    """Whether an interaction belongs to a guild that has us, and that we serve."""
    return interaction.guild_id is not None and bool(interaction.client.serves(interaction.guild_id))
