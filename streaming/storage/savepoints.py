"""Writes that must not fail together: each in a savepoint of one transaction."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.storage.database import is_passing

_log = logging.getLogger(__name__)

T = TypeVar("T")


class Savepoints:
    """Does work in savepoints of one transaction; logs a failure once until the same work succeeds again."""

    def __init__(self) -> None:
        self._failing: set[str] = set()

    async def apart(self, session: AsyncSession, what: str, work: Callable[[], Awaitable[T]]) -> T | None:
        """Gives the result of the work, or None when it failed and was rolled back.

        Errors of the database itself are raised: they would fail the rest of the transaction, too.
        """
        try:
            async with session.begin_nested():
                done = await work()
        except Exception as error:
            if is_passing(error):
                raise
            self._note(what, error)
            return None
        self._failing.discard(what)
        return done

    def _note(self, what: str, error: Exception) -> None:
        if what not in self._failing:
            _log.error("%s cannot be written", what, exc_info=error)
        self._failing.add(what)


async def refused_rows(
    session: AsyncSession, rows: Sequence[T], write: Callable[[Sequence[T]], Awaitable[object]]
) -> list[T]:
    """Writes rows; gives those the database refused, each alone and twice."""
    if await _are_written(session, rows, write):
        return []
    if len(rows) == 1:
        return [] if await _are_written(session, rows, write) else list(rows)
    half = len(rows) // 2
    return [row for part in (rows[:half], rows[half:]) for row in await refused_rows(session, part, write)]


async def _are_written(
    session: AsyncSession, rows: Sequence[T], write: Callable[[Sequence[T]], Awaitable[object]]
) -> bool:
    try:
        async with session.begin_nested():
            await write(rows)
    except Exception as error:
        if is_passing(error):
            raise
        _log.debug("%d rows are rejected", len(rows), exc_info=error)
        return False
    return True
