"""What the bot keeps true by itself, without being asked: panels and incidents."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing, suppress
from datetime import datetime
from typing import Self

import discord
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, EVENT_JOB_SUBMITTED, JobEvent
from sqlalchemy.exc import DatabaseError

from bot.incidents import Incidents
from bot.panels.keeper import PanelKeeper
from streaming.control.control import Control
from streaming.process.scheduler import Scheduler

_log = logging.getLogger(__name__)

_RESTART_SECONDS = 5.0
_FAREWELL_SECONDS = 3.0
_LOOK_SECONDS = 0.02


class LiveMessages:
    """Keeps them from entering to leaving, as soon as the client is on Discord."""

    def __init__(
        self, client: discord.Client, control: Control, *, now: Callable[[], datetime] = discord.utils.utcnow
    ) -> None:
        self._client = client
        self._control = control
        self.scheduler = Scheduler()
        self.panels = PanelKeeper(client, control, self.scheduler, now=now)
        self.incidents = Incidents(client, control, self.scheduler)
        self._leaving = asyncio.Event()
        self._is_waiting = True
        """For Discord, so far."""
        self._is_database_trouble_told = False
        self._jobs_in_work = 0

    async def __aenter__(self) -> Self:
        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        self.scheduler.add_listener(self._count, EVENT_JOB_SUBMITTED | EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)
        self.scheduler.add_job(self._forget_departed, "interval", hours=1, coalesce=True, misfire_grace_time=None)
        self.scheduler.start()
        self._watching = asyncio.create_task(self._watch_always(), name="watch the streams")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._leaving.set()
        self.scheduler.pause()
        await self._finish()
        self._watching.cancel()
        await asyncio.wait({self._watching})
        await self.scheduler.end()

    async def _finish(self) -> None:
        """Lets everybody come to the end of what they are doing: what is posted is to be noted."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_FAREWELL_SECONDS):
                while self._jobs_in_work or not (self._watching.done() or self._is_waiting):
                    await asyncio.sleep(_LOOK_SECONDS)

    def _count(self, event: JobEvent) -> None:
        self._jobs_in_work += 1 if event.code == EVENT_JOB_SUBMITTED else -1

    async def _forget_departed(self) -> None:
        """Forgets the keys of guilds that are gone; who is gone, Discord has to have said since we started."""
        if not self._is_waiting:
            await self._control.forget_departed()

    async def _watch_always(self) -> None:
        await self._client.wait_until_ready()
        self._is_waiting = False
        while not self._leaving.is_set():
            try:
                await self._watch()
            except DatabaseError as error:
                if not self._is_database_trouble_told:
                    _log.warning("Panels wait, for the database cannot be used: %s", error.orig)
                self._is_database_trouble_told = True
                await asyncio.sleep(_RESTART_SECONDS)
            except Exception:  # noqa: BLE001  (panels are looked after for as long as the bot is there)
                _log.exception("The streams are watched anew in %.0f s", _RESTART_SECONDS)
                await asyncio.sleep(_RESTART_SECONDS)

    async def _watch(self) -> None:
        await self.incidents.take_up()
        async with aclosing(self._control.watch(self._leaving)) as looks:
            async for watched in looks:
                self._is_database_trouble_told = False
                self.panels.take(watched)
                self.incidents.take(watched)
