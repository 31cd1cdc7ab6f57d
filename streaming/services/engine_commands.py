"""Commands to the engine: at most one engine claims a command, and the sender waits for its answer."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.model.errors import NotFound, ServiceUnavailable, WantedStateError
from streaming.model.message import NOTHING, Message
from streaming.model.states import CommandState
from streaming.services.messages import Engines
from streaming.storage.commands import LIFE_SECONDS, CommandQueue
from streaming.storage.database import Database
from streaming.storage.tables import Command

_ANSWER_SECONDS = 20.0
"""How long the engine that claimed a command may stay silent."""

OnProgress = Callable[[Message], Awaitable[None]]


class EngineCommands:
    """Waits for what engines answer to commands, which reach them by way of the database."""

    def __init__(self, database: Database, *, life_seconds: float = LIFE_SECONDS) -> None:
        """A command that no engine claims within `life_seconds` is withdrawn."""
        self._database = database
        self.life_seconds = life_seconds

    async def answer(self, command: Command, *, on_progress: OnProgress | None = None) -> Message:
        """Waits for the engine's answer to a command that is committed, outside of the session that wrote it.

        `on_progress` gets preliminary answers; each one gives the engine more time. Raises ServiceUnavailable when no
        engine claims the command within its life or the one that did stays silent, WantedStateError with the engine's
        reason when it declines, and NotFound when the command's stream or target was deleted.
        """
        now = asyncio.get_running_loop().time
        expires_at = now() + self.life_seconds
        gives_up_at = expires_at + _ANSWER_SECONDS
        progress = NOTHING
        async with AsyncExitStack() as stack:
            changes = await self._database.patiently(lambda: stack.enter_async_context(self._database.changes()))
            while True:
                command = await self._read(command, expires_at)
                if command.state is CommandState.DONE:
                    return command.answer
                if command.state in (CommandState.FAILED, CommandState.EXPIRED):
                    raise WantedStateError(command.answer or Engines.REFUSED())
                if command.answer != progress:
                    progress, gives_up_at = command.answer, now() + _ANSWER_SECONDS
                    if on_progress:
                        await on_progress(progress)
                if now() >= gives_up_at:
                    raise ServiceUnavailable(Engines.SILENT(), hint=Engines.SEE_STATUS())
                next_look_at = expires_at if command.state is CommandState.WAITING else gives_up_at
                await changes.wait(max(0.0, next_look_at - now()))

    async def _read(self, command: Command, expires_at: float) -> Command:
        """The command as it is now; withdraws one that still waits at `expires_at`, on the event loop's clock."""
        async with self._database.session() as session:
            present = await session.get(Command, command.id)
            if present is None:
                raise NotFound(Engines.SUBJECT_GONE())
            is_expired = asyncio.get_running_loop().time() >= expires_at
            if present.state is CommandState.WAITING and is_expired and await _expire(session, present):
                raise ServiceUnavailable(Engines.NOT_RUNNING())
            return present


async def _expire(session: AsyncSession, command: Command) -> bool:
    """Withdraws the command; says no when an engine was quicker."""
    is_withdrawn = await CommandQueue(session).expire(command.id)
    await session.commit()
    return is_withdrawn
