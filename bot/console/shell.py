"""Runs typed commands through the bot's command tree."""

from pathlib import Path
from typing import Any

from discord import AppCommandType
from discord.app_commands import CommandTree
from rich.console import Console

from bot.console.interaction import ConsoleInteraction, Field
from bot.console.lines import Lines
from bot.console.screen import Message
from bot.console.syntax import forms, parse
from bot.discord.errors import failure_card
from streaming.model.errors import UsageError

_SECRET_FIELDS = ("key",)


class Shell:
    """Parses and runs typed lines."""

    def __init__(self, tree: CommandTree[Any], screen: Console, lines: Lines, folder: Path | None = None) -> None:
        """`folder` gets the pictures of cards."""
        self._folder = folder
        self._tree = tree
        self._screen = screen
        self._lines = lines
        self._forms = forms([command.to_dict(tree) for command in tree.get_commands(type=AppCommandType.chat_input)])

    async def run(self, line: str) -> bool:
        """Runs one command and shows its card; whether it succeeded."""
        with Message(self._screen) as message:
            try:
                call = parse(line, self._forms)
            except UsageError as error:
                message.show(failure_card(error))
                return False
            interaction = ConsoleInteraction(message, self._ask, call.payload, folder=self._folder)
            # discord.py has no public way to run a command. This one runs its checks, conversions and error handler.
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
