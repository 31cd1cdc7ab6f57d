"""The console's output: on a terminal cards that change in place, elsewhere plain lines."""

import asyncio
from types import TracebackType
from typing import Self

from discord import Embed
from rich.console import Console
from rich.live import Live
from rich.text import Text

from bot.console import cards

_LASTS_SECONDS = 0.3
"""Without a terminal, a card that is replaced sooner gets no line."""


class Message:
    """One message, editable until its context is left."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.card: Embed | None = None
        self._live: Live | None = None
        self._line: asyncio.TimerHandle | None = None
        self._shown = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._line:
            self._line.cancel()
        if self._live:
            self._live.stop()
        elif self.card:
            self._console.print(cards.render(self.card))

    def show(self, card: Embed) -> None:
        self.card = card
        if self._console.is_terminal:
            if self._live is None:
                self._live = Live(console=self._console, auto_refresh=False)
                self._live.start()
            self._live.update(cards.render(card), refresh=True)
        elif self._line is None:
            self._line = asyncio.get_running_loop().call_later(_LASTS_SECONDS, self._print_line)

    @property
    def is_line_due(self) -> bool:
        """Whether a line about the card is about to be printed."""
        return self._line is not None

    def _print_line(self) -> None:
        self._line = None
        line = cards.headline(self.card) if self.card else ""
        if line != self._shown:
            self._shown = line
            self._console.print(line, style="dim", markup=False, highlight=False, soft_wrap=True)


class Ticker:
    """One line of status: replaced in place above a terminal's prompt, elsewhere printed again."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown = ""

    def show(self, line: str) -> None:
        """Prints the line unless it equals the last one."""
        if line != self._shown:
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)
        self._shown = line

    def replace(self, line: str) -> None:
        """Overwrites the line above the cursor; cursor and typed text stay."""
        if line != self._shown:
            save, up, clear, restore = "\x1b7", "\x1b[1F", "\x1b[2K", "\x1b8"
            fitting = Text(line)
            fitting.truncate(self._console.width - 1, overflow="ellipsis")
            self._console.file.write(f"{save}{up}{clear}{fitting.plain}{restore}")
            self._console.file.flush()
        self._shown = line
