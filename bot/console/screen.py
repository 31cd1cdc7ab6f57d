"""Where the console writes: cards that change in place on a terminal, and plain lines of what changed elsewhere."""

import asyncio
from types import TracebackType
from typing import Self

from discord import Embed
from rich.console import Console
from rich.live import Live

from bot.console import cards

_LASTS_SECONDS = 0.3
"""Elsewhere than on a terminal, what is replaced sooner is not worth a line."""


class Message:
    """One message, which may be edited until it is left: what it shows then stays."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._embed: Embed | None = None
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
        elif self._embed:
            self._console.print(cards.draw(self._embed))

    def show(self, embed: Embed) -> None:
        """Shows the card in place of the one before."""
        self._embed = embed
        if self._console.is_terminal:
            if self._live is None:
                self._live = Live(console=self._console, auto_refresh=False)
                self._live.start()
            self._live.update(cards.draw(embed), refresh=True)
        elif self._line is None:
            self._line = asyncio.get_running_loop().call_later(_LASTS_SECONDS, self._print_line)

    def _print_line(self) -> None:
        self._line = None
        line = cards.headline(self._embed) if self._embed else ""
        if line != self._shown:
            self._shown = line
            self._console.print(line, style="dim", markup=False, highlight=False, soft_wrap=True)


class Ticker:
    """A line that is kept up to date in place on a terminal, and printed again when its text changes elsewhere."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown = ""

    def show(self, text: str) -> None:
        """Prints the line unless it is what was printed last."""
        if text and text != self._shown:
            self._console.print(text, markup=False, highlight=False, soft_wrap=True)
        self._shown = text
