"""What happened on the wire: a transcript for failure output, the rules broken, and waiting for a change."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.standins.discord_wire.refusals import Violation

# An interaction's token stands in two kinds of path, and is as good as a password for 15 minutes.
_SECRET_SEGMENT = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/?]+(?=[^/?]{4})")


@dataclass(frozen=True, slots=True)
class Call:
    """One REST request as it was answered."""

    method: str
    path: str
    status: int
    milliseconds: float
    remark: str = ""

    def __str__(self) -> str:
        path = _SECRET_SEGMENT.sub(r"\1…", self.path)
        return f"{self.method:6} {path} {self.status} {self.milliseconds:.0f} ms {self.remark}".rstrip()


@dataclass(slots=True)
class Record:
    """Everything a failed test wants to know; `tolerated` codes are written down but break nothing."""

    entries: list[Call | str] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    tolerated: set[int] = field(default_factory=set)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def calls(self) -> list[Call]:
        return [entry for entry in self.entries if isinstance(entry, Call)]

    def add(self, entry: Call | str) -> None:
        self.entries.append(entry)
        self.announce()

    def violate(self, code: int, what: str) -> None:
        if code not in self.tolerated:
            self.violations.append(Violation(code, what))

    def announce(self) -> None:
        """Let everybody who waits look again."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, is_true: Callable[[], bool], *, timeout_seconds: float) -> None:
        """Wait for a condition, looked at after every change; TimeoutError carries the transcript."""
        try:
            async with asyncio.timeout(timeout_seconds):
                while not is_true():
                    await self._changed.wait()
        except TimeoutError:
            raise TimeoutError(f"waited {timeout_seconds} s in vain\n{self}") from None

    def __str__(self) -> str:
        lines = ["Discord wire transcript:", *(f"  {entry}" for entry in self.entries)]
        if self.violations:
            lines += ["violations:", *(f"  {violation}" for violation in self.violations)]
        return "\n".join(lines)
