"""The Discord client and its command tree: events of guilds, the check before commands, errors."""

import logging
from datetime import UTC, datetime
from typing import Any, cast

import discord
from discord import app_commands

from bot.commands import add_commands
from bot.discord.bot_permissions import invite_url
from bot.discord.command_sync import sync_commands
from bot.discord.errors import answer_unhandled, report_failure, report_failures
from bot.discord.gateway_log import redact_gateway_log
from bot.discord.mentions import Mentions
from bot.discord.permissions import admit_command
from bot.i18n.languages import GuildLanguages, guild_language
from bot.i18n.translator import CommandTranslator
from bot.i18n.words import in_language
from bot.panels.buttons import PanelButton
from bot.queue.views import QueueButton, QueueSelect
from bot.setup.arrival import turn_away, welcome_guild
from bot.setup.welcome import PlatformSelect, StepButton
from bot.streams.confirmation import ConfirmButton
from streaming.model.text import clean_all
from streaming.services.guilds import GuildService
from streaming.services.services import Services
from streaming.settings import Settings

_log = logging.getLogger(__name__)


class NonstopTree(app_commands.CommandTree["NonstopBot"]):
    """The command tree: checks permissions before each command and reports its errors."""

    def __init__(self, client: "NonstopBot", guilds: GuildService) -> None:
        super().__init__(client)
        self._guilds = guilds

    async def interaction_check(self, interaction: discord.Interaction["NonstopBot"], /) -> bool:
        """Cleans the text people typed, and checks the user's permission."""
        interaction.data = cast("Any", clean_all(interaction.data))
        async with report_failures(interaction):
            return await admit_command(interaction, self._guilds)
        return False

    async def on_error(
        self, interaction: discord.Interaction["NonstopBot"], error: app_commands.AppCommandError, /
    ) -> None:
        await report_failure(interaction, error)


class NonstopBot(discord.AutoShardedClient):
    """The bot. Its only intent is guilds, so it sees no messages and no members."""

    def __init__(self, settings: Settings, services: Services, *, shard_count: int | None = None) -> None:
        super().__init__(
            shard_count=shard_count,
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
        )
        self._settings = settings
        self.services = services
        self.languages = GuildLanguages()
        self.pressed: set[str] = set()
        """The custom ids of buttons whose work is under way."""
        self.tree = NonstopTree(self, services.guilds)
        self.started_at = datetime.now(UTC)
        self.was_ready = False
        self.mentions = Mentions()
        add_commands(self.tree, services, self.mentions)

    async def setup_hook(self) -> None:
        """Registers buttons of earlier runs with discord.py, and changed commands with Discord."""
        self.add_dynamic_items(StepButton, PlatformSelect, QueueButton, QueueSelect, ConfirmButton, PanelButton)
        await self.languages.load(self.services.guilds)
        await self.tree.set_translator(CommandTranslator())
        record = self._settings.streaming.data_dir / "commands.json"
        self.mentions.set_ids(await sync_commands(self.tree, record, self._settings.discord.dev_guild_id))

    def serves(self, guild_id: int) -> bool:
        """Whether the settings allow a guild, and the bot is in it."""
        return self._settings.discord.serves(guild_id) and self.get_guild(guild_id) is not None

    async def on_ready(self) -> None:
        """Catches up with guilds that came or went while the bot was away."""
        assert self.user and self.application_id
        self.was_ready = True
        where = invite_url(self.application_id)
        _log.info("Logged in as %s, in %d guilds. Invite: %s", self.user, len(self.guilds), where)
        # Includes guilds that are unavailable by an outage of Discord.
        await self.services.guilds.set_present([guild.id for guild in self.guilds])
        await self.services.guilds.forget_departed()
        for guild in [guild for guild in self.guilds if not self._settings.discord.serves(guild.id)]:
            await self._turn_away(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Welcomes the guild, or leaves it if the settings do not allow it."""
        if not self._settings.discord.serves(guild.id):
            await self._turn_away(guild)
            return
        await self.services.guilds.joined(guild.id)
        with in_language(guild_language(self, guild.id)):
            await welcome_guild(guild, self.services.guilds, self.mentions)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Stops the guild's streams. discord.py does not call this for outages."""
        await self.services.guilds.left(guild.id)

    async def _turn_away(self, guild: discord.Guild) -> None:
        with in_language(guild_language(self, guild.id)):
            await turn_away(guild)

    async def on_interaction(self, interaction: discord.Interaction["NonstopBot"]) -> None:
        await answer_unhandled(interaction)


def create_bot(settings: Settings, services: Services, *, shard_count: int | None = None) -> NonstopBot:
    """A bot that is not connected yet; by default Discord says how many shards it gets."""
    redact_gateway_log()
    return NonstopBot(settings, services, shard_count=shard_count)
