"""The engine of the stage: a real process, with hooks through which its own parts can be made to fail."""

import asyncio
import os
import sys
import time
from pathlib import Path

import psutil

from streaming.process.subprocesses import Child

ROOT = Path(__file__).parents[2]
HOOKS = Path(__file__).parent / "hooks"
FAULTS = "faults"
"""A folder of files; for as long as one is there, the part of the engine that is called so fails."""
_NOT_OURS = ("NONSTOP", "DISCORD_", "DATABASE_URL", "STREAM_TEMP_DIR", "FFMPEG_TIMEOUT")


class EngineProcess:
    """`python -m streaming run`, killed and started as the faults ask."""

    def __init__(self, config: Path, log: Path) -> None:
        self._config = config
        self._log = log
        self._child: Child | None = None
        self._replacing = asyncio.Lock()

    async def start(self) -> float:
        """Starts it; gives the moment."""
        began_at = time.monotonic()
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_OURS)}
        self._child = await Child.start(
            [sys.executable, "-m", "streaming", "run", "--config", str(self._config)],
            stdout=False,
            on_error_line=self._note,
            environment={
                **inherited,
                "PYTHONPATH": f"{HOOKS}:{ROOT}",
                "CHAOS_FAULTS": str(self._config.parent / FAULTS),
            },
        )
        return began_at

    def logged(self, words: str) -> int:
        """How often it has logged something."""
        return self._log.read_text().count(words) if self._log.exists() else 0

    async def kill_and_start(self) -> tuple[list[psutil.Process], float]:
        """Kills it, and nothing else, and starts another; gives what the first had started, and when that was."""
        async with self._replacing:
            assert self._child
            orphans = self.children()
            self._child.kill()
            await self._child.wait()
            return orphans, await self.start()

    async def stop(self) -> None:
        """Ends it as an operator does."""
        if self._child:
            await self._child.stop(patience_seconds=25)

    def tree(self) -> list[psutil.Process]:
        """It and everything it started."""
        return [*self._itself(), *self.children()]

    def children(self) -> list[psutil.Process]:
        """Everything it started that still runs."""
        return [child for process in self._itself() for child in process.children(recursive=True)]

    def _itself(self) -> list[psutil.Process]:
        try:
            return [psutil.Process(self._child.pid)] if self._child else []
        except psutil.NoSuchProcess:
            return []

    def _note(self, line: str) -> None:
        with self._log.open("a") as log:
            log.write(f"{time.monotonic():.3f} {line}\n")
