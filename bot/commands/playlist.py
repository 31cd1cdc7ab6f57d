"""`/playlist`: playlists kept under a name."""

from contextlib import suppress

from discord import HTTPException, Interaction, app_commands

from bot.answering import ENGINE_PATIENCE_SECONDS, answering
from bot.asking import actor, guild_id
from bot.commands import completing
from bot.ui import playlist_cards as cards
from bot.ui.words import playlist as words
from streaming.control.control import Control
from streaming.model.listed import Listed


class PlaylistCommands(app_commands.Group):
    """The group `/playlist`."""

    def __init__(self, control: Control) -> None:
        super().__init__(name="playlist", description=words.COMMANDS["playlist"], guild_only=True)
        self._control = control

    @app_commands.command(description=words.COMMANDS["playlist add"])
    @app_commands.describe(playlist=words.OPTIONS["playlist"], name=words.OPTIONS["name"])
    async def add(self, interaction: Interaction, playlist: str, name: str = "") -> None:
        """Gives a playlist a name."""
        async with answering(interaction) as answer:
            info = await self._control.add_playlist(actor(interaction), playlist, name)
        await answer.show(cards.saved(info))

    @app_commands.command(name="list", description=words.COMMANDS["playlist list"])
    async def list_(self, interaction: Interaction) -> None:
        """Lists all playlists."""
        async with answering(interaction, is_private=True) as answer:
            infos = await self._control.playlists(guild_id(interaction))
        await answer.show(cards.playlists(infos))

    @app_commands.command(description=words.COMMANDS["playlist refresh"])
    @app_commands.describe(playlist=words.OPTIONS["known"])
    @app_commands.autocomplete(playlist=completing.saved_playlists)
    async def refresh(self, interaction: Interaction, playlist: str) -> None:
        """Has an engine look what is in a playlist."""
        async with answering(interaction, is_private=True, patience_seconds=ENGINE_PATIENCE_SECONDS) as answer:
            who = actor(interaction)
            found = await self._control.refresh_playlist(who, playlist, on_progress=lambda far: _show(interaction, far))
        await answer.show(cards.listed(found))

    @app_commands.command(description=words.COMMANDS["playlist remove"])
    @app_commands.describe(playlist=words.OPTIONS["saved"])
    @app_commands.autocomplete(playlist=completing.saved_playlists)
    async def remove(self, interaction: Interaction, playlist: str) -> None:
        """Forgets a playlist."""
        async with answering(interaction) as answer:
            info = await self._control.remove_playlist(actor(interaction), playlist)
        await answer.show(cards.removed(info))


async def _show(interaction: Interaction, so_far: Listed) -> None:
    """Shows progress once there is a message to show it in; an edit that fails is made good by the next."""
    if interaction.response.is_done():
        with suppress(HTTPException):
            await interaction.edit_original_response(embed=cards.listing(so_far))
