"""A real engine in this process, beside the services that commands call, and what both have written down."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import col, select

from streaming.engine.engine import Engine
from streaming.model.states import EncodeMode, TargetKind, UplinkState
from streaming.redaction.secrets import Secret
from streaming.services.actor import Actor
from streaming.services.services import Services
from streaming.services.status import StreamStatus
from streaming.services.stream_requests import StartRequest
from streaming.services.streams import StartedStream
from streaming.settings import LimitsSettings, Settings, StreamingSettings, YouTubeSettings
from streaming.storage.database import Database, migrate
from streaming.storage.tables import Run, StreamLog
from streaming.storage.vault import Vault
from tests.standins.loopback import ALLOWED
from tests.standins.youtube import YouTube

ALICE = Actor(guild_id=1, user_id=10, name="Alice")
PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Station:
    """An engine at work, and Alice who asks things of it."""

    services: Services
    database: Database
    engines_own: Database
    """The connections the engine itself uses."""

    async def add_target(self, name: str, url: str) -> None:
        """A target named after its key."""
        address, _, key = url.rpartition("/")
        await self.services.targets.add(ALICE, name, TargetKind.CUSTOM, address, Secret(key))

    async def start(
        self, playlist: str, *targets: str, is_looped: bool = False, encode: EncodeMode = EncodeMode.COPY
    ) -> StartedStream:
        """Wants a playlist on air, as it is unless told otherwise, on the targets of these names."""
        request = StartRequest(playlist, to=", ".join(targets), loop=is_looped, encode=encode)
        return await self.services.streams.start(ALICE, request)

    async def stop(self, started: StartedStream) -> None:
        """Takes a stream off the air, and waits until it is."""
        await self.services.streams.stop(ALICE, f"#{started.stream_id}")
        await self.over(started)

    async def over(self, started: StartedStream) -> StreamStatus:
        """Waits until the stream's run has ended."""
        async with asyncio.timeout(PATIENCE_SECONDS), self.database.changes() as changes:
            while not (status := await self.status(started)).state.is_over or status.ended_at is None:
                await changes.wait(1)
        return status

    async def status(self, started: StartedStream) -> StreamStatus:
        """What is known of the stream."""
        (status,) = await self.services.streams.statuses(ALICE.guild_id, f"#{started.stream_id}")
        return status

    async def settled(self, started: StartedStream) -> StreamStatus:
        """Waits until none of its targets is on its way any more."""
        async with asyncio.timeout(PATIENCE_SECONDS), self.database.changes() as changes:
            while True:
                status = await self.status(started)
                if all(target.state is not UplinkState.CONNECTING for target in status.targets):
                    return status
                await changes.wait(1)

    async def log(self, started: StartedStream) -> list[str]:
        """The stream's log."""
        async with self.database.session() as session:
            lines = select(StreamLog).where(StreamLog.stream_id == started.stream_id).order_by(col(StreamLog.id))
            return [line.message for line in (await session.exec(lines)).all()]

    async def runs(self, started: StartedStream) -> list[Run]:
        """The stream's times on air, in their order."""
        async with self.database.session() as session:
            runs = select(Run).where(Run.stream_id == started.stream_id).order_by(col(Run.id))
            return list((await session.exec(runs)).all())


def settings_for(youtube: YouTube, data_dir: Path) -> Settings:
    """What an engine has to know."""
    reached_by = YouTubeSettings(proxy=youtube.proxy_url, ca_file=youtube.ca_file)
    return Settings(youtube=reached_by, streaming=StreamingSettings(data_dir=data_dir), targets=ALLOWED)


@asynccontextmanager
async def station(settings: Settings) -> AsyncIterator[Station]:
    """An engine from its start to its orderly end."""
    await asyncio.to_thread(migrate, settings.database_url)
    database, own = Database(settings.database_url), Database(settings.database_url)
    vault = Vault.open(settings.streaming.data_dir)
    engine = asyncio.create_task(Engine(settings, own, vault).run(), name="engine")
    try:
        unlimited = settings.model_copy(update={"limits": LimitsSettings()})  # the engine's are under test, not theirs
        yield Station(Services.create(unlimited, database, vault), database, own)
    finally:
        engine.cancel()
        await asyncio.wait([engine])
        await own.close()
        await database.close()
    assert engine.cancelled(), engine.exception()
