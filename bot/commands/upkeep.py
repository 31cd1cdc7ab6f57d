"""`/stream restart|edit|delete|logs`: streams that are there already."""

from typing import Any

from discord import Interaction, app_commands

from bot.answering import answering
from bot.asking import actor, guild_id
from bot.commands import completing
from bot.commands.way_to_air import show_way_to_air
from bot.delete_view import question_view
from bot.ui import cards as stream_cards
from bot.ui import queue as cards
from bot.ui.words import queue as words
from bot.ui.words import streams
from streaming.control.control import Control
from streaming.control.upkeep import Edit
from streaming.model.states import EncodeMode, LogLevel

Command = app_commands.Command[Any, ..., None]

_ENCODE_MODES = [app_commands.Choice(name=mode.value, value=mode.value) for mode in EncodeMode]
_LEVELS = [app_commands.Choice(name=words.CHOICES[level], value=level.value) for level in LogLevel]
_EDITED = ("title", "description", "encode", "shuffle", "loop")


def upkeep_commands(control: Control) -> tuple[Command, ...]:
    """The commands, to stand in a group."""
    return restart_command(control), edit_command(control), delete_command(control), logs_command(control)


def restart_command(control: Control) -> Command:
    """Wants a stream on air anew, and follows it there."""

    @app_commands.command(name="restart", description=words.COMMANDS["stream restart"])
    @app_commands.describe(stream=streams.OPTIONS["stream"])
    @app_commands.autocomplete(stream=completing.streams)
    async def restart(interaction: Interaction, stream: str = "") -> None:
        async with answering(interaction) as answer:
            wish = await control.restart(actor(interaction), stream)
        await show_way_to_air(answer, control.follow(wish.stream_id, wish.wish))

    return restart


def edit_command(control: Control) -> Command:
    """Changes a stream."""

    @app_commands.command(name="edit", description=words.COMMANDS["stream edit"])
    @app_commands.describe(stream=streams.OPTIONS["stream"], **{name: words.OPTIONS[name] for name in _EDITED})
    @app_commands.choices(encode=_ENCODE_MODES)
    @app_commands.autocomplete(stream=completing.streams)
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
        wanted = Edit(title, description, EncodeMode(encode) if encode else None, shuffle, loop)
        async with answering(interaction) as answer:
            status = await control.edit(actor(interaction), stream, wanted)
        await answer.show(stream_cards.stream(status))

    return edit


def delete_command(control: Control) -> Command:
    """Asks once more, and forgets a stream."""

    @app_commands.command(name="delete", description=words.COMMANDS["stream delete"])
    @app_commands.describe(stream=words.OPTIONS["delete"], confirm=words.OPTIONS["confirm"])
    @app_commands.autocomplete(stream=completing.streams)
    async def delete(interaction: Interaction, stream: str, *, confirm: bool = False) -> None:
        async with answering(interaction, is_private=True) as answer:
            if confirm:
                card, view = cards.deleted(await control.delete(actor(interaction), stream)), None
            else:
                found = await control.stream_named(guild_id(interaction), stream)
                card, view = cards.delete_question(found.title), question_view(found.stream_id)
        await answer.show(card, view=view)

    return delete


def logs_command(control: Control) -> Command:
    """Shows what happened to a stream, or on the whole server."""

    @app_commands.command(name="logs", description=words.COMMANDS["stream logs"])
    @app_commands.describe(stream=words.OPTIONS["log_of"], lines=words.OPTIONS["lines"], level=words.OPTIONS["level"])
    @app_commands.choices(level=_LEVELS)
    @app_commands.autocomplete(stream=completing.streams)
    async def logs(
        interaction: Interaction,
        stream: str = "",
        lines: app_commands.Range[int, 1, 100] = 20,
        level: str | None = None,
    ) -> None:
        async with answering(interaction, is_private=True) as answer:
            only_level = LogLevel(level) if level else None
            about = (await control.stream_named(guild_id(interaction), stream)).title if stream else ""
            told = await control.logs(guild_id(interaction), stream, lines, only_level)
        await answer.show(cards.log(about, told))

    return logs
