"""What shows how things look: `/stream preview` and `/target test`."""

from contextlib import aclosing
from typing import Any

from discord import Interaction, app_commands

from bot.answering import answering
from bot.asking import actor, guild_id
from bot.commands import completing
from bot.failures import failure_card
from bot.ui import picture_cards
from bot.ui.words import pictures, streams, targets
from streaming.control.control import Control
from streaming.model.errors import NonstopError

Command = app_commands.Command[Any, ..., None]


def preview_command(control: Control) -> Command:
    """`/stream preview`."""

    @app_commands.command(description=pictures.COMMANDS["stream preview"])
    @app_commands.describe(stream=streams.OPTIONS["stream"])
    @app_commands.autocomplete(stream=completing.streams)
    async def preview(interaction: Interaction, stream: str = "") -> None:
        async with answering(interaction, is_private=True) as answer:
            picture = await control.preview(guild_id(interaction), stream, asked_by=interaction.user.id)
        await answer.show(picture_cards.preview(picture), picture_cards.preview_file(picture))

    return preview


def target_test_command(control: Control) -> Command:
    """`/target test`."""

    @app_commands.command(name="test", description=targets.COMMANDS["target test"])
    @app_commands.describe(target=targets.OPTIONS["target"])
    @app_commands.autocomplete(target=completing.targets)
    async def test(interaction: Interaction, target: str) -> None:
        async with aclosing(control.test_target(actor(interaction), target)) as steps:
            async with answering(interaction, is_private=True) as answer:
                begun = await anext(steps)
            await answer.show(picture_cards.target_test(begun))
            try:
                async for outcome in steps:
                    interaction.command_failed = not outcome.is_accepted
                    await answer.show(picture_cards.target_test(outcome))
            except NonstopError as error:  # in place of the card that says it is under way
                interaction.command_failed = True
                await answer.show(failure_card(error))

    return test
