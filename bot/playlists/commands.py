"""`/playlist`: playlists saved under a name."""

from contextlib import suppress

from discord import HTTPException, Interaction, app_commands

from bot.discord import autocomplete
from bot.discord.actor import actor, guild_id
from bot.discord.responses import ENGINE_DEFER_SECONDS, respond
from bot.i18n.words import playlists as words
from bot.playlists import cards
from streaming.model.listed import Listed
from streaming.services.playlists import PlaylistService


class PlaylistCommands(app_commands.Group):
    """The group `/playlist`."""

    def __init__(self, playlists: PlaylistService) -> None:
        super().__init__(name="playlist", description=words.COMMANDS["playlist"], guild_only=True)
        self._playlists = playlists

    @app_commands.command(description=words.COMMANDS["playlist add"])
    @app_commands.describe(playlist=words.OPTIONS["playlist"], name=words.OPTIONS["name"])
    async def add(self, interaction: Interaction, playlist: str, name: str = "") -> None:
        async with respond(interaction) as answer:
            info = await self._playlists.add(actor(interaction), playlist, name)
        await answer.show(cards.saved(info))

    @app_commands.command(name="list", description=words.COMMANDS["playlist list"])
    async def list_(self, interaction: Interaction) -> None:
        async with respond(interaction, is_private=True) as answer:
            infos = await self._playlists.all(guild_id(interaction))
        await answer.show(cards.playlists(infos))

    @app_commands.command(description=words.COMMANDS["playlist refresh"])
    @app_commands.describe(playlist=words.OPTIONS["known"])
    @app_commands.autocomplete(playlist=autocomplete.saved_playlists)
    async def refresh(self, interaction: Interaction, playlist: str) -> None:
        async with respond(interaction, is_private=True, defer_after_seconds=ENGINE_DEFER_SECONDS) as answer:
            found = await self._playlists.refresh(
                actor(interaction), playlist, on_progress=lambda so_far: _show_progress(interaction, so_far)
            )
        await answer.show(cards.listed(found))

    @app_commands.command(description=words.COMMANDS["playlist remove"])
    @app_commands.describe(playlist=words.OPTIONS["saved"])
    @app_commands.autocomplete(playlist=autocomplete.saved_playlists)
    async def remove(self, interaction: Interaction, playlist: str) -> None:
        async with respond(interaction) as answer:
            info = await self._playlists.remove(actor(interaction), playlist)
        await answer.show(cards.removed(info))


async def _show_progress(interaction: Interaction, so_far: Listed) -> None:
    """Edits the deferred answer, if there is one yet. A failed edit is not retried: the next one shows more."""
    if interaction.response.is_done():
        with suppress(HTTPException):
            await interaction.edit_original_response(embed=cards.listing(so_far))
