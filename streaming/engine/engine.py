"""The engine makes what is so what is wanted: it starts and stops playouts as the database says, and obeys commands."""

import asyncio
import fcntl
import logging
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2s
from pathlib import Path

from sqlalchemy.exc import DatabaseError
from sqlmodel import col, delete, update

import streaming
from streaming.command_line import log_about
from streaming.database import Database
from streaming.engine.leases import Leases
from streaming.engine.orders import Orders
from streaming.engine.previews import Previewer
from streaming.engine.recorder import Recorder, RunRecord
from streaming.engine.refresh import Refresher
from streaming.engine.target_tests import TargetTester
from streaming.engine.wanted import WantedStream, read_wanted, with_place
from streaming.errors import NonstopError, NotFound, ServiceUnavailable
from streaming.ffmpeg import binary
from streaming.ffmpeg.profiles import DEFAULT_PROFILE, PROFILES
from streaming.models import (
    EngineHeartbeat,
    LogLevel,
    RunStatus,
    Stream,
)
from streaming.playout.opening import Tools
from streaming.playout.playlists import Playlists
from streaming.playout.playout import Plan, Playout
from streaming.playout.steering import Steering
from streaming.settings import Settings
from streaming.sources.server import SourceServer
from streaming.vault import Vault
from streaming.workplace import working_folder

_log = logging.getLogger(__name__)

_TICK_SECONDS = 2.0
"""How often the engine shows itself, and looks even when it was told of nothing."""
_FAREWELL_SECONDS = 12.0
"""How long the ends of runs may take to be put away and recorded."""
_LEAVE_SECONDS = 2.0


@dataclass(eq=False, slots=True)
class _Running:
    """A stream this engine has on air, or on its way there."""

    wish: int
    task: "asyncio.Task[None] | None" = None
    playout: Playout | None = None
    ordering: "asyncio.Task[None] | None" = None
    """Changes the order of play, one change at a time."""
    is_ending: bool = False

    def end(self) -> None:
        """Takes it off the air, once."""
        if self.task and not self.is_ending:
            self.is_ending = True
            self.task.cancel()

    def order(self, plan: Plan) -> None:
        """Has it play in the order wanted by now. That may have to wait for an item; the other streams do not."""
        is_idle = self.ordering is None or self.ordering.done()
        if self.playout and is_idle and not self.is_ending:
            steering = self.playout.steering
            if not steering.has_order(loop=plan.is_looped, shuffle=plan.is_shuffled):
                self.ordering = asyncio.create_task(_set_order(steering, plan), name="change the order of play")


class Engine:
    """Everything on air on this host."""

    def __init__(self, settings: Settings, database: Database, vault: Vault) -> None:
        self._settings = settings
        self._database = database
        self._vault = vault
        self._name = _name(settings.streaming.data_dir)
        self._recorder = Recorder(database, self._name)
        self._running: dict[int, _Running] = {}
        self._leases = Leases(database, self._name)

    async def run(self) -> None:
        """Plays what is wanted until cancelled; streams stay wanted, and the next engine takes them up.

        Raises ServiceUnavailable when another engine uses the same data folder, ConfigurationError without FFmpeg.
        """
        settings, egress = self._settings.streaming, self._settings.targets.egress
        async with AsyncExitStack() as stack:
            stack.enter_context(_only_engine(settings.data_dir))
            ffmpeg = binary.find(settings)
            self._ffmpeg_version = f"FFmpeg {binary.version(ffmpeg)}"
            sources = await stack.enter_async_context(SourceServer(self._settings.youtube))
            await stack.enter_async_context(Refresher(sources))
            self._tools = Tools(ffmpeg, sources, settings.operation_timeout_seconds, egress)
            self._playlists = await stack.enter_async_context(Playlists(self._settings, ffmpeg))
            self._folder = stack.enter_context(working_folder(settings))
            profile = PROFILES.get(settings.profile, PROFILES[DEFAULT_PROFILE])
            self._orders = Orders(
                self._database,
                self._recorder,
                self._playouts,
                playlists=self._playlists,
                previewer=Previewer(ffmpeg, self._database),
                target_tester=TargetTester(ffmpeg, self._database, self._vault, profile, self._folder, egress=egress),
            )
            aside = [asyncio.create_task(self._recorder.run()), asyncio.create_task(self._show_itself())]
            try:
                await self._playlists.warm_up()
                await self._serve()
            finally:
                await self._stop_all()
                for task in aside:
                    task.cancel()
                await asyncio.wait(aside)
                with suppress(DatabaseError, TimeoutError):  # who has gone is known from its silence, too
                    async with asyncio.timeout(_LEAVE_SECONDS):
                        await self._leave()

    async def _serve(self) -> None:
        async with self._database.changes() as changes:
            _log.info("The engine is ready")
            while True:
                await self._database.patiently(self._reconcile)
                await self._database.patiently(self._orders.take)
                await self._database.patiently(lambda: changes.wait(_TICK_SECONDS))

    def _playouts(self) -> dict[int, Playout]:
        return {stream_id: here.playout for stream_id, here in self._running.items() if here.playout}

    async def _reconcile(self) -> None:
        """Starts what is wanted and not here, stops what is here and not wanted."""
        async with self._database.session() as session:
            wanted = await read_wanted(session, self._vault, lead_seconds=self._settings.streaming.lead_seconds)
        for stream_id, running in tuple(self._running.items()):
            if stream_id not in wanted or wanted[stream_id].wish != running.wish:
                running.end()
            else:
                running.order(wanted[stream_id].plan)
        for stream_id, stream in wanted.items():
            if stream_id not in self._running:
                running = self._running[stream_id] = _Running(stream.wish)
                running.task = asyncio.create_task(self._play(stream, running), name=f"stream {stream_id}")

    async def _play(self, stream: WantedStream, running: _Running) -> None:
        """Plays one stream to its end. It stays on the books until that is recorded, so that it is not begun again."""
        try:
            with log_about(f"stream {stream.stream_id}"):
                async with self._leases.hold(f"stream {stream.stream_id}", lost=running.end):
                    await self._play_and_record(stream, running)
        except Exception:  # noqa: BLE001  (one stream's trouble must not become another's)
            _log.exception("Stream %s ended unexpectedly", stream.stream_id)
        finally:
            del self._running[stream.stream_id]

    async def _play_and_record(self, stream: WantedStream, running: _Running) -> None:
        record = await self._begin(stream)
        running.playout = record.playout
        status, reason = RunStatus.STOPPED, ""
        try:
            await record.playout.run()
            status, reason = RunStatus.ENDED, "The lineup was played to its end."
        except NonstopError as error:
            status, reason = RunStatus.FAILED, str(error)
        except Exception:
            status, reason = RunStatus.FAILED, "Something went wrong that should not have; the engine's log says more."
            raise
        finally:
            running.is_ending = True
            if running.ordering:
                running.ordering.cancel()
            await asyncio.to_thread(shutil.rmtree, self._folder_of(stream), ignore_errors=True)
            await self._end(stream, record, status, reason)

    async def _begin(self, stream: WantedStream) -> RunRecord:
        """Makes the playout of a run. That it begins is written when the database lets us; nothing waits for that."""
        plan = await self._database.patiently(lambda: self._read_place(stream))
        playout = Playout(
            plan,
            await self._playlists.open(stream.playlist),
            self._tools,
            self._folder_of(stream),
            on_log=lambda level, message: self._recorder.log(record, level, message),
            on_change=self._recorder.change,
        )
        record = RunRecord(stream.stream_id, stream.wish, stream.wished_at, playout)
        self._recorder.follow(record)
        return record

    def _folder_of(self, stream: WantedStream) -> Path:
        """For sockets and lists: a megabyte for each target, for as long as the run lasts."""
        return self._folder / f"{stream.stream_id}-{stream.wish}"

    async def _read_place(self, stream: WantedStream) -> Plan:
        async with self._database.session() as session:
            return await with_place(session, stream)

    async def _end(self, stream: WantedStream, record: RunRecord, status: RunStatus, reason: str) -> None:
        """Writes down how a run ended; one that ended by itself has fulfilled its wish."""
        level = LogLevel.ERROR if status is RunStatus.FAILED else LogLevel.INFO
        self._recorder.log(record, level, reason or "Off air.")
        await self._recorder.close(record, status, reason)
        if status is not RunStatus.STOPPED:
            await self._database.patiently(lambda: self._fulfil(stream))

    async def _fulfil(self, stream: WantedStream) -> None:
        async with self._database.session() as session:
            await session.exec(
                update(Stream).where(col(Stream.id) == stream.stream_id).values(fulfilled_wish=stream.wish)
            )
            await session.commit()

    async def _stop_all(self) -> None:
        tasks = [running.task for running in self._running.values() if running.task]
        for running in self._running.values():
            running.end()
        await self._orders.close()
        if tasks:
            _, unrecorded = await asyncio.wait(tasks, timeout=_FAREWELL_SECONDS)
            for task in unrecorded:  # the database does not take how they ended; the next engine will see to it
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # The engine itself

    async def _show_itself(self) -> None:
        started_at = datetime.now(UTC)
        while True:
            await self._database.patiently(lambda: self._beat(started_at))
            await asyncio.sleep(_TICK_SECONDS)

    async def _beat(self, started_at: datetime) -> None:
        versions = " · ".join((streaming.__version__, self._ffmpeg_version, *self._playlists.tools))
        seen = EngineHeartbeat(name=self._name, pid=os.getpid(), version=versions, started_at=started_at)
        async with self._database.session() as session:
            await session.merge(seen)
            await session.commit()

    async def _leave(self) -> None:
        async with self._database.session() as session:
            await session.exec(delete(EngineHeartbeat).where(col(EngineHeartbeat.name) == self._name))
            await session.commit()


async def _set_order(steering: Steering, plan: Plan) -> None:
    try:
        await steering.set_order(loop=plan.is_looped, shuffle=plan.is_shuffled)
    except NotFound:
        pass  # it went off the air meanwhile
    except Exception:  # noqa: BLE001  (the stream plays on as before)
        _log.exception("The order of play could not be changed")


def _name(data_dir: Path) -> str:
    """The host, and a mark of the data folder: an engine started again in the same place has the same name."""
    return f"{socket.gethostname()}-{blake2s(bytes(data_dir.resolve()), digest_size=2).hexdigest()}"


@contextmanager
def _only_engine(data_dir: Path) -> Iterator[None]:
    """Holds the data folder for this engine; the kernel lets go of it when the process ends, however it ends."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "engine.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServiceUnavailable(
                f"Another engine is at work in {data_dir}.", hint="Stop that one, or set another [streaming] data_dir."
            ) from None
        yield
