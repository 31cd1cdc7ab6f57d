"""The queue of commands: requested by people, claimed by at most one engine, answered once."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.model.message import Message
from streaming.model.states import CommandAction, CommandState
from streaming.storage.tables import Command

LIFE_SECONDS = 10.0
"""How long a command waits for an engine. Nobody expects an effect later than that."""
NOBODY = 0
"""Requests what the bot wants by itself, which is not counted."""


class CommandQueue:
    """Reads and writes commands in the transaction of a session."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def waiting(self, stream_ids: Collection[int]) -> Sequence[Command]:
        """The commands to these streams, and to any engine, that may still be claimed."""
        rows = select(Command).where(
            col(Command.state) == CommandState.WAITING,
            col(Command.stream_id).in_(stream_ids) | col(Command.stream_id).is_(None),
            col(Command.requested_at) > datetime.now(UTC) - timedelta(seconds=LIFE_SECONDS),
        )
        return (await self._session.exec(rows)).all()

    async def claim(self, command_id: int | None) -> bool:
        """Claims a waiting command; says no when another engine or its expiry was quicker."""
        return await self._change_waiting(command_id, CommandState.TAKEN)

    async def expire(self, command_id: int | None) -> bool:
        """Withdraws a waiting command; says no when an engine was quicker."""
        return await self._change_waiting(command_id, CommandState.EXPIRED)

    async def write_progress(self, command_id: int | None, progress: Message) -> None:
        """Writes a preliminary answer."""
        await self._session.exec(update(Command).where(col(Command.id) == command_id).values(answer=progress))

    async def answer(self, command_id: int | None, state: CommandState, answer: Message) -> None:
        """Writes the final answer."""
        answered = {"state": state, "answer": answer, "answered_at": datetime.now(UTC)}
        await self._session.exec(update(Command).where(col(Command.id) == command_id).values(**answered))

    async def requested_within(self, guild_id: int, action: CommandAction, age: timedelta) -> int:
        """Counts what people of a guild have requested lately."""
        count = select(func.count()).select_from(Command)
        lately = (
            Command.guild_id == guild_id,
            Command.action == action,
            Command.requested_by != NOBODY,
            col(Command.requested_at) > datetime.now(UTC) - age,
        )
        return (await self._session.exec(count.where(*lately))).one()

    async def forget(self, requested_before: datetime) -> None:
        """Deletes old commands."""
        await self._session.exec(delete(Command).where(col(Command.requested_at) < requested_before))

    async def _change_waiting(self, command_id: int | None, state: CommandState) -> bool:
        waiting = (col(Command.id) == command_id, col(Command.state) == CommandState.WAITING)
        return (await self._session.exec(update(Command).where(*waiting).values(state=state))).rowcount == 1
