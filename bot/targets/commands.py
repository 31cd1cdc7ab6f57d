"""`/target`: where streams may go."""

from contextlib import aclosing

from discord import Interaction, app_commands

from bot.discord import autocomplete
from bot.discord.actor import actor, guild_id
from bot.discord.errors import failure_card
from bot.discord.responses import respond
from bot.i18n.words import targets as words
from bot.targets import cards
from bot.targets.modal import EditTargetModal, TargetModal
from streaming.model.errors import NonstopError
from streaming.model.states import TargetKind
from streaming.network.platforms import INGEST_URLS
from streaming.services.guilds import GuildService
from streaming.services.targets import TargetService

_PLATFORMS = [
    app_commands.Choice(name=words.CHOICES[kind], value=kind.value) for kind in (*INGEST_URLS, TargetKind.CUSTOM)
]


class TargetCommands(app_commands.Group):
    """The group `/target`."""

    def __init__(self, targets: TargetService, guilds: GuildService) -> None:
        super().__init__(name="target", description=words.COMMANDS["target"], guild_only=True)
        self._targets, self._guilds = targets, guilds

    @app_commands.command(description=words.COMMANDS["target add"])
    @app_commands.describe(platform=words.OPTIONS["platform"], name=words.OPTIONS["name"])
    @app_commands.choices(platform=_PLATFORMS)
    async def add(self, interaction: Interaction, platform: str, name: str = "") -> None:
        await self._targets.check_is_new(guild_id(interaction), name or platform)  # before a key is typed in vain
        modal = TargetModal(self._targets, self._guilds, name or platform, TargetKind(platform))
        await interaction.response.send_modal(modal)

    @app_commands.command(description=words.COMMANDS["target edit"])
    @app_commands.describe(target=words.OPTIONS["target"])
    @app_commands.autocomplete(target=autocomplete.targets)
    async def edit(self, interaction: Interaction, target: str) -> None:
        here = guild_id(interaction)
        info = await self._targets.get(here, target)
        await interaction.response.send_modal(EditTargetModal(self._targets, self._guilds, here, info))

    @app_commands.command(name="list", description=words.COMMANDS["target list"])
    async def list_(self, interaction: Interaction) -> None:
        async with respond(interaction, is_private=True) as answer:
            infos = await self._targets.all(guild_id(interaction))
        await answer.show(cards.target_list(infos))

    @app_commands.command(description=words.COMMANDS["target remove"])
    @app_commands.describe(target=words.OPTIONS["target"])
    @app_commands.autocomplete(target=autocomplete.targets)
    async def remove(self, interaction: Interaction, target: str) -> None:
        async with respond(interaction, is_private=True) as answer:
            name = await self._targets.remove(actor(interaction), target)
        await answer.show(cards.removed(name))

    @app_commands.command(name="test", description=words.COMMANDS["target test"])
    @app_commands.describe(target=words.OPTIONS["target"])
    @app_commands.autocomplete(target=autocomplete.targets)
    async def test(self, interaction: Interaction, target: str) -> None:
        async with aclosing(self._targets.test(actor(interaction), target)) as steps:
            async with respond(interaction, is_private=True) as answer:
                begun = await anext(steps)
            await answer.show(cards.target_test(begun))
            try:
                async for outcome in steps:
                    interaction.command_failed = not outcome.is_accepted
                    await answer.show(cards.target_test(outcome))
            except NonstopError as error:  # its card replaces the one that says the test is under way
                interaction.command_failed = True
                await answer.show(failure_card(error))
