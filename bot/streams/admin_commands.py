"""`/stream restart|edit|delete|logs`: commands about streams that exist already."""

from typing import Any

from discord import Interaction, app_commands

from bot.discord import autocomplete
from bot.discord.actor import actor, guild_id
from bot.discord.responses import respond
from bot.i18n.words import streams as words
from bot.streams import cards, log_card, status_card
from bot.streams.confirmation import question_view
from bot.streams.start_progress import show_start_progress
from streaming.model.states import EncodeMode, LogLevel
from streaming.services.stream_requests import Edit
from streaming.services.streams import StreamService

Command = app_commands.Command[Any, ..., None]

_ENCODE_MODES = [app_commands.Choice(name=mode.value, value=mode.value) for mode in EncodeMode]
_LEVELS = [app_commands.Choice(name=words.CHOICES[level], value=level.value) for level in LogLevel]
_EDITED = ("title", "description", "encode", "shuffle", "loop")


def admin_commands(streams: StreamService) -> tuple[Command, ...]:
    """The commands, to be added to the group `/stream`."""
    return _restart_command(streams), _edit_command(streams), _delete_command(streams), _logs_command(streams)


def _restart_command(streams: StreamService) -> Command:
    @app_commands.command(name="restart", description=words.COMMANDS["stream restart"])
    @app_commands.describe(stream=words.OPTIONS["stream"])
    @app_commands.autocomplete(stream=autocomplete.streams)
    async def restart(interaction: Interaction, stream: str = "") -> None:
        async with respond(interaction) as answer:
            started = await streams.restart(actor(interaction), stream)
        await show_start_progress(answer, streams.follow(started.stream_id, started.generation))

    return restart


def _edit_command(streams: StreamService) -> Command:
    @app_commands.command(name="edit", description=words.COMMANDS["stream edit"])
    @app_commands.describe(stream=words.OPTIONS["stream"], **{name: words.OPTIONS[f"new_{name}"] for name in _EDITED})
    @app_commands.choices(encode=_ENCODE_MODES)
    @app_commands.autocomplete(stream=autocomplete.streams)
    async def edit(
        interaction: Interaction,
        *,
        stream: str = "",
        title: str = "",
        description: str = "",
        encode: str | None = None,
        shuffle: bool | None = None,
        loop: bool | None = None,
    ) -> None:
        changes = Edit(title, description, EncodeMode(encode) if encode else None, shuffle, loop)
        async with respond(interaction) as answer:
            status = await streams.edit(actor(interaction), stream, changes)
        await answer.show(status_card.stream(status))

    return edit


def _delete_command(streams: StreamService) -> Command:
    @app_commands.command(name="delete", description=words.COMMANDS["stream delete"])
    @app_commands.describe(stream=words.OPTIONS["delete"], confirm=words.OPTIONS["confirm"])
    @app_commands.autocomplete(stream=autocomplete.streams)
    async def delete(interaction: Interaction, stream: str, *, confirm: bool = False) -> None:
        async with respond(interaction, is_private=True) as answer:
            if confirm:
                card, view = cards.deleted(await streams.delete(actor(interaction), stream)), None
            else:
                found = await streams.status(guild_id(interaction), stream)
                card, view = cards.question("delete", found.title), question_view("delete", found)
        await answer.show(card, view=view)

    return delete


def _logs_command(streams: StreamService) -> Command:
    @app_commands.command(name="logs", description=words.COMMANDS["stream logs"])
    @app_commands.describe(stream=words.OPTIONS["log_of"], lines=words.OPTIONS["lines"], level=words.OPTIONS["level"])
    @app_commands.choices(level=_LEVELS)
    @app_commands.autocomplete(stream=autocomplete.streams)
    async def logs(
        interaction: Interaction,
        stream: str = "",
        lines: app_commands.Range[int, 1, 100] = 20,
        level: str | None = None,
    ) -> None:
        async with respond(interaction, is_private=True) as answer:
            only_level = LogLevel(level) if level else None
            title = (await streams.status(guild_id(interaction), stream)).title if stream else ""
            found = await streams.logs(guild_id(interaction), stream, lines, only_level)
        await answer.show(log_card.log(title, found))

    return logs
