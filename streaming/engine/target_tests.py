"""The test of a target: two seconds of slate, published as a stream would be, and what the ingest makes of them."""

import asyncio
import logging
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakValueDictionary

from streaming.engine.messages import TargetTests
from streaming.ffmpeg.stderr import Complaint, user_message
from streaming.model.errors import NotFound, ServiceUnavailable, TargetRefused, TransientError
from streaming.model.message import NOTHING, Message
from streaming.model.profiles import Profile
from streaming.model.states import UplinkState
from streaming.network.egress import Egress
from streaming.output.uplink import Destination, Uplink
from streaming.process.fair_queue import FairQueue
from streaming.redaction.secrets import Secret, redact
from streaming.storage.database import Database
from streaming.storage.tables import Target
from streaming.storage.vault import Vault
from streaming.timeline.program import Program
from streaming.timeline.slate import Slate, render
from streaming.timeline.writer import ProgramWriter

_log = logging.getLogger(__name__)

_SENT_MS = 2000.0
_LIMIT_SECONDS = 15.0
_AT_ONCE = 2
"""Each is an FFmpeg or two; what is on air comes first."""
_MOST_WAITING = 4
"""So many tests of one guild may wait for a place."""
_WAIT_SECONDS = 10.0
"""So long they may: with the test itself it is less than whoever asked waits."""
_TITLE = "Testing"


@dataclass(frozen=True, slots=True)
class Accepted:
    """An ingest took it all; the time is from opening the connection to the first media."""

    after_seconds: float


class TargetTester:
    """Tests targets; each by one test at a time, for an ingest takes a key only once."""

    def __init__(
        self,
        ffmpeg: str,
        database: Database,
        vault: Vault,
        profile: Profile,
        folder: Path,
        *,
        ca_file: Path | None = None,
        egress: Egress | None = None,
    ) -> None:
        """`folder` is for sockets and lists; its path is to be short. `egress` judges where a test may go."""
        self._egress = egress or Egress()
        self._ffmpeg = ffmpeg
        self._database = database
        self._vault = vault
        self._profile = profile
        self._folder = folder
        self._ca_file = ca_file
        self._slate: Slate | None = None
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._places = FairQueue(_AT_ONCE, most_waiting=_MOST_WAITING)

    async def test(self, target_id: int) -> Message:
        """Publishes to a target; says in a sentence that it took it.

        Raises what `publish` and the vault raise, and ServiceUnavailable when too many others are tested.
        """
        guild_id, destination = await self._destination(target_id)
        turn = self._turns.setdefault(target_id, asyncio.Lock())
        try:
            async with self._place(guild_id, turn):
                self._slate = self._slate or await render(self._ffmpeg, self._profile, _TITLE)
                accepted = await publish(
                    self._ffmpeg,
                    destination,
                    self._slate,
                    self._folder,
                    ca_file=self._ca_file,
                    egress=self._egress,
                )
        except (TimeoutError, OSError) as error:  # before anything was sent: no process to be had, no room on the disk
            _log.warning("%s cannot be tested: %r", destination.name, error)
            raise ServiceUnavailable(TargetTests.NOT_NOW(), hint=TargetTests.SEE_ENGINE_LOG()) from error
        return TargetTests.ACCEPTED(seconds=accepted.after_seconds)

    @asynccontextmanager
    async def _place(self, guild_id: int, turn: asyncio.Lock) -> AsyncIterator[None]:
        """A place among those that are tested at once, when it is the target's turn."""
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(_WAIT_SECONDS):
                    await stack.enter_async_context(turn)
                    await stack.enter_async_context(self._places.turn(guild_id))
            except (TimeoutError, TransientError):
                raise ServiceUnavailable(TargetTests.TOO_MANY(), hint=TargetTests.TRY_LATER()) from None
            yield

    async def _destination(self, target_id: int) -> tuple[int, Destination]:
        """A target, and whose it is."""
        async with self._database.session() as session:
            target = await session.get(Target, target_id)
        if target is None:
            raise NotFound(TargetTests.REMOVED(), hint=TargetTests.ADD_AGAIN())
        key = self._vault.decrypt(target.key_encrypted)
        return target.guild_id, Destination(target_id, target.name, Secret(f"{target.url}/{key.reveal()}"))


async def publish(
    ffmpeg: str,
    destination: Destination,
    slate: Slate,
    folder: Path,
    *,
    ca_file: Path | None = None,
    limit_seconds: float = _LIMIT_SECONDS,
    egress: Egress | None = None,
) -> Accepted:
    """Publishes two seconds of slate as a stream's own uplink would.

    Raises TargetRefused when the ingest says no, ServiceUnavailable when it cannot be reached, or does not answer.
    """
    with tempfile.TemporaryDirectory(prefix="test-", dir=folder) as own_folder:
        attempt = _Attempt(ffmpeg, destination, slate, Path(own_folder), ca_file=ca_file, egress=egress)
        publishing = asyncio.create_task(attempt.uplink.run(), name=f"test {destination.name}")
        try:
            async with asyncio.timeout(limit_seconds):
                await attempt.settled.wait()
        except TimeoutError:
            raise ServiceUnavailable(
                TargetTests.NO_ANSWER(seconds=limit_seconds), hint=TargetTests.CHECK_URL()
            ) from None
        finally:
            publishing.cancel()
            await asyncio.wait([publishing])
        return attempt.outcome()


class _Attempt:
    """One uplink's first try, watched until it is settled."""

    def __init__(
        self,
        ffmpeg: str,
        destination: Destination,
        slate: Slate,
        folder: Path,
        *,
        ca_file: Path | None,
        egress: Egress | None,
    ) -> None:
        self.settled = asyncio.Event()
        self._destination = destination
        self._began_at = time.monotonic()
        self._accepted_at: float | None = None
        self._state, self._reason = UplinkState.CONNECTING, NOTHING
        self._complaint: Complaint | None = None
        self.uplink = Uplink(
            ffmpeg,
            destination,
            _program(slate),
            folder,
            on_error_line=self._log_ffmpeg,
            on_change=self._changed,
            ca_file=ca_file,
            egress=egress,
        )

    def outcome(self) -> Accepted:
        """What came of it. Raises TargetRefused and ServiceUnavailable."""
        accepted_seconds = (self._accepted_at or 0.0) - self._began_at
        if self._state is UplinkState.ENDED:
            return Accepted(accepted_seconds)
        if self._accepted_at or self._complaint is Complaint.INGEST_LOST:
            raise TargetRefused(TargetTests.CLOSED(), hint=TargetTests.CHECK_KEY())
        reason = user_message(self._complaint) if self._complaint else self._reason
        raise TargetRefused(reason) if self._state is UplinkState.REFUSED else ServiceUnavailable(reason)

    def _changed(self) -> None:
        """Hears of the uplink's state; only its first try counts."""
        if self.settled.is_set():
            return
        self._state, self._reason = self.uplink.status.state, self.uplink.status.reason
        if self._state is UplinkState.LIVE:
            self._accepted_at = self._accepted_at or time.monotonic()
        elif self._state is not UplinkState.CONNECTING:
            self.settled.set()

    def _log_ffmpeg(self, line: str) -> None:
        self._complaint = self._complaint or self.uplink.complaint
        _log.info("Test of %s: %s", self._destination.name, redact(line, self._destination.url))


def _program(slate: Slate) -> Program:
    """A program that holds two seconds of slate, and nothing to come."""
    program = Program(lead_seconds=slate.length_ms / 1000)
    writer = ProgramWriter(program)
    writer.begin(writer.filler(slate.header))
    for cluster in slate.clusters:
        if program.end_ms >= _SENT_MS:
            break
        writer.add(cluster)
    writer.finish()
    return program
