"""The console's own engine, a child process."""

import asyncio
import logging
import os
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from sqlmodel import select

from streaming.model.errors import EXIT_CONFIGURATION, ConfigurationError, NonstopError, ServiceUnavailable
from streaming.model.message import Message
from streaming.model.text import visible_signs
from streaming.process.subprocesses import Child
from streaming.redaction.secrets import redact
from streaming.storage.database import Database
from streaming.storage.tables import EngineHeartbeat

_log = logging.getLogger(__name__)

_COMMAND = (sys.executable, "-m", "streaming", "run")
_READY_WITHIN_SECONDS = 30.0
_LOOK_EVERY_SECONDS = 0.5
_STOPS_WITHIN_SECONDS = 15.0
_LOG_BYTES = 5_000_000


class EngineProcess:
    """`python -m streaming run`, with its log in a file."""

    def __init__(
        self,
        log: Path,
        options: Sequence[str] = (),
        *,
        command: Sequence[str] = _COMMAND,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        """`variables` are added to its environment."""
        self._environment = {**os.environ, **(variables or {})}
        self._log = log
        self._command = [*command, *options]
        self._last_lines: deque[str] = deque(maxlen=1)
        self._child: Child | None = None
        self._handler: logging.Handler | None = None

    async def start(self, database: Database) -> None:
        """Starts it and waits for its heartbeat. Raises the error of `ended` when it ends instead."""
        self._log.parent.mkdir(parents=True, exist_ok=True)
        self._handler = RotatingFileHandler(self._log, maxBytes=_LOG_BYTES, backupCount=1)
        self._child = await Child.start(
            self._command, stdout=False, on_error_line=self._keep, environment=self._environment
        )
        try:
            async with asyncio.timeout(_READY_WITHIN_SECONDS), database.changes() as changes:
                while not await self._is_there(database, self._child):
                    await changes.wait(_LOOK_EVERY_SECONDS)
        except TimeoutError:
            raise ServiceUnavailable(
                Message("The engine did not start in time."), hint=Message(f"Its log is {self._log}.")
            ) from None

    async def ended(self) -> NonstopError:
        """Waits for its end; returns an error with its last line."""
        assert self._child
        code = await self._child.wait()
        said = self._last_lines[-1].removeprefix("nonstop: ").rstrip(".") if self._last_lines else f"exit code {code}"
        hint = f"Its log is {self._log}."
        if code == EXIT_CONFIGURATION:
            return ConfigurationError(f"The engine cannot start: {said}.", hint=Message(hint))
        return ServiceUnavailable(Message(f"The engine ended unexpectedly: {said}."), hint=Message(hint))

    @property
    def is_running(self) -> bool:
        return self._child is not None and self._child.returncode is None

    async def stop(self) -> None:
        """Stops it together with its FFmpeg processes."""
        if self._child:
            await self._child.stop(patience_seconds=_STOPS_WITHIN_SECONDS)
        if self._handler:
            self._handler.close()

    async def _is_there(self, database: Database, child: Child) -> bool:
        if child.returncode is not None:
            raise await self.ended()
        async with database.session() as session:
            beats = await session.exec(select(EngineHeartbeat).where(EngineHeartbeat.pid == child.pid))
            return beats.first() is not None

    def _keep(self, line: str) -> None:
        line = visible_signs(redact(line))
        self._last_lines.append(line)
        _log.debug("engine: %s", line)
        if self._handler:
            with suppress(OSError):  # a full disk is no reason to end what is on air
                self._handler.handle(logging.makeLogRecord({"msg": line}))
