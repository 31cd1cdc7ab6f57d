"""The tree of slash commands."""

from typing import Any

from discord import app_commands

from bot.discord.mentions import Mentions
from bot.help.commands import about_command, help_command
from bot.panels.commands import panel_command
from bot.playlists.commands import PlaylistCommands
from bot.queue.commands import queue_commands
from bot.setup.commands import settings_command
from bot.streams.admin_commands import admin_commands
from bot.streams.commands import StreamCommands, preview_command
from bot.targets.commands import TargetCommands
from streaming.services.services import Services


def add_commands(tree: app_commands.CommandTree[Any], services: Services, mentions: Mentions) -> None:
    """Adds every command to the tree; needs no connection."""
    tree.add_command(_stream_commands(services))
    tree.add_command(TargetCommands(services.targets, services.guilds))
    tree.add_command(PlaylistCommands(services.playlists))
    tree.add_command(settings_command(services.guilds))
    tree.add_command(help_command(tree, mentions))
    tree.add_command(about_command(tree, services.engines))


def _stream_commands(services: Services) -> StreamCommands:
    """The group `/stream`, to which several features contribute."""
    group = StreamCommands(services)
    contributed = (
        *queue_commands(services.queue, services.guilds),
        *admin_commands(services.streams),
        panel_command(services.panels),
        preview_command(services.previews),
    )
    for command in contributed:
        group.add_command(command)
    return group
