"""Base classes of modals and their fields."""

from typing import Any

import discord
from discord import ui

from bot.discord.errors import report_failure
from bot.i18n.languages import use_user_language
from streaming.model.text import clean

_OPEN_SECONDS = 3600.0
"""Discord does not report a modal that is closed without being submitted."""


class Form(ui.Modal):
    """A modal that reports its failures as commands do.

    discord.py matches a submitted modal by its custom_id alone, so every instance keeps its random one.
    """

    def __init__(self, title: str) -> None:
        super().__init__(title=title, timeout=_OPEN_SECONDS)

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        use_user_language(interaction)
        return True

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, *_: object) -> None:
        await report_failure(interaction, error)


class Line(ui.TextInput[Any]):
    """A field with one line of text."""

    @property
    def value(self) -> str:
        """The submitted text, cleaned."""
        return clean(super().value)
