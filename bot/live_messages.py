"""Messages the bot updates by itself: panels and incidents."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing, suppress
from datetime import datetime
from typing import Self

import discord
from sqlalchemy.exc import DatabaseError

from bot.incidents.tracker import IncidentTracker
from bot.panels.updater import PanelUpdater
from streaming.process.scheduler import Scheduler
from streaming.services.services import Services

_log = logging.getLogger(__name__)

_RESTART_SECONDS = 5.0
_FAREWELL_SECONDS = 3.0


class LiveMessages:
    """Updates panels and incidents from entering to leaving, once the client is connected."""

    def __init__(
        self, client: discord.Client, services: Services, *, now: Callable[[], datetime] = discord.utils.utcnow
    ) -> None:
        self._client = client
        self._services = services
        self.scheduler = Scheduler()
        self.panels = PanelUpdater(client, services, self.scheduler, now=now)
        self.incidents = IncidentTracker(client, services.incidents)
        self._leaving = asyncio.Event()
        self._is_waiting = True
        """Until the client is connected."""
        self._is_database_trouble_logged = False

    async def __aenter__(self) -> Self:
        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        self.scheduler.add_job(
            self._forget_departed, "interval", id="departed", hours=1, coalesce=True, misfire_grace_time=None
        )
        self.scheduler.start()
        self._watching = asyncio.create_task(self._watch_always(), name="watch the streams")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._leaving.set()
        self.scheduler.pause()
        await self._finish()
        self._watching.cancel()
        await asyncio.wait({self._watching})
        await self.panels.close()
        await self.incidents.close()
        await self.scheduler.end()

    async def _finish(self) -> None:
        """Waits for what is under way: a message that was posted has to be recorded."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_FAREWELL_SECONDS):
                if not self._is_waiting:
                    await asyncio.wait({self._watching})
                await asyncio.gather(self.panels.finish(), self.incidents.finish())

    async def _forget_departed(self) -> None:
        """Deletes the keys of guilds that removed the bot, once Discord has said which guilds there are."""
        if not self._is_waiting:
            await self._services.guilds.forget_departed()

    async def _watch_always(self) -> None:
        await self._client.wait_until_ready()
        self._is_waiting = False
        while not self._leaving.is_set():
            try:
                await self._watch()
            except DatabaseError as error:
                if not self._is_database_trouble_logged:
                    _log.warning("Panels wait because the database is unavailable: %s", error.orig)
                self._is_database_trouble_logged = True
                await self._rest()
            except Exception:  # noqa: BLE001  (panels are updated for as long as the bot runs)
                _log.exception("Watching the streams again in %.0f s", _RESTART_SECONDS)
                await self._rest()

    async def _rest(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_RESTART_SECONDS):
                await self._leaving.wait()

    async def _watch(self) -> None:
        await self.incidents.resume()
        async with aclosing(self._services.panels.watch(self._leaving)) as snapshots:
            async for watched in snapshots:
                self._is_database_trouble_logged = False
                self.panels.update(watched)
                self.incidents.update(watched)
