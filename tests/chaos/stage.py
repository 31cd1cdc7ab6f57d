"""The stage: a real engine as a process, with YouTube, the ingests and Discord as stand-ins around it."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psutil

from streaming.model.listed import Listed
from streaming.model.states import EncodeMode, LogLevel, TargetKind
from streaming.redaction.secrets import Secret
from streaming.services.actor import Actor
from streaming.services.services import Services
from streaming.services.status import StreamState, StreamStatus
from streaming.services.stream_requests import StartRequest
from streaming.services.streams import StartedStream
from streaming.settings import Settings, StreamingSettings
from streaming.storage.database import Database, migrate
from streaming.storage.vault import Vault
from tests.chaos.engine_process import FAULTS, EngineProcess
from tests.chaos.ingests import Ingests
from tests.chaos.scenery import Channel, Scenery
from tests.standins.clips import render
from tests.standins.discord_wire import DiscordWire, running_bot
from tests.standins.loopback import LOOPBACK
from tests.standins.yardstick import plain_publication
from tests.standins.youtube import YouTube

YARDSTICK = "yardstick"
"""The key of a plain FFmpeg that publishes beside the engine: what it suffers, the machine did."""
PROFILE = "480p30"
_OPERATOR = Actor(guild_id=1, user_id=10, name="Alice")
_NOWHERE = "nowhere"
_PATIENCE_SECONDS = 60.0
_LOOK_EVERY_SECONDS = 0.2
_FULL_LEAD_SECONDS = 8.0
_UNREACHABLE = "Discord cannot be reached"
_PLAYED_SECONDS = 13.0
"""The lead, and the pictures after it."""


@dataclass
class Stage:
    """Everything that faults are done to."""

    folder: Path
    scenery: Scenery
    youtube: YouTube
    ingests: Ingests
    engine: EngineProcess
    services: Services
    config: Path
    stack: AsyncExitStack
    started: dict[str, StartedStream] = field(default_factory=dict)
    discord: DiscordWire | None = None
    clips: Sequence[Path] = ()

    # On air

    async def go_on_air(self) -> None:
        """Wants every channel on air, and waits until each has its lead."""
        for channel in self.scenery.channels:
            for key in channel.keys:
                url = self.ingests.urls[key].rpartition("/")[0]
                await self.services.targets.add(_OPERATOR, key, TargetKind.CUSTOM, url, Secret(key))
            request = StartRequest(channel.playlist_id, to=", ".join(channel.keys), encode=channel.encode)
            self.started[channel.name] = await self.services.streams.start(_OPERATOR, request)
        await self.settled()

    async def status(self, channel: Channel) -> StreamStatus:
        """What operators are told of a channel."""
        (status,) = await self.services.streams.statuses(_OPERATOR.guild_id, f"#{self.started[channel.name].stream_id}")
        return status

    async def playing(self, channel: Channel) -> int:
        """The number of the video on air, or 0."""
        now = (await self.status(channel)).now_playing
        return int(now.title.rpartition(" ")[2]) if now else 0

    async def settled(self) -> None:
        """Waits until every channel is on air with its lead, on all of its targets."""
        for channel in self.scenery.channels:
            await self.until(partial(self._has_its_lead, channel), f"{channel.name} has its lead")

    async def played_on(self, moment: float) -> None:
        """Waits until viewers have seen what was in the lead at a moment."""
        await asyncio.sleep(max(0.0, moment + _PLAYED_SECONDS - time.monotonic()))

    async def until(
        self, condition: Callable[[], Awaitable[bool]], what: str, *, limit_seconds: float = _PATIENCE_SECONDS
    ) -> None:
        """Waits until something holds that only shows when one looks. Raises TimeoutError."""
        try:
            async with asyncio.timeout(limit_seconds):
                while not await condition():
                    await asyncio.sleep(_LOOK_EVERY_SECONDS)
        except TimeoutError as error:
            raise TimeoutError(f"not within {limit_seconds:.0f} s: {what}") from error

    async def _has_its_lead(self, channel: Channel) -> bool:
        status = await self.status(channel)
        lead_seconds = status.health.lead_seconds if status.health else 0.0
        return status.state is StreamState.ON_AIR and lead_seconds >= _FULL_LEAD_SECONDS

    # One more stream, which reaches no ingest

    async def start_beside(self, playlist: str) -> StartedStream:
        """Wants a playlist on air where nobody listens."""
        target = (_OPERATOR, _NOWHERE, TargetKind.CUSTOM, "rtmp://127.0.0.1:9/live", Secret(_NOWHERE))
        await self.services.targets.add(*target)
        return await self.services.streams.start(_OPERATOR, StartRequest(playlist, to=_NOWHERE, encode=EncodeMode.COPY))

    async def end_beside(self, requested: StartedStream) -> None:
        """Takes it off the air and forgets it."""
        await self.services.streams.stop(_OPERATOR, f"#{requested.stream_id}")

        async def is_over() -> bool:
            return (await self.status_of(requested)).state.is_over

        await self.until(is_over, "one more stream is off the air")
        await self.services.streams.delete(_OPERATOR, f"#{requested.stream_id}")

    async def next_stream_id(self) -> int:
        """The id that the next stream will get; ids are not used again."""
        with closing(sqlite3.connect(self.database_file)) as connection:
            ((last,),) = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'stream'")
        return int(last) + 1

    async def status_of(self, requested: StartedStream) -> StreamStatus:
        """What operators are told of a stream."""
        (status,) = await self.services.streams.statuses(_OPERATOR.guild_id, f"#{requested.stream_id}")
        return status

    async def titles_of(self, requested: StartedStream) -> list[str]:
        """What comes next in a stream's queue."""
        queue = await self.services.queue.read(_OPERATOR.guild_id, f"#{requested.stream_id}")
        return [entry.title for entry in queue.upcoming]

    async def errors_of(self, requested: StartedStream) -> list[str]:
        """The errors in a stream's log."""
        lines = await self.services.streams.logs(_OPERATOR.guild_id, f"#{requested.stream_id}", 100, LogLevel.ERROR)
        return [line.message for line in lines]

    async def ask_for_list(self, playlist: str) -> int:
        """How many entries the engine finds in a playlist when it is asked."""

        async def ignore(_: Listed) -> None:
            """Nobody minds how far it is."""

        return (await self.services.playlists.refresh(_OPERATOR, playlist, on_progress=ignore)).items

    # Processes

    def uplinks(self, key: str) -> list[psutil.Process]:
        """The FFmpeg that publishes under a key."""
        return [p for p in self.engine.children() if self.ingests.urls[key] in _command_line(p)]

    def feeders(self) -> list[psutil.Process]:
        """The FFmpegs that read items, oldest first; which is whose does not show."""
        found = [p for p in self.engine.children() if _is_feeder(_command_line(p))]
        return sorted(found, key=lambda process: process.pid)

    def resolvers(self) -> list[psutil.Process]:
        """The processes with yt-dlp in them."""
        return [p for p in self.engine.children() if "streaming.youtube.worker" in _command_line(p)]

    @property
    def youtube_process(self) -> psutil.Process:
        """The process that is YouTube."""
        return psutil.Process(self.youtube._child.pid)

    # Places

    @property
    def faults(self) -> Path:
        """Where files say which parts of the engine fail."""
        return self.folder / FAULTS

    def rooms(self) -> list[Path]:
        """Where engines keep the sockets of what they have on air; those that were killed have left theirs."""
        return [path for path in self.folder.glob("ns-*") if path.is_dir()]

    @property
    def database_file(self) -> Path:
        """Where bot and engine meet."""
        return self.folder / "data" / "nonstop.db"

    def lock_database(self, seconds: float) -> None:
        """Holds the database for writing; to be called in a thread."""
        with closing(sqlite3.connect(self.database_file, isolation_level=None, timeout=30)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)
            connection.execute("ROLLBACK")

    async def wire(self) -> DiscordWire:
        """Discord."""
        if self.discord is None:
            self.discord = await self.stack.enter_async_context(DiscordWire())
            self.discord.add_guild().add_channel("control")
        return self.discord

    @property
    def bot_log(self) -> str:
        """What bots have said."""
        log = self.folder / "bot.log"
        return log.read_text() if log.exists() else ""

    @asynccontextmanager
    async def bot_without_discord(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """The real bot, as long as Discord cannot be reached, and until it has come back and the bot is logged in."""
        wire, said = await self.wire(), self.bot_log.count(_UNREACHABLE)
        before, environment = len(wire.gateway.sessions), {"NONSTOP_CONFIG": str(self.config)}

        async def is_told() -> bool:
            return self.bot_log.count(_UNREACHABLE) > said

        async with AsyncExitStack() as stack:
            async with wire.away():
                bot = running_bot(wire, "bot", log=self.folder / "bot.log", environment=environment)
                process = await stack.enter_async_context(bot)
                await self.until(is_told, "the bot says that Discord cannot be reached")
                yield process
            await wire.until(lambda: len(wire.gateway.sessions) > before, timeout_seconds=_PATIENCE_SECONDS)

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """The real bot, logged in; what is left of it is ended with the block."""
        wire = await self.wire()
        before = len(wire.gateway.sessions)
        environment = {"NONSTOP_CONFIG": str(self.config)}
        async with running_bot(wire, "bot", log=self.folder / "bot.log", environment=environment) as process:
            await wire.until(lambda: len(wire.gateway.sessions) > before, timeout_seconds=_PATIENCE_SECONDS)
            yield process


def _command_line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _is_feeder(command_line: Sequence[str]) -> bool:
    return "matroska" in command_line and any(word.startswith("http://127.0.0.1:") for word in command_line)


class Staging:
    """`async with Staging(folder, scenery) as stage`: everything started, and every channel on air with its lead."""

    def __init__(self, folder: Path, scenery: Scenery, *, clips: Path | None = None) -> None:
        """`clips` is a folder where clips may be already, and are kept."""
        self._folder = folder
        self._scenery = scenery
        self._clips = clips or folder / "clips"
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Stage:
        async with self._stack as stack:
            stage = await self._prepare(stack)
            await stage.engine.start()
            stack.push_async_callback(stage.engine.stop)
            await stage.go_on_air()
            self._stack = stack.pop_all()
            stage.stack = self._stack
            return stage

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def _prepare(self, stack: AsyncExitStack) -> Stage:
        tapes, data = self._folder / "tapes", self._folder / "data"
        tapes.mkdir()
        youtube = await stack.enter_async_context(YouTube())
        clips = await self._upload(youtube)
        ingests = await stack.enter_async_context(Ingests(tapes, [*self._scenery.keys, YARDSTICK]))
        await stack.enter_async_context(plain_publication(clips[0], ingests.urls[YARDSTICK]))
        config = self._folder / "nonstop.toml"
        config.write_text(
            f'[youtube]\nproxy = "{youtube.proxy_url}"\nca_file = "{youtube.ca_file}"\n'
            f'[streaming]\ndata_dir = "{data}"\ntemp_dir = "{self._folder}"\n'
            '[targets]\nallow = ["127.0.0.0/8"]\n'
        )
        url = f"sqlite+aiosqlite:///{data / 'nonstop.db'}"
        await asyncio.to_thread(migrate, url)
        database = Database(url)
        stack.push_async_callback(database.close)
        settings = Settings(streaming=StreamingSettings(profile=PROFILE))
        services = Services.create(settings, database, Vault.open(data), egress=LOOPBACK)
        engine = EngineProcess(config, self._folder / "engine.log")
        return Stage(self._folder, self._scenery, youtube, ingests, engine, services, config, stack, clips=clips)

    async def _upload(self, youtube: YouTube) -> list[Path]:
        scenery = self._scenery
        self._clips.mkdir(exist_ok=True)
        clips = [await asyncio.to_thread(render, self._clips, spec) for spec in scenery.specs]
        numbers = range(1, scenery.videos + 1)
        for channel in scenery.channels:
            for number in numbers:
                clip = clips[(number - 1) % len(clips)]
                await youtube.add_video(channel.video_id(number), channel.title(number), clip=clip)
            ids = [channel.video_id(number) for number in numbers]
            await youtube.add_playlist(channel.playlist_id, channel.name, ids)
        return clips
