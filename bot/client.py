"""The connection to Discord: logs in, keeps the commands in step, and hands every failure to one place."""

import logging
from datetime import UTC, datetime
from typing import Any, cast

import discord
from discord import app_commands

from bot.commands import add_commands
from bot.delete_view import DeleteButton
from bot.failures import answer_failure, answer_when_nobody_does, failures_told
from bot.first_run import turn_away, welcome_guild
from bot.languages import Languages, of_guild
from bot.mentions import Mentions
from bot.own_permissions import invitation
from bot.panels.buttons import PanelButton
from bot.permissions import admit_command
from bot.queue_view import QueueButton, QueueSelect
from bot.syncing import sync_when_changed
from bot.translating import CommandTranslator
from bot.ui.words import speaking
from bot.welcome import PlatformSelect, StepButton
from bot.wire_log import keep_wire_secrets
from streaming.control.control import Control
from streaming.model.text import clean_all
from streaming.settings import Settings

_log = logging.getLogger(__name__)


class NonstopTree(app_commands.CommandTree["NonstopBot"]):
    """The commands, with one gate before them and one answer to failures."""

    def __init__(self, client: "NonstopBot", control: Control) -> None:
        super().__init__(client)
        self._control = control

    async def interaction_check(self, interaction: discord.Interaction["NonstopBot"], /) -> bool:
        """Cleans what was typed, and lets in whoever may do what is asked."""
        interaction.data = cast("Any", clean_all(interaction.data))
        async with failures_told(interaction):
            return await admit_command(interaction, self._control)
        return False

    async def on_error(
        self, interaction: discord.Interaction["NonstopBot"], error: app_commands.AppCommandError, /
    ) -> None:
        """Tells whoever asked."""
        await answer_failure(interaction, error)


class NonstopBot(discord.AutoShardedClient):
    """The bot. It sees guilds and its own commands, nothing else."""

    def __init__(self, settings: Settings, control: Control, *, shard_count: int | None = None) -> None:
        super().__init__(
            shard_count=shard_count,
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
        )
        self._settings = settings
        self.control = control
        self.languages = Languages()
        self.pressed: set[str] = set()
        """The buttons whose work is under way."""
        self.tree = NonstopTree(self, control)
        self.started_at = datetime.now(UTC)
        self.was_ready = False
        self.mentions = Mentions()
        add_commands(self.tree, control, self.mentions)

    async def setup_hook(self) -> None:
        """Takes up buttons from before, and tells Discord of commands that changed."""
        self.add_dynamic_items(StepButton, PlatformSelect, QueueButton, QueueSelect, DeleteButton, PanelButton)
        await self.languages.load(self.control)
        await self.tree.set_translator(CommandTranslator())
        record = self._settings.streaming.data_dir / "commands.json"
        self.mentions.learn(await sync_when_changed(self.tree, record, self._settings.discord.dev_guild_id))

    def serves(self, guild_id: int) -> bool:
        """Whether a guild is to be served, and has us."""
        return self._settings.discord.serves(guild_id) and self.get_guild(guild_id) is not None

    async def on_ready(self) -> None:
        """Says who and where we are, and sees to guilds that came or went while we were away."""
        assert self.user and self.application_id
        self.was_ready = True
        where = invitation(self.application_id)
        _log.info("Logged in as %s, in %d guilds. Invite: %s", self.user, len(self.guilds), where)
        # Guilds that an outage keeps from us are among them.
        await self.control.guilds_present([guild.id for guild in self.guilds])
        await self.control.forget_departed()
        for guild in [guild for guild in self.guilds if not self._settings.discord.serves(guild.id)]:
            await self._turn_away(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Shows a server that lets us in the way, if we serve it."""
        if not self._settings.discord.serves(guild.id):
            await self._turn_away(guild)
            return
        await self.control.guild_joined(guild.id)
        with speaking(of_guild(self, guild.id)):
            await welcome_guild(guild, self.control, self.mentions)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Ends what a server that removes us has on air; discord.py tells of outages otherwise."""
        await self.control.guild_left(guild.id)

    async def _turn_away(self, guild: discord.Guild) -> None:
        with speaking(of_guild(self, guild.id)):
            await turn_away(guild)

    async def on_interaction(self, interaction: discord.Interaction["NonstopBot"]) -> None:
        """Sees to buttons and forms that no code of ours belongs to any more."""
        await answer_when_nobody_does(interaction)


def create_bot(settings: Settings, control: Control, *, shard_count: int | None = None) -> NonstopBot:
    """A bot ready to be started with a token; Discord says how many shards it is to have, unless we do."""
    keep_wire_secrets()
    return NonstopBot(settings, control, shard_count=shard_count)
