"""Who may run streams."""

from typing import Any

from discord import Interaction

from streaming.control.control import Control


async def may_run(interaction: Interaction[Any], control: Control) -> bool:  # noqa: ARG001  (an operator role is the guild's to name)
    """Whether whoever asks may put streams on air, change them, and take them off."""
    return interaction.permissions.manage_guild
