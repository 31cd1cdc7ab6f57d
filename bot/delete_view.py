"""The question before a stream is deleted, with its two buttons."""

import re
from typing import Any, Self

from discord import ButtonStyle, Interaction, ui

from bot.answering import changing
from bot.asking import actor
from bot.failures import failures_told
from bot.permissions import admit
from bot.ui import queue as cards
from bot.ui.words import queue as words
from streaming.control.control import Control

_STYLES = {"yes": ButtonStyle.danger, "no": ButtonStyle.secondary}


def question_view(stream_id: int) -> ui.View:
    """Yes and no."""
    view = ui.View(timeout=None)
    for answer in _STYLES:
        view.add_item(DeleteButton(stream_id, answer))
    return view


class DeleteButton(ui.DynamicItem[ui.Button[ui.View]], template=r"delete:(?P<stream>\d+):(?P<answer>yes|no)"):
    """One of the answers."""

    def __init__(self, stream_id: int, answer: str) -> None:
        label, custom_id = words.DELETE_BUTTONS[answer], f"delete:{stream_id}:{answer}"
        super().__init__(ui.Button(label=label, style=_STYLES[answer], custom_id=custom_id))
        self._stream, self._answer = f"#{stream_id}", answer

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """The button that was pressed."""
        return cls(int(match["stream"]), match["answer"])

    async def callback(self, interaction: Interaction[Any]) -> None:
        """Deletes the stream, or does not; either way the question is answered."""
        async with failures_told(interaction):
            if self._answer == "yes":
                await self._delete(interaction)
            else:
                await interaction.response.edit_message(embed=cards.kept(), view=None)

    async def _delete(self, interaction: Interaction[Any]) -> None:
        control: Control = interaction.client.control
        if await admit(interaction, control):
            async with changing(interaction) as change:
                title = await control.delete(actor(interaction), self._stream)
            await change.show(cards.deleted(title))
