"""Questions before a stream is stopped, restarted or deleted, and their buttons."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Self

from discord import ButtonStyle, Embed, Interaction, ui

from bot.discord.actor import actor
from bot.discord.errors import report_failures
from bot.discord.permissions import admit
from bot.discord.responses import update_message
from bot.i18n.words import streams as words
from bot.streams import cards, status_card
from streaming.services.actor import Actor
from streaming.services.services import Services
from streaming.services.status import StreamStatus
from streaming.services.streams import StreamService

_STYLES = {"yes": ButtonStyle.danger, "no": ButtonStyle.secondary}


async def _stop(streams: StreamService, who: Actor, stream: str, generation: int) -> Embed:
    return status_card.stream(await streams.stop(who, stream, generation=generation))


async def _restart(streams: StreamService, who: Actor, stream: str, generation: int) -> Embed:
    await streams.restart(who, stream, generation=generation)
    return status_card.stream(await streams.status(who.guild_id, stream))


async def _delete(streams: StreamService, who: Actor, stream: str, generation: int) -> Embed:
    return cards.deleted(await streams.delete(who, stream, generation=generation))


DEEDS: dict[str, Callable[[StreamService, Actor, str, int], Awaitable[Embed]]] = {
    "stop": _stop,
    "restart": _restart,
    "delete": _delete,
}
"""By the word in the custom_id."""


def question_view(deed: str, status: StreamStatus) -> ui.View:
    """The buttons below `cards.question(deed, …)`."""
    view = ui.View(timeout=None)
    for answer in _STYLES:
        view.add_item(ConfirmButton(deed, status.stream_id, status.generation, answer))
    return view


class ConfirmButton(
    ui.DynamicItem[ui.Button[ui.View]],
    template=r"confirm:(?P<deed>stop|restart|delete):(?P<stream>\d{1,18}):(?P<generation>\d{1,9}):(?P<answer>yes|no)",
):
    """One answer. It outlives restarts of the bot, and refuses once the stream was started again."""

    def __init__(self, deed: str, stream_id: int, generation: int, answer: str) -> None:
        name = f"confirm:{deed}:{stream_id}:{generation}:{answer}"
        super().__init__(ui.Button(label=words.CONFIRM_BUTTONS[deed][answer], style=_STYLES[answer], custom_id=name))
        self._deed, self._stream, self._generation, self._answer = deed, f"#{stream_id}", generation, answer

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls(match["deed"], int(match["stream"]), int(match["generation"]), match["answer"])

    async def callback(self, interaction: Interaction[Any]) -> None:
        async with report_failures(interaction):
            if self._answer == "yes":
                await self._carry_out(interaction)
            else:
                await interaction.response.edit_message(embed=cards.called_off(self._deed), view=None)

    async def _carry_out(self, interaction: Interaction[Any]) -> None:
        services: Services = interaction.client.services
        if await admit(interaction, services.guilds):
            async with update_message(interaction) as update:
                card = await DEEDS[self._deed](services.streams, actor(interaction), self._stream, self._generation)
            await update.show(card)
