"""What is asked of a stream on air: waits to be taken by an engine, at most once, and for its answer."""

import asyncio
from collections.abc import Awaitable, Callable

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.control.status import NO_ENGINE
from streaming.model.errors import NotFound, ServiceUnavailable, WantedStateError
from streaming.model.states import CommandState
from streaming.storage.change_feed import Changes
from streaming.storage.commands import LIFE_SECONDS, CommandQueue
from streaming.storage.database import Database
from streaming.storage.tables import Command

_ANSWER_SECONDS = 20.0


async def answer(
    database: Database,
    changes: Changes,
    command: Command,
    *,
    life_seconds: float = LIFE_SECONDS,
    on_progress: Callable[[str], Awaitable[None]] | None = None,
) -> str:
    """Waits for the engine's answer to a command that `changes` was opened before.

    What the engine writes as answer before it is done goes to `on_progress`, and gives it more time.
    Raises ServiceUnavailable when no engine takes it within its life, or the one that took it stays silent,
    WantedStateError with the engine's words when it declines, and NotFound when what it is about was removed.
    """
    now = asyncio.get_running_loop().time
    expires_at = now() + life_seconds
    gives_up_at = expires_at + _ANSWER_SECONDS
    so_far = ""
    while True:
        async with database.session() as session:
            present = await session.get(Command, command.id)
            if present is None:
                raise NotFound("The stream or target no longer exists.")
            command = present
            if command.state is CommandState.WAITING and now() >= expires_at and await _expire(session, command):
                raise ServiceUnavailable(NO_ENGINE)
        if command.state is CommandState.DONE:
            return command.answer
        if command.state in (CommandState.FAILED, CommandState.EXPIRED):
            raise WantedStateError(command.answer or "The engine refused.")
        if command.answer != so_far:
            so_far, gives_up_at = command.answer, now() + _ANSWER_SECONDS
            if on_progress:
                await on_progress(so_far)
        if now() >= gives_up_at:
            raise ServiceUnavailable(
                "The engine accepted the command but has not answered.", hint="See /stream status."
            )
        next_look_at = expires_at if command.state is CommandState.WAITING else gives_up_at
        await changes.wait(max(0.0, next_look_at - now()))


async def _expire(session: AsyncSession, command: Command) -> bool:
    """Takes the command back; says no when an engine was quicker."""
    is_withdrawn = await CommandQueue(session).expire(command.id)
    await session.commit()
    return is_withdrawn
