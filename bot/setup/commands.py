"""`/settings`: what a server decides for itself."""

from typing import Any

from discord import Interaction, Role, TextChannel, app_commands

from bot.discord.actor import actor, guild_id
from bot.discord.bot_permissions import check_may_post
from bot.discord.permissions import admit_manager, check_may_write
from bot.discord.responses import respond
from bot.i18n.words import setup as words
from bot.setup import cards
from streaming.services.guilds import GuildChoice, GuildService, Language, Setting

_LANGUAGES = [app_commands.Choice(name=name, value=language.value) for language, name in words.LANGUAGES.items()]
_CLEARABLE = [app_commands.Choice(name=name, value=setting.value) for setting, name in words.CHOICES.items()]


def settings_command(guilds: GuildService) -> app_commands.Command[Any, ..., None]:
    """Without options the command shows the settings, else it changes those that are given."""

    @app_commands.command(name="settings", description=words.COMMANDS["settings"])
    @app_commands.describe(**words.OPTIONS)
    @app_commands.choices(language=_LANGUAGES, clear=_CLEARABLE)
    @app_commands.guild_only()
    async def settings(
        interaction: Interaction,
        *,
        operator_role: Role | None = None,
        alerts_channel: TextChannel | None = None,
        language: str | None = None,
        clear: str | None = None,
    ) -> None:
        chosen = GuildChoice(
            operator_role.id if operator_role else None,
            alerts_channel.id if alerts_channel else None,
            Language(language) if language else None,
        )
        if chosen == GuildChoice() and not clear:
            await _show(guilds, interaction)
        elif await admit_manager(interaction):
            if alerts_channel:
                check_may_write(interaction, alerts_channel)
                check_may_post(alerts_channel)
            await _change(guilds, interaction, chosen, {Setting(clear)} if clear else set())

    return settings


async def _show(guilds: GuildService, interaction: Interaction) -> None:
    async with respond(interaction, is_private=True) as answer:
        choice = await guilds.settings(guild_id(interaction))
    await answer.show(cards.settings(choice))


async def _change(
    guilds: GuildService, interaction: Interaction[Any], chosen: GuildChoice, cleared: set[Setting]
) -> None:
    async with respond(interaction, is_private=True) as answer:
        choice = await guilds.change(actor(interaction), chosen, cleared=cleared)
        interaction.client.languages.remember(guild_id(interaction), choice.language)
    await answer.show(cards.settings(choice, is_saved=True))
