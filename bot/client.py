"""The connection to Discord: logs in, keeps the commands in step, and hands every failure to one place."""

import logging

import discord
from discord import app_commands

from bot.commands import add_commands
from bot.failures import answer_failure
from bot.panels.buttons import PanelButton
from bot.syncing import sync_when_changed
from streaming.control.control import Control
from streaming.settings import Settings

_log = logging.getLogger(__name__)

_INVITE_PERMISSIONS = discord.Permissions(view_channel=True, send_messages=True, embed_links=True)


class NonstopTree(app_commands.CommandTree["NonstopBot"]):
    """The commands, with one answer to failures."""

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
        self.pressed: set[str] = set()
        """The buttons whose work is under way."""
        self.tree = NonstopTree(self)
        add_commands(self.tree, control)

    async def setup_hook(self) -> None:
        """Tells Discord of commands that changed, and knows buttons that were shown before."""
        self.add_dynamic_items(PanelButton)
        record = self._settings.streaming.data_dir / "commands.json"
        await sync_when_changed(self.tree, record, self._settings.discord.dev_guild_id)

    async def on_ready(self) -> None:
        """Says who and where we are."""
        assert self.user and self.application_id
        invite = discord.utils.oauth_url(self.application_id, permissions=_INVITE_PERMISSIONS)
        _log.info("Logged in as %s, in %d guilds. Invite: %s", self.user, len(self.guilds), invite)


def create_bot(settings: Settings, control: Control, *, shard_count: int | None = None) -> NonstopBot:
    """A bot ready to be started with a token; Discord says how many shards it is to have, unless we do."""
    return NonstopBot(settings, control, shard_count=shard_count)
