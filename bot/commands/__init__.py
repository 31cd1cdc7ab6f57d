"""The slash commands: one module for each group."""

from typing import Any

from discord import app_commands

from bot.commands.help import about_command, help_command
from bot.commands.pictures import preview_command, target_test_command
from bot.commands.playlist import PlaylistCommands
from bot.commands.settings import settings_command
from bot.commands.stream import StreamCommands
from bot.commands.target import TargetCommands
from bot.mentions import Mentions
from streaming.control.control import Control


def add_commands(tree: app_commands.CommandTree[Any], control: Control, mentions: Mentions) -> None:
    """Puts every command into the tree; needs no connection."""
    streams, targets = StreamCommands(control), TargetCommands(control)
    streams.add_command(preview_command(control))
    targets.add_command(target_test_command(control))
    tree.add_command(streams)
    tree.add_command(targets)
    tree.add_command(PlaylistCommands(control))
    tree.add_command(settings_command(control))
    tree.add_command(help_command(tree, mentions))
    tree.add_command(about_command(tree, control))
