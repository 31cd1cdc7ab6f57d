"""Reduces the output of a verbose program to a readable log: redacted, repeats folded, floods cut."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from streaming.model.message import Message
from streaming.model.states import LogLevel
from streaming.model.text import visible_signs
from streaming.playout.messages import FfmpegLines

WINDOW_SECONDS = 60.0
LINES_PER_WINDOW = 60
LINE_LENGTH = 500
_LOOKED_AT = 8 * LINE_LENGTH
"""How much of an endless line is searched for secrets."""

_CHANGING = re.compile(r"0x[0-9a-f]+|\d+")


@dataclass(slots=True)
class _Line:
    """A line kept in this window, in its latest wording."""

    level: LogLevel
    line: str
    repeats: int = 0


class LogDeduplicator:
    """Writes the lines worth keeping, as they come.

    A line that differs from an earlier one of the same minute only in its numbers is a repeat. Repeats, and lines
    beyond the limit of a minute, are counted, and the counts are written when the minute is over. `clock` counts
    seconds and never goes back.
    """

    def __init__(
        self, *, redact: Callable[[str], str], write: Callable[[LogLevel, Message], None], clock: Callable[[], float]
    ) -> None:
        self._redact = redact
        self._write = write
        self._clock = clock
        self._ends_at = float("-inf")
        self._known: dict[str, _Line] = {}
        self._written = 0
        self._left_out = 0

    def add(self, line: str, level: LogLevel = LogLevel.INFO) -> None:
        """Writes a line, unless it is a repeat or the minute is full."""
        line = visible_signs(self._redact(line[:_LOOKED_AT]).strip())[:LINE_LENGTH]
        if self._clock() >= self._ends_at:
            self.flush()
        known = self._known.get(_shape(line))
        if known:
            known.level, known.line, known.repeats = level, line, known.repeats + 1
        elif line and self._put(level, Message(line)):
            self._known[_shape(line)] = _Line(level, line)

    def flush(self) -> None:
        """Writes the counts that were held back, and begins a new minute. Call it when the program has ended."""
        repeated = [known for known in self._known.values() if known.repeats]
        left_out = self._left_out
        self._known.clear()
        self._written = self._left_out = 0
        self._ends_at = self._clock() + WINDOW_SECONDS
        if left_out:
            self._put(LogLevel.WARNING, FfmpegLines.LEFT_OUT(count=left_out))
        for known in repeated:
            self._put(known.level, _repeated(known))

    def _put(self, level: LogLevel, line: Message) -> bool:
        """Writes a line if the minute has room for it. Returns whether it had."""
        if self._written == LINES_PER_WINDOW:
            self._left_out += 1
            return False
        self._written += 1
        self._write(level, line)
        return True


def _shape(line: str) -> str:
    return _CHANGING.sub("#", line)


def _repeated(known: _Line) -> Message:
    if known.repeats == 1:
        return FfmpegLines.REPEATED_ONCE(line=known.line)
    return FfmpegLines.REPEATED(line=known.line, count=known.repeats)
