"""Answering in time: what is done everybody sees, what is looked up or fails at once only whoever asked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from discord import Embed, File, Interaction, InteractionType, ui
from discord.utils import MISSING

from bot.languages import speak_to_asker, speak_to_everybody

_PATIENCE_SECONDS = 1.0
"""Discord waits 3 s for the first sign of life. What only asks the database is done in a fraction of this."""
ENGINE_PATIENCE_SECONDS = 0.2
"""For what an engine has to do first, people see at once that it is under way."""


class Answer:
    """The one message that answers an interaction, sent by the first `show` and edited by the others."""

    def __init__(self, interaction: Interaction, *, is_private: bool) -> None:
        self._interaction = interaction
        self._is_private = is_private
        self.is_acknowledged = False

    async def acknowledge(self) -> None:
        """Tells Discord that an answer is on its way."""
        self.is_acknowledged = True
        if self._interaction.type is InteractionType.application_command:
            await self._interaction.response.defer(ephemeral=self._is_private)
        else:
            # Else the answer would be an edit of the message with the form or button, which is not ours to answer in.
            await self._interaction.response.defer(ephemeral=self._is_private, thinking=True)

    async def show(self, card: Embed, *files: File, view: ui.View | None = None) -> None:
        """Makes the message show this card, with the files it speaks of as `attachment://NAME` and buttons below it."""
        if self.is_acknowledged:
            await self._interaction.edit_original_response(embed=card, attachments=files, view=view)
        else:
            below = view or MISSING
            await self._interaction.response.send_message(
                embed=card, files=files, ephemeral=self._is_private, view=below
            )
            self.is_acknowledged = True


class Change:
    """The message that a button or form belongs to, made to show something else."""

    def __init__(self, interaction: Interaction) -> None:
        self._interaction = interaction
        self.is_acknowledged = False

    async def acknowledge(self) -> None:
        """Tells Discord that the message is about to change."""
        self.is_acknowledged = True
        await self._interaction.response.defer()

    async def show(self, *cards: Embed, view: ui.View | None = None, files: list[File] | None = None) -> None:
        """Makes the message show these cards, with other files where there are any given, else with those it has."""
        edit = self._interaction.edit_original_response if self.is_acknowledged else self._edit_at_once
        await edit(embeds=list(cards), view=view, attachments=MISSING if files is None else files)

    async def _edit_at_once(self, *, embeds: list[Embed], view: ui.View | None, attachments: list[File]) -> None:
        await self._interaction.response.edit_message(embeds=embeds, view=view, attachments=attachments)


async def tell(interaction: Interaction, card: Embed) -> None:
    """Shows a card to whoever asked and to nobody else, as the first answer or one more."""
    if not interaction.response.is_done():
        await interaction.response.send_message(embed=card, ephemeral=True)
    else:
        await interaction.followup.send(embed=card, ephemeral=True)


@asynccontextmanager
async def answering(
    interaction: Interaction, *, is_private: bool = False, patience_seconds: float = _PATIENCE_SECONDS
) -> AsyncIterator[Answer]:
    """Surrounds the work behind an answer, and acknowledges the interaction if it takes long.

    Who sees an answer is settled when it is acknowledged, so that waits, while it can, for the work to succeed or fail.
    From here on those are spoken to who are to see it.
    """
    (speak_to_asker if is_private else speak_to_everybody)(interaction)
    answer = Answer(interaction, is_private=is_private)
    async with _acknowledged_in_time(interaction, answer, patience_seconds):
        yield answer


@asynccontextmanager
async def changing(interaction: Interaction) -> AsyncIterator[Change]:
    """Surrounds the work behind a change of the message whose button was pressed, and acknowledges it if it is long."""
    change = Change(interaction)
    async with _acknowledged_in_time(interaction, change, _PATIENCE_SECONDS):
        yield change


@asynccontextmanager
async def _acknowledged_in_time(
    interaction: Interaction, answer: Answer | Change, patience_seconds: float
) -> AsyncIterator[None]:
    impatience = asyncio.create_task(_acknowledge_late(answer, patience_seconds), name=f"acknowledge {interaction.id}")
    try:
        yield
    finally:
        if not answer.is_acknowledged:
            impatience.cancel()
        await asyncio.wait({impatience})
        if not impatience.cancelled():
            impatience.result()


async def _acknowledge_late(answer: Answer | Change, patience_seconds: float) -> None:
    await asyncio.sleep(patience_seconds)
    await answer.acknowledge()
