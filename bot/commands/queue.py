"""`/stream previous|jump|queue`: the order of play."""

from typing import Any

from discord import Interaction, app_commands

from bot.answering import ENGINE_PATIENCE_SECONDS, answering
from bot.asking import actor, guild_id
from bot.commands import completing
from bot.permissions import admit
from bot.queue_view import page_view, read_page
from bot.ui import queue as cards
from bot.ui.words import queue as words
from bot.ui.words import streams
from streaming.control.control import Control

Command = app_commands.Command[Any, ..., None]

_MOMENTS = [app_commands.Choice(name=words.CHOICES[when], value=when) for when in ("now", "next")]


def queue_commands(control: Control) -> tuple[Command, ...]:
    """The commands, to stand in a group."""
    return previous_command(control), jump_command(control), queue_command(control)


def previous_command(control: Control) -> Command:
    """Goes back."""

    @app_commands.command(name="previous", description=words.COMMANDS["stream previous"])
    @app_commands.describe(stream=streams.OPTIONS["stream"])
    @app_commands.autocomplete(stream=completing.streams)
    async def previous(interaction: Interaction, stream: str = "") -> None:
        async with answering(interaction, patience_seconds=ENGINE_PATIENCE_SECONDS) as answer:
            said = await control.previous(actor(interaction), stream)
        await answer.show(cards.done(words.BACK, said))

    return previous


def jump_command(control: Control) -> Command:
    """Has an item play now or next."""

    @app_commands.command(name="jump", description=words.COMMANDS["stream jump"])
    @app_commands.describe(item=words.OPTIONS["item"], when=words.OPTIONS["when"], stream=streams.OPTIONS["stream"])
    @app_commands.choices(when=_MOMENTS)
    @app_commands.autocomplete(item=completing.items, stream=completing.streams)
    async def jump(interaction: Interaction, item: str, when: str = "now", stream: str = "") -> None:
        ask, title = (control.play_next, words.COMES_NEXT) if when == "next" else (control.jump, words.JUMPED)
        async with answering(interaction, patience_seconds=ENGINE_PATIENCE_SECONDS) as answer:
            said = await ask(actor(interaction), stream, item)
        await answer.show(cards.done(title, said))

    return jump


def queue_command(control: Control) -> Command:
    """Shows the queue, and has an item removed from it."""

    @app_commands.command(name="queue", description=words.COMMANDS["stream queue"])
    @app_commands.describe(
        stream=streams.OPTIONS["stream"],
        search=words.OPTIONS["search"],
        page=words.OPTIONS["page"],
        remove=words.OPTIONS["remove"],
    )
    @app_commands.autocomplete(stream=completing.streams, remove=completing.items)
    async def queue(
        interaction: Interaction,
        stream: str = "",
        search: str = "",
        page: app_commands.Range[int, 1, 1000] = 1,
        remove: str = "",
    ) -> None:
        if remove and not await admit(interaction, control):
            return
        async with answering(interaction, is_private=True, patience_seconds=ENGINE_PATIENCE_SECONDS) as answer:
            said = ""
            if remove:
                said = await control.remove_item(actor(interaction), stream, remove)
            shown = await read_page(control, guild_id(interaction), stream, page, search)
        await answer.show(cards.card(shown, said), view=page_view(shown))

    return queue
