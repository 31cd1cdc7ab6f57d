"""`/help` and `/about`."""

from collections.abc import Sequence
from typing import Any

from discord import Interaction, Object, app_commands

import streaming
from bot.discord.bot_permissions import invite_url
from bot.discord.mentions import Mentions
from bot.discord.responses import respond
from bot.help import cards
from bot.i18n.words import help as words
from streaming.model.errors import UsageError
from streaming.model.message import Message
from streaming.services.engines import EngineService

_MOST_CHOICES = 25


def help_command(tree: app_commands.CommandTree[Any], mentions: Mentions) -> app_commands.Command[Any, ..., None]:
    """Lists the commands that are in the tree when it is called."""

    @app_commands.command(name="help", description=words.COMMANDS["help"])
    @app_commands.describe(command=words.OPTIONS["command"])
    async def help_(interaction: Interaction, command: str = "") -> None:
        async with respond(interaction, is_private=True) as answer:
            known = _commands(tree, interaction)
            card = cards.command(_find(known, command), mentions) if command else cards.overview(known, mentions)
        await answer.show(card)

    @help_.autocomplete("command")
    async def complete_commands(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        typed = current.casefold().removeprefix("/")
        names = [each.qualified_name for each in cards.leaves(_commands(tree, interaction))]
        names = [name for name in names if typed in name]
        return [app_commands.Choice(name=name, value=name) for name in names[:_MOST_CHOICES]]

    return help_


def about_command(tree: app_commands.CommandTree[Any], engines: EngineService) -> app_commands.Command[Any, ..., None]:

    @app_commands.command(name="about", description=words.COMMANDS["about"])
    async def about(interaction: Interaction) -> None:
        async with respond(interaction, is_private=True) as answer:
            running = await engines.alive()
        await answer.show(cards.about(_facts(tree.client), running))

    return about


def _commands(tree: app_commands.CommandTree[Any], interaction: Interaction) -> Sequence[cards.TopLevel]:
    """The tree's commands; with a development guild they are registered there alone."""
    here = Object(interaction.guild_id) if interaction.guild_id else None
    return tree.get_commands() or tree.get_commands(guild=here)


def _find(commands: Sequence[cards.TopLevel], name: str) -> cards.Command:
    wanted = " ".join(name.casefold().split()).removeprefix("/")
    for command in cards.leaves(commands):
        if command.qualified_name == wanted:
            return command
    raise UsageError(Message(words.NO_COMMAND.format(name=name[:100])), hint=Message(words.NO_COMMAND_HINT))


def _facts(bot: Any) -> cards.BotFacts:  # noqa: ANN401  (the bot, whose module imports this one)
    where = invite_url(bot.application_id) if bot.application_id else ""
    return cards.BotFacts(streaming.__version__, bot.started_at, len(bot.guilds), where)
