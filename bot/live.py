"""What the bot keeps true by itself, without being asked: panels and incidents."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Self

import discord
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.incidents import Incidents
from bot.panels.keeper import PanelKeeper
from streaming.control.control import Control

_log = logging.getLogger(__name__)

_RESTART_SECONDS = 5.0
_FAREWELL_SECONDS = 2.0


class LiveMessages:
    """Keeps them from entering to leaving, as soon as the client is on Discord."""

    def __init__(
        self, client: discord.Client, control: Control, *, now: Callable[[], datetime] = discord.utils.utcnow
    ) -> None:
        self._client = client
        self._control = control
        self.scheduler = AsyncIOScheduler(timezone=UTC)
        self.panels = PanelKeeper(client, control, self.scheduler, now=now)
        self.incidents = Incidents(client, control, self.scheduler)

    async def __aenter__(self) -> Self:
        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        self.scheduler.start()
        self._watching = asyncio.create_task(self._watch_always(), name="watch the streams")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._watching.cancel()
        await asyncio.wait({self._watching}, timeout=_FAREWELL_SECONDS)
        self.scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # APScheduler ends in the loop's next turn

    async def _watch_always(self) -> None:
        await self._client.wait_until_ready()
        await self.incidents.take_up()
        while True:
            try:
                await self._watch()
            except Exception:  # noqa: BLE001  (panels are looked after for as long as the bot is there)
                _log.exception("The streams are watched anew in %.0f s", _RESTART_SECONDS)
                await asyncio.sleep(_RESTART_SECONDS)

    async def _watch(self) -> None:
        async with aclosing(self._control.watch()) as looks:
            async for watched in looks:
                self.panels.take(watched)
                self.incidents.take(watched)
