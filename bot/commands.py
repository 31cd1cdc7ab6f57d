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
from streaming.control.control import Control


def add_commands(tree: app_commands.CommandTree[Any], control: Control, mentions: Mentions) -> None:
    """Adds every command to the tree; needs no connection."""
    tree.add_command(_stream_commands(control))
    tree.add_command(TargetCommands(control))
    tree.add_command(PlaylistCommands(control))
    tree.add_command(settings_command(control))
    tree.add_command(help_command(tree, mentions))
    tree.add_command(about_command(tree, control))


def _stream_commands(control: Control) -> StreamCommands:
    """The group `/stream`, to which several features contribute."""
    group = StreamCommands(control)
    for command in (*queue_commands(control), *admin_commands(control), panel_command(control)):
        group.add_command(command)
    group.add_command(preview_command(control))
    return group
