"""Leases: at most one engine publishes a stream, whatever else goes wrong.

A holder is an engine in its place (host and data folder, guarded by a file lock), so the engine that is started again
there goes on at once; any other waits until the lease was not renewed for its whole time. Expiry is judged by the
database's clock; renewals are timed by a clock that never jumps.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from streaming.model.backoff import Backoff
from streaming.process.supervision import RestartPolicy, Supervisor
from streaming.storage.database import Database
from streaming.storage.engines import LeaseStore

_log = logging.getLogger(__name__)

_LIFE = timedelta(seconds=30)
_RENEW_SECONDS = 10.0
_ASK_SECONDS = 2.0
_RENEWAL = RestartPolicy(Backoff(first_seconds=1.0, cap_seconds=5.0))
"""Several attempts within a lease's life, without a limit: the stream is ours until another engine takes the lease."""


class Leases:
    """The leases of one engine."""

    def __init__(
        self,
        database: Database,
        holder: str,
        *,
        renew_seconds: float = _RENEW_SECONDS,
        ask_seconds: float = _ASK_SECONDS,
    ) -> None:
        self._database = database
        self._holder = holder
        self._renew_seconds = renew_seconds
        self._ask_seconds = ask_seconds
        self._supervisor = Supervisor(_log.error, essential=_RENEWAL)

    async def take(self, name: str) -> bool:
        """Takes or renews a lease; says whether it is ours now."""
        async with self._database.session() as session:
            await LeaseStore(session, self._holder).acquire(name, _LIFE)
            try:
                await session.commit()
            except IntegrityError:  # another holder has it
                return False
        return True

    @asynccontextmanager
    async def hold(self, name: str, lost: Callable[[], None]) -> AsyncIterator[None]:
        """Waits for a lease and renews it; calls `lost` if another engine takes it.

        A lease that is still ours after a restart needs no write, because the database may be locked.
        """
        is_kept = await self._database.patiently(lambda: self._has(name))
        while not is_kept and not await self._database.patiently(lambda: self.take(name)):
            await asyncio.sleep(self._ask_seconds)
        first_seconds = 0.0 if is_kept else self._renew_seconds
        renewing = asyncio.create_task(self._keep(name, lost, first_seconds), name=f"renew {name}")
        try:
            yield
        finally:
            renewing.cancel()
            await asyncio.wait([renewing])
            await self._database.patiently(lambda: self._release(name))

    async def _has(self, name: str) -> bool:
        async with self._database.session() as session:
            return await LeaseStore(session, self._holder).has(name)

    async def _keep(self, name: str, lost: Callable[[], None], first_seconds: float) -> None:
        await asyncio.sleep(first_seconds)
        await self._supervisor.essential(f"The renewal of the lease of {name}", lambda: self._renew(name, lost))

    async def _renew(self, name: str, lost: Callable[[], None]) -> None:
        while await self._database.patiently(lambda: self.take(name)):
            await asyncio.sleep(self._renew_seconds)
        _log.error("Another engine holds the lease of %s now", name)
        lost()

    async def _release(self, name: str) -> None:
        async with self._database.session() as session:
            await LeaseStore(session, self._holder).release(name)
            await session.commit()
