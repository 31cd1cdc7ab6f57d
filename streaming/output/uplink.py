"""Uplinks: one long-lived FFmpeg per target that reads slots in real time and publishes them to an ingest."""

import asyncio
import logging
import random
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from streaming.ffmpeg.messages import FFmpeg
from streaming.ffmpeg.progress import Progress, ProgressPipe
from streaming.ffmpeg.stderr import Complaint, classify, user_message
from streaming.model.errors import Unexpected
from streaming.model.message import NOTHING, Message
from streaming.model.states import UplinkState
from streaming.network.egress import Egress, NotPublic, UnknownHost
from streaming.output.messages import Uplinks
from streaming.output.routes import Route, route
from streaming.output.send_queue import SendHistory, unsent_bytes
from streaming.output.slots import Slots
from streaming.process.subprocesses import Child
from streaming.redaction.secrets import Secret, remember
from streaming.timeline.program import Program
from streaming.timeline.read_position import Drain

_log = logging.getLogger(__name__)

_RETRY_SECONDS = 1.0
_REFUSALS = (
    Complaint.KEY_REFUSED,
    Complaint.ADDRESS_REFUSED,
    Complaint.CERTIFICATE_REFUSED,
    Complaint.ADDRESS_NOT_PUBLIC,
)
_REFUSED_RETRY_SECONDS = 15.0
_SOON_RETRY_SECONDS = 2.0
_SOON_REFUSALS = 5
"""An ingest may keep a broken connection for some seconds, and refuse the next one as long."""
_TRIES_PER_ADDRESS = 4
"""How often one ingest fails in a row before the target's other one is tried."""
_STEADY_FAILURES = 60
"""About a try a second for the first minute."""
_HEALTHY_SECONDS = 60.0
_REPUBLISH_SECONDS = 20 * 86_400.0
"""FLV counts milliseconds in 31 bits, which wrap after 24.86 days."""
_BOUNDARY_WAIT_SECONDS = 600.0
"""An item may last a day: after ten minutes, the uplink publishes again at any keyframe."""
_FAREWELL_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an uplink publishes; the URLs hold the stream key."""

    target_id: int
    name: str
    url: Secret
    backup_url: Secret | None = None
    """Another ingest of the same platform, used when the first fails repeatedly."""
    missed_seconds: float = 0.0
    """What it misses because it was behind the other targets when the engine before this one ended."""


@dataclass(slots=True)
class UplinkStatus:
    """The state of an uplink."""

    state: UplinkState = UplinkState.CONNECTING
    reason: Message = NOTHING
    reconnects: int = 0
    progress: Progress | None = None
    reports: int = 0
    """How many reports the present FFmpeg has made."""
    published_at: float | None = None
    """When the first media of the present publication went out, on the monotonic clock."""


def _remember_keys(destination: Destination) -> None:
    for url in filter(None, (destination.url, destination.backup_url)):
        remember(url)


def command(
    ffmpeg: str,
    slots: Path,
    url: str,
    pipe: ProgressPipe,
    *,
    ca_file: Path | None = None,
    options: Sequence[str] = (),
) -> list[str]:
    """The command line of an uplink; `options` are those of its route.

    The ingest's certificate is verified with `ca_file`, else with the system's authorities.
    """
    return [
        *(ffmpeg, "-nostdin", "-hide_banner", "-v", "level+warning", *pipe.options),
        *("-re", "-fpsprobesize", "0", "-f", "concat", "-safe", "0", "-protocol_whitelist", "file,unix"),
        *("-i", str(slots), "-map", "0", "-c", "copy", "-bsf:v", "extract_extradata"),
        *("-f", "flv", "-flvflags", "no_duration_filesize", "-tcp_nodelay", "1"),
        *(_verified(ca_file) if url.startswith("rtmps:") else ()),
        *options,
        url,
    ]


def _verified(ca_file: Path | None) -> list[str]:
    """Verifies the ingest, as FFmpeg 9 does by default: the key goes to whoever answers. Only TLS has these options."""
    return ["-tls_verify", "1", *(["-ca_file", str(ca_file)] if ca_file else [])]


class Uplink:
    """Keeps publishing to one target through failures of its FFmpeg and its ingest."""

    def __init__(
        self,
        ffmpeg: str,
        destination: Destination,
        program: Program,
        folder: Path,
        *,
        on_error_line: Callable[[str], None],
        on_change: Callable[[], None],
        ca_file: Path | None = None,
        republish_seconds: float = _REPUBLISH_SECONDS,
        egress: Egress | None = None,
    ) -> None:
        """`egress` checks the ingest's address before each publication; None allows any."""
        self.destination = destination
        self.status = UplinkStatus()
        self.position = program.attach()
        self.position.missed_ms = destination.missed_seconds * 1000
        self._ffmpeg = ffmpeg
        self._program = program
        self._slots = Slots(program, self.position, folder)
        self._on_error_line = on_error_line
        self._on_change = on_change
        self._ca_file = ca_file
        self._republish_seconds = republish_seconds
        self._egress = egress
        self._route = Route(destination.url.reveal())
        self._failures = 0
        _remember_keys(destination)
        self._complaint: Complaint | None = None
        self._own_reason = NOTHING
        self._is_on_backup = False
        self._is_leaving = False
        self._child: Child | None = None
        self._history = SendHistory()

    @property
    def process(self) -> int | None:
        """The process id of its FFmpeg; None between two tries."""
        return self._child.pid if self._child else None

    @property
    def complaint(self) -> Complaint | None:
        """The first complaint of its FFmpeg in the present try."""
        return self._complaint

    def redirect(self, destination: Destination) -> None:
        """Publishes to another address, or with another key, from its next connection on."""
        if destination.url != self.destination.url:
            self._is_on_backup = False
        self.destination = destination
        _remember_keys(destination)

    def restart(self, reason: Message) -> None:
        """Kills its FFmpeg. Another one goes on where it was."""
        if self._child:
            self._own_reason = reason
            self._child.kill()

    def measure_unsent(self) -> int | None:
        """The bytes the ingest has not accepted; None when not known. They are sent again after a break."""
        if self._child is None:
            return None
        unsent = unsent_bytes(self._child.pid)
        self.position.unsent_ms = self._history.last_ms(unsent or 0)
        return unsent

    async def run(self) -> None:
        """Publishes until the program is played out, and again after every break. Cancel it to end it sooner."""
        failures = 0
        while True:
            self._complaint, self._own_reason, self._is_leaving = None, NOTHING, False
            try:
                published_seconds, was_drained = await self._publish()
            except (NotPublic, UnknownHost) as error:
                published_seconds, was_drained = 0.0, False
                is_private = isinstance(error, NotPublic)
                self._complaint = Complaint.ADDRESS_NOT_PUBLIC if is_private else Complaint.HOST_UNKNOWN
            except OSError as error:  # no process or no disk space is left
                published_seconds, was_drained = 0.0, False
                self._own_reason = FFmpeg.CANNOT_RUN(reason=str(error.strerror))
            except Exception:
                self._set_status(UplinkState.RETRYING, Unexpected.SEE_LOG())
                raise
            if was_drained and self._program.is_played_out(self.position):
                self._set_status(UplinkState.ENDED, NOTHING)
                return
            if was_drained:
                continue
            failures = self._failures = 1 if published_seconds > _HEALTHY_SECONDS else failures + 1
            if failures % _TRIES_PER_ADDRESS == 0 and self._complaint not in _REFUSALS:
                self._is_on_backup = not self._is_on_backup and self.destination.backup_url is not None
            delay_seconds = retry_delay_seconds(failures, self._complaint, random.random())
            self._report_failure(delay_seconds)
            await asyncio.sleep(delay_seconds)

    async def _publish(self) -> tuple[float, bool]:
        """Runs FFmpeg once. Returns how long it published, and whether it ended because it had sent everything.

        Raises NotPublic and UnknownHost.
        """
        backup_url = self.destination.backup_url if self._is_on_backup else None
        self._route = await route(backup_url or self.destination.url, self._egress, self._failures)
        async with self._slots.open():
            pipe = ProgressPipe()
            self._program.join(self.position)
            child = await self._start(pipe)
            ending = asyncio.create_task(self._end_when_drained())
            self._child, self._history = child, SendHistory()
            self.status.progress, self.status.reports = None, 0
            try:
                await self._watch(pipe)
            except asyncio.CancelledError:
                self._is_leaving = True
                raise
            finally:
                self._child = None
                was_drained = ending.done() and not ending.cancelled() and ending.exception() is None
                self._program.leave(self.position, is_drained=was_drained)
                ending.cancel()
                # First: FFmpeg handles no signal while it waits in a slot, and a second signal cuts it off.
                await self._slots.close()
                await child.stop(first=signal.SIGINT, patience_seconds=_FAREWELL_SECONDS)
                started_at, self.status.published_at = self.status.published_at, None
        return (time.monotonic() - started_at if started_at else 0.0), was_drained

    async def _start(self, pipe: ProgressPipe) -> Child:
        try:
            return await Child.start(
                command(
                    self._ffmpeg,
                    self._slots.list_path,
                    self._route.url,
                    pipe,
                    ca_file=self._ca_file,
                    options=self._route.options,
                ),
                stdout=False,
                on_error_line=self._on_line,
                inherit=[pipe.writing_end],
            )
        except (OSError, asyncio.CancelledError):
            pipe.close()
            self._program.leave(self.position)
            raise

    async def _watch(self, pipe: ProgressPipe) -> None:
        """Follows FFmpeg's reports to their end."""
        async for report in pipe.reports():
            self._program.sent(self.position, report.out_time_ms)
            self.status.progress = report
            self.status.reports += 1
            self._history.add(report.total_bytes, report.out_time_ms)
            if self.status.published_at is None and report.total_bytes:
                self.status.published_at = time.monotonic()
                self._set_status(UplinkState.LIVE, Uplinks.ON_BACKUP() if self._is_on_backup else NOTHING)
            self._republish_when_due()

    async def _end_when_drained(self) -> None:
        """Lets FFmpeg end once it was given everything: it sends what it has, and closes the publication.

        FFmpeg handles no signal while it waits for its slot, and one later would cut off unsent media.
        """
        await self._program.until(lambda program: program.is_drained(self.position))
        self._is_leaving = True
        await self._slots.close()

    def _republish_when_due(self) -> None:
        if self.status.published_at is None:
            return
        overdue_seconds = time.monotonic() - self.status.published_at - self._republish_seconds
        if overdue_seconds > 0:
            self.position.drain = Drain.AT_KEYFRAME if overdue_seconds > _BOUNDARY_WAIT_SECONDS else Drain.AT_BOUNDARY

    def _on_line(self, line: str) -> None:
        if not self._is_leaving:  # FFmpeg complains about the end of its list, which is intended
            self._complaint = self._complaint or classify(line)
            self._on_error_line(self._route.hidden(line, self.destination.name))

    def _report_failure(self, delay_seconds: float) -> None:
        reason = self._own_reason or (user_message(self._complaint) if self._complaint else Uplinks.CONNECTION_ENDED())
        is_refused = self._complaint in _REFUSALS
        self.status.reconnects += 1
        self._set_status(UplinkState.REFUSED if is_refused else UplinkState.RETRYING, reason)
        _log.info("%s: %s; again in %.1f s", self.destination.name, reason, delay_seconds)

    def _set_status(self, state: UplinkState, reason: Message) -> None:
        self.status.state, self.status.reason = state, reason
        self._on_change()


def retry_delay_seconds(failures: int, complaint: Complaint | None, chance: float) -> float:
    """The delay before the next try.

    None after the first failure, then about a second, growing to four. A refused key is tried less often. `chance`, a
    number from 0 to 1, separates uplinks that failed together.
    """
    if complaint in _REFUSALS:
        refused_seconds = _SOON_RETRY_SECONDS if failures <= _SOON_REFUSALS else _REFUSED_RETRY_SECONDS
        return refused_seconds * (0.9 + 0.2 * chance)
    if complaint is Complaint.KEY_BUSY:
        return _SOON_RETRY_SECONDS * (0.9 + 0.2 * chance)
    if failures <= 1:
        return 0.0
    steady = (
        _RETRY_SECONDS if failures < _STEADY_FAILURES else min(4.0, _RETRY_SECONDS * (failures - _STEADY_FAILURES + 2))
    )
    return steady * (0.8 + 0.4 * chance)
