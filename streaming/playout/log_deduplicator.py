"""Makes a log worth reading of a program that talks too much: secrets out first, repeats folded, floods cut."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from streaming.model.states import LogLevel
from streaming.model.text import visible_signs

WINDOW_SECONDS = 60.0
LINES_PER_WINDOW = 60
LINE_LENGTH = 500
_LOOKED_AT = 8 * LINE_LENGTH
"""Of an endless line, so much is looked through for secrets."""

_CHANGING = re.compile(r"0x[0-9a-f]+|\d+")


@dataclass(slots=True)
class _Said:
    """A line kept in this window, in its latest wording."""

    level: LogLevel
    line: str
    repeats: int = 0


class Journal:
    """Takes lines and writes those worth keeping, as they come.

    A line that differs from one kept in the same minute only in its numbers is a repeat; how often it came is told when
    the minute is over. So is how many lines were left out because the minute was full. `clock` gives seconds that never
    go back.
    """

    def __init__(
        self, *, redact: Callable[[str], str], write: Callable[[LogLevel, str], None], clock: Callable[[], float]
    ) -> None:
        self._redact = redact
        self._write = write
        self._clock = clock
        self._ends_at = float("-inf")
        self._said: dict[str, _Said] = {}
        self._written = 0
        self._left_out = 0

    def hear(self, line: str, level: LogLevel = LogLevel.INFO) -> None:
        """Takes one line of the program."""
        line = visible_signs(self._redact(line[:_LOOKED_AT]).strip())[:LINE_LENGTH]
        if self._clock() >= self._ends_at:
            self.settle()
        said = self._said.get(_shape(line))
        if said:
            said.level, said.line, said.repeats = level, line, said.repeats + 1
        elif line and self._put(level, line):
            self._said[_shape(line)] = _Said(level, line)

    def settle(self) -> None:
        """Tells what was held back, and begins a new minute. To be called when the program has ended."""
        repeated = [said for said in self._said.values() if said.repeats]
        left_out = self._left_out
        self._said.clear()
        self._written = self._left_out = 0
        self._ends_at = self._clock() + WINDOW_SECONDS
        if left_out:
            self._put(LogLevel.WARNING, f"… left out: {left_out} more lines")
        for said in repeated:
            self._put(said.level, f"{said.line} (repeated {_times(said.repeats)})")

    def _put(self, level: LogLevel, line: str) -> bool:
        """Writes a line if the minute has room for it, and says whether it did."""
        if self._written == LINES_PER_WINDOW:
            self._left_out += 1
            return False
        self._written += 1
        self._write(level, line)
        return True


def _shape(line: str) -> str:
    return _CHANGING.sub("#", line)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
