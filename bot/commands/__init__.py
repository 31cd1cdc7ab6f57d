"""The slash commands: one module for each group."""

from typing import Any

from discord import app_commands

from bot.commands.pictures import preview_command, target_test_command
from bot.commands.stream import StreamCommands
from bot.commands.target import TargetCommands
from streaming.control.control import Control


def add_commands(tree: app_commands.CommandTree[Any], control: Control) -> None:
    """Puts every command into the tree; needs no connection."""
    streams, targets = StreamCommands(control), TargetCommands(control)
    streams.add_command(preview_command(control))
    targets.add_command(target_test_command(control))
    tree.add_command(streams)
    tree.add_command(targets)
