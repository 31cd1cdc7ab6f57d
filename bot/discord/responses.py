"""Responds to interactions within Discord's 3 s. Changes are public; look-ups and early failures are ephemeral."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from discord import Embed, File, Interaction, InteractionType, ui
from discord.utils import MISSING

from bot.i18n.languages import use_guild_language, use_user_language

_DEFER_SECONDS = 1.0
"""Discord waits 3 s for the first response. A query of the database takes a fraction of this."""
ENGINE_DEFER_SECONDS = 0.2
"""For what an engine has to do first: people see at once that it is under way."""


class Answer:
    """The message that answers an interaction: the first `show` sends it, later ones edit it."""

    def __init__(self, interaction: Interaction, *, is_private: bool) -> None:
        self._interaction = interaction
        self._is_private = is_private
        self.is_acknowledged = False

    async def acknowledge(self) -> None:
        """Tells Discord that the message follows later."""
        self.is_acknowledged = True
        if self._interaction.type is InteractionType.application_command:
            await self._interaction.response.defer(ephemeral=self._is_private)
        else:
            # Without `thinking` the answer would edit the message the button or form belongs to.
            await self._interaction.response.defer(ephemeral=self._is_private, thinking=True)

    async def show(self, card: Embed, *files: File, view: ui.View | None = None) -> None:
        """Shows a card, the files it names as `attachment://NAME`, and buttons below it."""
        if self.is_acknowledged:
            await self._interaction.edit_original_response(embed=card, attachments=files, view=view)
        else:
            await self._interaction.response.send_message(
                embed=card, files=files, ephemeral=self._is_private, view=view or MISSING
            )
            self.is_acknowledged = True


class MessageUpdate:
    """A change of the message that a button or form belongs to."""

    def __init__(self, interaction: Interaction) -> None:
        self._interaction = interaction
        self.is_acknowledged = False

    async def acknowledge(self) -> None:
        """Tells Discord that the change follows later."""
        self.is_acknowledged = True
        await self._interaction.response.defer()

    async def show(self, *cards: Embed, view: ui.View | None = None, files: list[File] | None = None) -> None:
        """Replaces cards and buttons; files stay as they are unless some are given."""
        edit = self._interaction.edit_original_response if self.is_acknowledged else self._edit_at_once
        await edit(embeds=list(cards), view=view, attachments=MISSING if files is None else files)

    async def _edit_at_once(self, *, embeds: list[Embed], view: ui.View | None, attachments: list[File]) -> None:
        await self._interaction.response.edit_message(embeds=embeds, view=view, attachments=attachments)


async def send_private(interaction: Interaction, card: Embed) -> None:
    """Sends a card only the user sees, as the first response or as a follow-up."""
    if not interaction.response.is_done():
        await interaction.response.send_message(embed=card, ephemeral=True)
    else:
        await interaction.followup.send(embed=card, ephemeral=True)


@asynccontextmanager
async def respond(
    interaction: Interaction, *, is_private: bool = False, defer_after_seconds: float = _DEFER_SECONDS
) -> AsyncIterator[Answer]:
    """Surrounds the work behind an answer, sets the language of its readers, and defers when the work takes long.

    Deferring fixes who sees the answer. Work that fails before that is answered to the user alone.
    """
    (use_user_language if is_private else use_guild_language)(interaction)
    answer = Answer(interaction, is_private=is_private)
    async with _acknowledged_in_time(interaction, answer, defer_after_seconds):
        yield answer


@asynccontextmanager
async def update_message(interaction: Interaction) -> AsyncIterator[MessageUpdate]:
    """Surrounds the work behind a change of the pressed button's message, and defers when the work takes long."""
    update = MessageUpdate(interaction)
    async with _acknowledged_in_time(interaction, update, _DEFER_SECONDS):
        yield update


@asynccontextmanager
async def _acknowledged_in_time(
    interaction: Interaction, response: Answer | MessageUpdate, defer_after_seconds: float
) -> AsyncIterator[None]:
    deferring = asyncio.create_task(_defer(response, defer_after_seconds), name=f"acknowledge {interaction.id}")
    try:
        yield
    finally:
        if not response.is_acknowledged:
            deferring.cancel()
        await asyncio.wait({deferring})
        if not deferring.cancelled():
            deferring.result()


async def _defer(response: Answer | MessageUpdate, after_seconds: float) -> None:
    await asyncio.sleep(after_seconds)
    await response.acknowledge()
