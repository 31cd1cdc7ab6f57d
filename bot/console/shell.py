"""Runs typed commands through the bot's own command tree."""

from pathlib import Path
from typing import Any

from discord import AppCommandType
from discord.app_commands import CommandTree
from rich.console import Console

from bot.console.interaction import ConsoleInteraction, Field
from bot.console.lines import Lines
from bot.console.screen import Message
from bot.console.syntax import forms, parse
from bot.failures import failure_card
from streaming.model.errors import UsageError

_SECRET_FIELDS = ("key",)


class Shell:
    """The commands of a tree, typed."""

    def __init__(self, tree: CommandTree[Any], screen: Console, lines: Lines, folder: Path | None = None) -> None:
        """`folder` is where pictures are kept."""
        self._folder = folder
        self._tree = tree
        self._screen = screen
        self._lines = lines
        self._forms = forms([command.to_dict(tree) for command in tree.get_commands(type=AppCommandType.chat_input)])

    async def run(self, line: str) -> bool:
        """Runs one command to its outcome, shown as a card; whether it worked."""
        with Message(self._screen) as message:
            try:
                call = parse(line, self._forms)
            except UsageError as error:
                message.show(failure_card(error))
                return False
            interaction = ConsoleInteraction(message, self._ask, call.payload, folder=self._folder)
            # The door through which discord.py lets commands in; it has no public one. Checks, values, the handler
            # and the answer to failures are those of Discord.
            await self._tree._call(interaction.as_discord)  # noqa: SLF001
            return not interaction.command_failed

    async def _ask(self, field: Field) -> str:
        if not self._lines.is_terminal:
            return await self._lines.read() or field.default
        default = f" ({field.default})" if field.default else ""
        self._screen.print(f"{field.label}{default}: ", end="", markup=False)
        if field.id not in _SECRET_FIELDS:
            return await self._lines.read() or field.default
        with self._lines.hidden():
            secret = await self._lines.read()
        self._screen.print()
        return secret or field.default
