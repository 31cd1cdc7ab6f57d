"""A stream on air and a channel for its panel, and what tests look at there: messages, requests, and the log."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select

from bot.client import NonstopBot
from bot.live_messages import LiveMessages
from streaming.model.states import RunStatus
from streaming.services.actor import Actor
from streaming.services.services import Services
from streaming.storage.tables import StreamLog
from tests.discord.actor import Person
from tests.standins.paper_engine import PaperEngine

PATIENCE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Scene:
    """All that takes part. `room` is where the panel is to be."""

    env: Any
    bot: NonstopBot
    services: Services
    engine: PaperEngine
    alice: Person
    room: Any
    stream_id: int

    @asynccontextmanager
    async def live(self) -> AsyncIterator[LiveMessages]:
        """The bot keeps its messages true."""
        async with LiveMessages(self.bot, self.services, now=self.env.now) as live:
            yield live

    @property
    def setup(self) -> Actor:
        """Whoever prepares."""
        return Actor(self.alice.guild_id, 1, "Setup")

    async def ask_for_panel(self) -> Any:
        """The panel's message, once it is there."""
        await self.alice.slash("stream panel", channel=self.room)
        return await self.message("Night loop")

    async def play(self, title: str) -> None:
        """Another item is on air."""
        await self.engine.write_run(self.stream_id, RunStatus.ON_AIR, item_key=title, item_title=title)

    async def message(self, words: str, channel: Any = None) -> Any:
        """The only message in the room, once its card has these words."""
        channel = channel or self.room
        await until(lambda: len(channel.history()) == 1 and words in words_of(channel.history()[0]))
        return channel.history()[0]

    async def is_gone(self, message: Any) -> None:
        """Waits until a message of the room is deleted."""
        await until(lambda: message.id not in [each.id for each in self.room.history()])

    def requests(self, method: str) -> int:
        """How many requests of a kind were made about the room's messages."""
        path = f"/channels/{self.room.id}/messages"
        return sum(request.method == method and path in request.path for request in self.env.http_requests)

    async def log_lines(self) -> list[str]:
        """The stream's log, oldest first."""
        async with self.engine.database.session() as session:
            lines = select(StreamLog.message).where(StreamLog.stream_id == self.stream_id)
            return list((await session.exec(lines.order_by(col(StreamLog.id)))).all())

    async def place(self, is_it: Callable[[Any], bool]) -> None:
        """Waits until the panel's row is as wanted."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not is_it(await self.services.panels.find_place(self.stream_id)):
                await asyncio.sleep(0.01)


async def until(is_true: Callable[[], bool]) -> None:
    """Waits for something the simulation has no event for."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not is_true():
            await asyncio.sleep(0.01)


def words_of(message: Any) -> str:
    """All that a message's card says."""
    return "".join(str(card.to_dict()) for card in message.embeds)


def buttons_of(message: Any) -> list[str]:
    """The custom ids of a message's buttons."""
    return [button.custom_id for row in message.components for button in row.children]


async def beat(live: LiveMessages, stream_id: int) -> None:
    """Lets a panel's job wake its task once, now, and waits for that."""
    task, has_woken = live.panels._panels[stream_id].task, asyncio.Event()
    wake = task.wake

    def notice() -> None:
        wake()
        has_woken.set()

    task.wake = notice  # type: ignore[method-assign]
    live.scheduler.get_job(f"panel:{stream_id}").modify(next_run_time=datetime.now(UTC))
    async with asyncio.timeout(PATIENCE_SECONDS):
        await has_woken.wait()
        await task.idle()
    task.wake = wake  # type: ignore[method-assign]
