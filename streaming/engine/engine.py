"""Reconciles actual with desired state: starts and stops playouts, and executes commands."""

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, AsyncExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from hashlib import blake2s
from pathlib import Path

from sqlalchemy.exc import DatabaseError

import streaming
from streaming.command_line import log_about
from streaming.engine.command_consumer import CommandConsumer
from streaming.engine.desired_state import DesiredStream, read_desired_streams
from streaming.engine.leases import Leases
from streaming.engine.previews import Previewer
from streaming.engine.retention import Retention
from streaming.engine.run_writer import RunWriter
from streaming.engine.runs import BEGIN_AGAIN, StreamRuns
from streaming.engine.target_tests import TargetTester
from streaming.engine.url_refresh import Refresher
from streaming.ffmpeg import binary
from streaming.ffmpeg.inputs import memory_limit_mb
from streaming.input.encode_slots import EncodeSlot, EncodeSlots
from streaming.input.loader import Tools
from streaming.model.errors import EngineFailed, ServiceUnavailable
from streaming.model.message import Message
from streaming.model.profiles import DEFAULT_PROFILE, PROFILES
from streaming.playlists.registry import Playlists
from streaming.playout.handle import LocalPlayout, PlayoutHandle
from streaming.playout.plan import Plan
from streaming.playout.playout import Playout
from streaming.process.file_lock import held
from streaming.process.runtime_dir import working_folder
from streaming.process.supervision import ESSENTIAL, GivenUp, Supervisor
from streaming.settings import Settings
from streaming.sources.server import SourceServer
from streaming.storage.database import Database
from streaming.storage.engines import EngineStore
from streaming.storage.tables import EngineHeartbeat
from streaming.storage.vault import Vault

_log = logging.getLogger(__name__)

_TICK_SECONDS = 2.0
"""How often the engine shows itself, and looks even when it was told of nothing."""
_FAREWELL_SECONDS = 12.0
"""How long the ends of runs may take to be put away and recorded."""
_LEAVE_SECONDS = 2.0


class Engine:
    """Everything on air on this host."""

    def __init__(self, settings: Settings, database: Database, vault: Vault) -> None:
        self._settings = settings
        self._database = database
        self._vault = vault
        self._name = _name(settings.streaming.data_dir)
        self._run_writer = RunWriter(database, self._name)
        self._running: dict[int, StreamRuns] = {}
        self._leases = Leases(database, self._name)
        self._supervisor = Supervisor(_nobody_is_told, essential=ESSENTIAL)
        self._streams = Supervisor(_nobody_is_told, essential=BEGIN_AGAIN)
        self._encoders = EncodeSlots(settings.limits.encodes_per_engine, settings.limits.encodes)

    async def run(self) -> None:
        """Plays what is wanted until cancelled; streams stay wanted, and the next engine takes them up.

        Raises ServiceUnavailable when another engine uses the same data folder, ConfigurationError without FFmpeg, and
        EngineFailed when a part of it cannot be kept at work.
        """
        settings, egress = self._settings.streaming, self._settings.targets.egress
        async with AsyncExitStack() as stack:
            stack.enter_context(_only_engine(settings.data_dir))
            ffmpeg = binary.find(settings)
            self._ffmpeg_version = f"FFmpeg {binary.version(ffmpeg)}"
            sources = await stack.enter_async_context(SourceServer(self._settings.youtube))
            await stack.enter_async_context(Refresher(sources))
            self._tools = Tools(
                ffmpeg,
                sources,
                settings.operation_timeout_seconds,
                memory_limit_mb(settings.feeder_memory_mb),
                settings.ingest_ca_file,
                egress=egress,
            )
            self._playlists = await stack.enter_async_context(Playlists(self._settings, ffmpeg))
            self._folder = stack.enter_context(working_folder(settings.temp_dir))
            self._commands = CommandConsumer(
                self._database,
                self._run_writer,
                self._playouts,
                playlists=self._playlists,
                previewer=Previewer(ffmpeg, self._database),
                target_tester=self._make_tester(ffmpeg),
            )
            aside = [
                self._supervised("The run writer", self._run_writer.run),
                self._supervised("The heartbeat", self._send_heartbeats),
                self._assisted("The retention", Retention(self._database, lambda: self._running).run),
            ]
            serving = self._supervised("The engine", self._serve)
            try:
                await asyncio.wait([serving, *aside], return_when=asyncio.FIRST_COMPLETED)
                _raise_what_failed([serving, *aside])
            finally:
                await _ended([serving])
                await self._stop_all()
                await _ended(aside)
                with suppress(DatabaseError, TimeoutError):  # who has gone is known from its silence, too
                    async with asyncio.timeout(_LEAVE_SECONDS):
                        await self._remove_heartbeat()

    def _make_tester(self, ffmpeg: str) -> TargetTester:
        """The tester of targets, which publishes in the profile that streams have by default."""
        settings = self._settings.streaming
        return TargetTester(
            ffmpeg,
            self._database,
            self._vault,
            PROFILES.get(settings.profile, PROFILES[DEFAULT_PROFILE]),
            self._folder,
            ca_file=settings.ingest_ca_file,
            egress=self._settings.targets.egress,
        )

    def _supervised(self, name: str, work: Callable[[], Awaitable[None]]) -> "asyncio.Task[None]":
        """An essential part of the engine, kept at work; `name` begins a sentence."""
        return asyncio.create_task(self._supervisor.essential(name, work), name=name)

    def _assisted(self, name: str, work: Callable[[], Awaitable[None]]) -> "asyncio.Task[None]":
        """An auxiliary part: the engine works on while it fails."""
        return asyncio.create_task(self._supervisor.auxiliary(name, work), name=name)

    async def _serve(self) -> None:
        await self._playlists.warm_up()
        async with self._database.changes() as changes:
            _log.info("The engine is ready")
            while True:
                await self._database.patiently(self._reconcile)
                await self._database.patiently(self._commands.consume)
                await self._database.patiently(lambda: changes.wait(_TICK_SECONDS))

    def _playouts(self) -> dict[int, PlayoutHandle]:
        return {stream_id: here.playout for stream_id, here in self._running.items() if here.playout}

    async def _reconcile(self) -> None:
        """Starts the desired streams that are not running here, stops the running ones that are not desired."""
        async with self._database.session() as session:
            desired = await read_desired_streams(
                session, self._vault, lead_seconds=self._settings.streaming.lead_seconds
            )
        for stream_id, running in tuple(self._running.items()):
            if stream_id not in desired or desired[stream_id].generation != running.generation:
                running.end()
            else:
                running.adjust(desired[stream_id])
        for stream_id, stream in desired.items():
            if stream_id not in self._running:
                runs = self._running[stream_id] = StreamRuns(
                    stream,
                    self._make,
                    database=self._database,
                    run_writer=self._run_writer,
                    folder=self._folder / f"{stream_id}-{stream.generation}",
                    policy=BEGIN_AGAIN,
                )
                runs.task = asyncio.create_task(self._play(runs), name=f"stream {stream_id}")

    async def _play(self, runs: StreamRuns) -> None:
        """Plays one stream to its end. It stays on the books until that is recorded, so that it is not begun again."""
        name = f"stream {runs.stream.stream_id}"
        try:
            with log_about(name):
                await self._streams.essential(f"The lease or run of {name}", partial(self._hold_and_play, name, runs))
        finally:
            del self._running[runs.stream.stream_id]

    async def _hold_and_play(self, name: str, runs: StreamRuns) -> None:
        async with self._leases.hold(name, lost=runs.end):
            await runs.play()

    async def _make(self, stream: DesiredStream, plan: Plan, folder: Path) -> PlayoutHandle:
        """The playout of a run. Raises what opening a playlist raises, and OSError without room for its folder."""
        playlist = await self._playlists.open(stream.playlist, stream.guild_id)
        tools = replace(self._tools, encode_slot=EncodeSlot(self._encoders, stream.guild_id))
        return LocalPlayout(lambda events: Playout(plan, playlist, tools, folder, events))

    async def _stop_all(self) -> None:
        tasks = [running.task for running in self._running.values() if running.task]
        for running in self._running.values():
            running.end()
        await self._commands.close()
        if tasks:
            _, unrecorded = await asyncio.wait(tasks, timeout=_FAREWELL_SECONDS)
            for task in unrecorded:  # the database does not take how they ended; the next engine will see to it
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # The engine itself

    async def _send_heartbeats(self) -> None:
        started_at = datetime.now(UTC)
        while True:
            await self._database.patiently(lambda: self._beat(started_at))
            await asyncio.sleep(_TICK_SECONDS)

    async def _beat(self, started_at: datetime) -> None:
        versions = " · ".join((streaming.__version__, self._ffmpeg_version, *self._playlists.tools))
        seen = EngineHeartbeat(name=self._name, pid=os.getpid(), version=versions, started_at=started_at)
        async with self._database.session() as session:
            await EngineStore(session).beat(seen)
            await session.commit()

    async def _remove_heartbeat(self) -> None:
        async with self._database.session() as session:
            await EngineStore(session).remove(self._name)
            await session.commit()


def _nobody_is_told(sentence: Message) -> None:
    """What befalls the engine itself is in its log, for whoever runs it."""


async def _ended(tasks: "list[asyncio.Task[None]]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


def _raise_what_failed(tasks: "list[asyncio.Task[None]]") -> None:
    """Raises EngineFailed when one of the tasks was given up."""
    for task in tasks:
        if task.done() and not task.cancelled() and isinstance(error := task.exception(), GivenUp):
            _log.critical("%s", error)
            raise EngineFailed(
                Message("A part of the engine keeps failing."),
                hint=Message("The engine ends so that it is started again; streams resume then."),
            ) from error


def _name(data_dir: Path) -> str:
    """The host, and a mark of the data folder: an engine started again in the same place has the same name."""
    return f"{socket.gethostname()}-{blake2s(bytes(data_dir.resolve()), digest_size=2).hexdigest()}"


def _only_engine(data_dir: Path) -> AbstractContextManager[None]:
    """Holds the data folder for this engine."""
    refusal = ServiceUnavailable(
        Message(f"Another engine is running with the data in {data_dir}."),
        hint=Message("Stop that one, or set another [streaming] data_dir."),
    )
    return held(data_dir / "engine.lock", refusal)
