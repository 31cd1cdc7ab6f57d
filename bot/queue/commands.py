"""`/stream previous|jump|queue`: the order of play."""

from typing import Any

from discord import Interaction, app_commands

from bot.cards import basic
from bot.discord import autocomplete
from bot.discord.actor import actor, guild_id
from bot.discord.permissions import admit
from bot.discord.responses import ENGINE_DEFER_SECONDS, respond
from bot.i18n.words import queue as words
from bot.i18n.words import streams as stream_words
from bot.queue import cards
from bot.queue.views import page_view, read_page
from streaming.services.guilds import GuildService
from streaming.services.queue import QueueService

Command = app_commands.Command[Any, ..., None]

_MOMENTS = [app_commands.Choice(name=words.CHOICES[when], value=when) for when in ("now", "next")]


def queue_commands(queue: QueueService, guilds: GuildService) -> tuple[Command, ...]:
    """The commands, to be added to the group `/stream`."""
    return _previous_command(queue), _jump_command(queue), _queue_command(queue, guilds)


def _previous_command(queue: QueueService) -> Command:
    @app_commands.command(name="previous", description=words.COMMANDS["stream previous"])
    @app_commands.describe(stream=stream_words.OPTIONS["stream"])
    @app_commands.autocomplete(stream=autocomplete.streams)
    async def previous(interaction: Interaction, stream: str = "") -> None:
        async with respond(interaction, defer_after_seconds=ENGINE_DEFER_SECONDS) as answer:
            outcome = await queue.previous(actor(interaction), stream)
        await answer.show(basic.answer(words.BACK, outcome))

    return previous


def _jump_command(queue: QueueService) -> Command:
    @app_commands.command(name="jump", description=words.COMMANDS["stream jump"])
    @app_commands.describe(
        item=words.OPTIONS["item"], when=words.OPTIONS["when"], stream=stream_words.OPTIONS["stream"]
    )
    @app_commands.choices(when=_MOMENTS)
    @app_commands.autocomplete(item=autocomplete.items, stream=autocomplete.streams)
    async def jump(interaction: Interaction, item: str, when: str = "now", stream: str = "") -> None:
        play, title = (queue.play_next, words.COMES_NEXT) if when == "next" else (queue.jump, words.JUMPED)
        async with respond(interaction, defer_after_seconds=ENGINE_DEFER_SECONDS) as answer:
            outcome = await play(actor(interaction), stream, item)
        await answer.show(basic.answer(title, outcome))

    return jump


def _queue_command(service: QueueService, guilds: GuildService) -> Command:
    @app_commands.command(name="queue", description=words.COMMANDS["stream queue"])
    @app_commands.describe(
        stream=stream_words.OPTIONS["stream"],
        search=words.OPTIONS["search"],
        page=words.OPTIONS["page"],
        remove=words.OPTIONS["remove"],
    )
    @app_commands.autocomplete(stream=autocomplete.streams, remove=autocomplete.items)
    async def queue(
        interaction: Interaction,
        stream: str = "",
        search: str = "",
        page: app_commands.Range[int, 1, 1000] = 1,
        remove: str = "",
    ) -> None:
        # Everybody may see the queue, so the command itself is open to all.
        if remove and not await admit(interaction, guilds):
            return
        async with respond(interaction, is_private=True, defer_after_seconds=ENGINE_DEFER_SECONDS) as answer:
            outcome = ""
            if remove:
                outcome = await service.remove(actor(interaction), stream, remove)
            shown = await read_page(service, guild_id(interaction), stream, page, search)
        await answer.show(cards.card(shown, outcome), view=page_view(shown))

    return queue
