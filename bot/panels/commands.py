"""`/stream panel`: posts or removes the live message of a stream."""

from typing import Any

from discord import Interaction, TextChannel, app_commands

from bot.cards import basic, text
from bot.discord import autocomplete
from bot.discord.actor import actor
from bot.discord.bot_permissions import Postable, check_may_post
from bot.discord.permissions import check_may_write
from bot.discord.responses import respond
from bot.i18n.words import panels as words
from bot.i18n.words import streams as stream_words
from streaming.model.errors import UsageError
from streaming.model.message import Message
from streaming.services.panels import PanelService


def panel_command(panels: PanelService) -> app_commands.Command[Any, ..., None]:
    """The command, to be added to the group `/stream`."""

    @app_commands.command(name="panel", description=words.COMMANDS["stream panel"])
    @app_commands.describe(stream=stream_words.OPTIONS["stream"], **words.OPTIONS)
    @app_commands.autocomplete(stream=autocomplete.streams)
    async def panel(
        interaction: Interaction, stream: str = "", channel: TextChannel | None = None, *, remove: bool = False
    ) -> None:
        if remove:
            async with respond(interaction, is_private=True) as answer:
                title = await panels.remove(actor(interaction), stream)
            await answer.show(basic.note(words.REMOVED.format(title=text.named(title, 100))))
            return
        channel_id = _checked_channel(interaction, channel)
        async with respond(interaction, is_private=True) as answer:
            await panels.place(actor(interaction), stream, channel_id)
        await answer.show(
            basic.note(words.WANTED.format(channel=text.safe(_name(interaction, channel_id), 100)), words.WANTED_MORE)
        )

    return panel


def _checked_channel(interaction: Interaction, channel: TextChannel | None) -> int:
    """The channel for a panel. Raises UsageError without one, WantedStateError where user or bot may not write."""
    channel_id = channel.id if channel else interaction.channel_id
    if interaction.guild is None or channel_id is None:
        raise UsageError(Message(words.NOWHERE), hint=Message(words.NOWHERE_HINT))
    place = interaction.guild.get_channel_or_thread(channel_id)
    if isinstance(place, Postable):  # a channel we do not know is judged by Discord when we post
        check_may_write(interaction, place)
        check_may_post(place)
    return channel_id


def _name(interaction: Interaction, channel_id: int) -> str:
    place = interaction.guild and interaction.guild.get_channel_or_thread(channel_id)
    return f"#{place.name}" if place else words.NOWHERE_KNOWN
