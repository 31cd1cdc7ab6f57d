"""`/target`: where streams may go."""

from discord import Interaction, app_commands

from bot.answering import answering
from bot.asking import actor, guild_id
from bot.commands import completing
from bot.ui import cards
from bot.ui.modals import TargetModal
from bot.ui.words import targets as words
from streaming.control.control import Control
from streaming.model.states import TargetKind
from streaming.network.platforms import INGEST_URLS

_PLATFORMS = [
    app_commands.Choice(name=words.CHOICES[kind], value=kind.value) for kind in (*INGEST_URLS, TargetKind.CUSTOM)
]


class TargetCommands(app_commands.Group):
    """The group `/target`."""

    def __init__(self, control: Control) -> None:
        super().__init__(name="target", description=words.COMMANDS["target"], guild_only=True)
        self._control = control

    @app_commands.command(description=words.COMMANDS["target add"])
    @app_commands.describe(platform=words.OPTIONS["platform"], name=words.OPTIONS["name"])
    @app_commands.choices(platform=_PLATFORMS)
    async def add(self, interaction: Interaction, platform: str, name: str = "") -> None:
        """Asks for URL and key in a form."""
        await interaction.response.send_modal(TargetModal(self._control, name or platform, TargetKind(platform)))

    @app_commands.command(name="list", description=words.COMMANDS["target list"])
    async def list_(self, interaction: Interaction) -> None:
        """Lists all targets."""
        async with answering(interaction, is_private=True) as answer:
            infos = await self._control.targets(guild_id(interaction))
        await answer.show(cards.targets(infos))

    @app_commands.command(description=words.COMMANDS["target remove"])
    @app_commands.describe(target=words.OPTIONS["target"])
    @app_commands.autocomplete(target=completing.targets)
    async def remove(self, interaction: Interaction, target: str) -> None:
        """Forgets a target."""
        async with answering(interaction, is_private=True) as answer:
            name = await self._control.remove_target(actor(interaction), target)
        await answer.show(cards.target_removed(name))
