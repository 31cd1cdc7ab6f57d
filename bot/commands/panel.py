"""`/stream panel`: a live message about a stream, or no more of it."""

from typing import Any

from discord import Interaction, TextChannel, app_commands

from bot.answering import answering
from bot.asking import actor
from bot.commands import completing
from bot.own_permissions import Postable, check_may_post
from bot.permissions import check_may_write
from bot.ui import cards, text
from bot.ui.words import panel as words
from bot.ui.words import streams
from streaming.control.control import Control
from streaming.model.errors import UsageError


def panel_command(control: Control) -> app_commands.Command[Any, ..., None]:
    """The command, to stand in a group."""

    @app_commands.command(name="panel", description=words.COMMANDS["stream panel"])
    @app_commands.describe(stream=streams.OPTIONS["stream"], **words.OPTIONS)
    @app_commands.autocomplete(stream=completing.streams)
    async def panel(
        interaction: Interaction, stream: str = "", channel: TextChannel | None = None, *, remove: bool = False
    ) -> None:
        if remove:
            async with answering(interaction, is_private=True) as answer:
                title = await control.remove_panel(actor(interaction), stream)
            await answer.show(cards.note(words.REMOVED.format(title=text.named(title, 100))))
            return
        channel_id = _checked_place(interaction, channel)
        async with answering(interaction, is_private=True) as answer:
            await control.place_panel(actor(interaction), stream, channel_id)
        await answer.show(
            cards.note(words.WANTED.format(channel=text.safe(_name(interaction, channel_id), 100)), words.WANTED_MORE)
        )

    return panel


def _checked_place(interaction: Interaction, channel: TextChannel | None) -> int:
    """The channel for a panel. Raises UsageError without one, WantedStateError where they or we may not write."""
    channel_id = channel.id if channel else interaction.channel_id
    if interaction.guild is None or channel_id is None:
        raise UsageError(words.NOWHERE, hint=words.NOWHERE_HINT)
    place = interaction.guild.get_channel_or_thread(channel_id)
    if isinstance(place, Postable):  # else Discord will say
        check_may_write(interaction, place)
        check_may_post(place)
    return channel_id


def _name(interaction: Interaction, channel_id: int) -> str:
    place = interaction.guild and interaction.guild.get_channel_or_thread(channel_id)
    return f"#{place.name}" if place else words.NOWHERE_KNOWN
