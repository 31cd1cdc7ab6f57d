"""An ingest on this machine: FFmpeg listens on loopback; what arrives is recorded and measured."""

import asyncio
import logging
import re
import secrets
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

import psutil

from streaming.ffmpeg import binary
from streaming.ingest.reception import FILE_HEADER_BYTES, IngestReport, Session, summarize, tags
from streaming.model.errors import ConfigurationError, ServiceUnavailable
from streaming.model.message import Message
from streaming.process.subprocesses import Child
from streaming.redaction.secrets import Secret, redact, remember
from streaming.settings import Settings

_log = logging.getLogger(__name__)

_HOST = "127.0.0.1"
_PROBE_MICROSECONDS = 200_000  # FFmpeg's default of 5 s delivers the first second all at once
_SEGMENT_SECONDS = 60
_SEGMENTS_KEPT = 10
_READY_WITHIN_SECONDS = 10.0
_LOOK_EVERY_SECONDS = 0.01
_RETRY_SECONDS = 0.5
_NOT_OURS = re.compile(r"Unexpected stream |App field don't match up")
"""FFmpeg's warnings about a foreign key or application (rtmpproto.c, send_invoke_response and read_connect)."""


class LocalIngest:
    """Accepts publications on a loopback port, one FFmpeg each, while it is entered.

    Keeps the last ten minutes in `data_dir/recordings`. Entering raises ServiceUnavailable when the port is in use,
    ConfigurationError when there is no FFmpeg or the folder cannot be written.
    """

    def __init__(self, settings: Settings, port: int = 0) -> None:
        self.key = remember(Secret(secrets.token_urlsafe(12)))
        self._settings = settings.streaming
        self._folder = settings.streaming.data_dir / "recordings"
        self._port = port
        self._sessions: list[Session] = []
        self._listeners = 0
        self._ready = asyncio.Event()
        self._trouble = "FFmpeg gives no reason"
        self._serving: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """The address to publish to, without the key."""
        return f"rtmp://{_HOST}:{self._port}/live"

    @property
    def network(self) -> str:
        """The network to allow for streams to this ingest."""
        return f"{_HOST}/32"

    async def __aenter__(self) -> Self:
        ffmpeg = await asyncio.to_thread(binary.find, self._settings)
        self._port = _free_port(self._port)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigurationError(f"Recordings cannot be stored in {self._folder}: {error.strerror}.") from error
        self._serving = asyncio.create_task(self._serve(ffmpeg), name="local-ingest")
        try:
            async with asyncio.timeout(_READY_WITHIN_SECONDS):
                await self._ready.wait()
        except asyncio.CancelledError:
            await self.close()
            raise
        except TimeoutError:
            await self.close()
            raise ServiceUnavailable(Message(f"The local ingest did not start: {self._trouble}.")) from None
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends all publications and stops listening."""
        if self._serving:
            self._serving.cancel()
            with suppress(asyncio.CancelledError):
                await self._serving

    def report(self) -> IngestReport:
        return summarize(self._sessions, max(self._folder.glob("*.flv"), default=None))

    async def _serve(self, ffmpeg: str) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._forget_old_recordings())
            while True:
                listener = await _Listener.start(self._command(ffmpeg), self._note)
                try:
                    is_published = await self._wait_for_publication(listener)
                except BaseException:
                    await listener.child.stop()
                    raise
                if is_published:  # the next listener starts now, so that others can publish meanwhile
                    tasks.create_task(self._receive(listener))
                else:
                    await listener.child.stop()

    async def _wait_for_publication(self, listener: "_Listener") -> bool:
        """Waits until somebody publishes (True), or the listener ends (False)."""
        if not await self._listens(listener.child):
            await asyncio.sleep(_RETRY_SECONDS)
            return False
        self._ready.set()
        with suppress(asyncio.IncompleteReadError):
            return bool(await listener.child.stdout.readexactly(FILE_HEADER_BYTES))
        return False

    async def _listens(self, listener: Child) -> bool:
        while listener.returncode is None:
            if await asyncio.to_thread(_is_listening, listener.pid):
                return True
            await asyncio.sleep(_LOOK_EVERY_SECONDS)
        return False

    async def _receive(self, listener: "_Listener") -> None:
        session = Session()
        try:
            async for tag in tags(listener.child.stdout):
                if listener.is_intruded:
                    return
                if session not in self._sessions:
                    self._sessions.append(session)
                    _log.info("the local ingest receives a publication")
                session.add(tag, time.monotonic())
        finally:
            await listener.child.stop()
            if listener.is_intruded:
                self._forget(session)
            else:
                _log.info("the publication at the local ingest ended after %.1f s", session.seconds)

    def _forget(self, session: Session) -> None:
        """Removes what arrived with another key from the report."""
        if session in self._sessions:
            self._sessions.remove(session)

    def _command(self, ffmpeg: str) -> list[str]:
        self._listeners += 1
        segment = f"{self._folder}".replace("%", "%%") + f"/%Y%m%d-%H%M%S-{self._listeners}.flv"
        return [
            *(ffmpeg, "-nostdin", "-hide_banner", "-loglevel", "warning", "-copyts"),
            *("-analyzeduration", f"{_PROBE_MICROSECONDS}"),
            *("-listen", "1", "-i", f"{self.url}/{self.key.reveal()}"),
            *("-map", "0", "-c", "copy", "-f", "flv", "-flvflags", "no_duration_filesize", "pipe:1"),
            *("-map", "0", "-c", "copy", "-f", "segment", "-segment_time", f"{_SEGMENT_SECONDS}"),
            *("-segment_format", "flv", "-reset_timestamps", "1", "-strftime", "1", segment),
        ]

    def _note(self, line: str) -> None:
        self._trouble = redact(line, self.key)
        _log.debug("local ingest: %s", self._trouble)

    async def _forget_old_recordings(self) -> None:
        while True:
            for path in sorted(self._folder.glob("*.flv"))[:-_SEGMENTS_KEPT]:
                path.unlink(missing_ok=True)
            await asyncio.sleep(_SEGMENT_SECONDS)


class _Listener:
    """One listening FFmpeg. FFmpeg accepts any application and key and only logs a mismatch; we then kill it."""

    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note
        self.is_intruded = False
        self.child: Child

    @classmethod
    async def start(cls, command: Sequence[str], note: Callable[[str], None]) -> Self:
        listener = cls(note)
        listener.child = await Child.start(command, on_error_line=listener._read_line)
        return listener

    def _read_line(self, line: str) -> None:
        if _NOT_OURS.search(line):
            self.is_intruded = True
            self.child.kill()
            line = "a publisher with another key was rejected"
        self._note(line)


def _free_port(port: int) -> int:
    """The given port of loopback, or a free one for 0. Raises ServiceUnavailable for a port in use."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError as error:
            raise ServiceUnavailable(
                Message(f"Cannot listen on port {port} of this machine: {error.strerror}."),
                hint=Message("Choose another port, or stop the program that uses it."),
            ) from error
        free: int = probe.getsockname()[1]
        return free


def _is_listening(pid: int) -> bool:
    try:
        return bool(
            psutil.Process(pid).net_connections("tcp")
        )  # any socket counts: a publisher may have connected already
    except psutil.Error:
        return False
