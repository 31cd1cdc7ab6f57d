"""The buttons below the question whether to delete a stream."""

import re
from typing import Any, Self

from discord import ButtonStyle, Interaction, ui

from bot.discord.actor import actor
from bot.discord.errors import report_failures
from bot.discord.permissions import admit
from bot.discord.responses import update_message
from bot.i18n.words import streams as words
from bot.streams import cards
from streaming.services.services import Services

_STYLES = {"yes": ButtonStyle.danger, "no": ButtonStyle.secondary}


def question_view(stream_id: int) -> ui.View:
    view = ui.View(timeout=None)
    for answer in _STYLES:
        view.add_item(DeleteButton(stream_id, answer))
    return view


class DeleteButton(ui.DynamicItem[ui.Button[ui.View]], template=r"delete:(?P<stream>\d+):(?P<answer>yes|no)"):
    """One answer; it outlives restarts, as its custom_id holds all it needs."""

    def __init__(self, stream_id: int, answer: str) -> None:
        label, custom_id = words.DELETE_BUTTONS[answer], f"delete:{stream_id}:{answer}"
        super().__init__(ui.Button(label=label, style=_STYLES[answer], custom_id=custom_id))
        self._stream, self._answer = f"#{stream_id}", answer

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls(int(match["stream"]), match["answer"])

    async def callback(self, interaction: Interaction[Any]) -> None:
        async with report_failures(interaction):
            if self._answer == "yes":
                await self._delete(interaction)
            else:
                await interaction.response.edit_message(embed=cards.kept(), view=None)

    async def _delete(self, interaction: Interaction[Any]) -> None:
        services: Services = interaction.client.services
        if await admit(interaction, services.guilds):
            async with update_message(interaction) as update:
                title = await services.streams.delete(actor(interaction), self._stream)
            await update.show(cards.deleted(title))
