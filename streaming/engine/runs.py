"""The runs of one generation of a stream, one after the other.

A run that ends for a final reason ends the generation. After any other end, or when a run cannot even begin, another
run follows after a while and continues where the last one was; the card shows the reason meanwhile.
"""

import asyncio
import logging
import random
import shutil
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from streaming.engine.desired_state import DesiredStream, resume_plan
from streaming.engine.messages import Runs
from streaming.engine.outcomes import Outcome, outcome_of
from streaming.engine.run_writer import RunRecord, RunWriter
from streaming.model.backoff import Backoff
from streaming.model.errors import NotFound
from streaming.model.events import LogLine
from streaming.model.message import NOTHING
from streaming.model.states import LogLevel, RunStatus
from streaming.playout.handle import PlayoutHandle, SetOrder
from streaming.playout.plan import Plan
from streaming.process.supervision import Failures, RestartPolicy
from streaming.storage.database import Database
from streaming.storage.streams import StreamStore

_log = logging.getLogger(__name__)

BEGIN_AGAIN = RestartPolicy(Backoff(first_seconds=1.0, cap_seconds=60.0, reset_seconds=300.0))
"""A run is begun again for as long as it is wanted; a minute is short for people and long for a machine in trouble."""


class StreamRuns:
    """A stream that this engine has on air, or on its way there."""

    def __init__(
        self,
        stream: DesiredStream,
        make: Callable[[DesiredStream, Plan, Path], Awaitable[PlayoutHandle]],
        *,
        database: Database,
        run_writer: RunWriter,
        folder: Path,
        policy: RestartPolicy,
    ) -> None:
        """`make` makes the playout of a run; `folder` is for its sockets and lists, for as long as it lasts."""
        self.stream = stream
        self.task: asyncio.Task[None] | None = None
        self.playout: PlayoutHandle | None = None
        self._adjusted: tuple[object, ...] = ()
        self.adjusting: asyncio.Task[None] | None = None
        """Adjusts the playout, one change at a time."""
        self._make = make
        self._database = database
        self._run_writer = run_writer
        self._folder = folder
        self._failures = Failures(policy)
        self._waiting: RunRecord | None = None
        self._logged_reason = NOTHING
        self._is_ending = False

    @property
    def generation(self) -> int:
        """The generation it plays."""
        return self.stream.generation

    def end(self) -> None:
        """Takes it off the air, once."""
        if self.task and not self._is_ending:
            self._is_ending = True
            self.task.cancel()

    def adjust(self, stream: DesiredStream) -> None:
        """Adjusts what is on air to what is desired by now: the order of play, and the addresses of the targets.

        That may have to wait for an item; the other streams do not.
        """
        self.stream = stream
        is_idle = self.adjusting is None or self.adjusting.done()
        if self.playout and is_idle and not self._is_ending and _adjustable(stream.plan) != self._adjusted:
            self.adjusting = asyncio.create_task(self._adjust(self.playout, stream.plan), name="adjust the playout")

    async def _adjust(self, playout: PlayoutHandle, plan: Plan) -> None:
        try:
            await playout.redirect(plan.destinations)
            await playout.set_order(SetOrder(plan.is_looped, plan.is_shuffled))
            self._adjusted = _adjustable(plan)
        except NotFound:
            pass  # it went off the air meanwhile
        except Exception:  # noqa: BLE001  (the stream plays on as before)
            _log.exception("The stream could not be adjusted")

    async def play(self) -> None:
        """Plays until its generation is over; cancel it to take the stream off the air."""
        try:
            while not self._is_ending and not (await self._run()).is_final:
                await asyncio.sleep(self._failures.delay_seconds(random.random()))
        finally:
            await self._close(self._no_longer_waiting())

    async def _run(self) -> Outcome:
        """Plays one run, and writes down how it went."""
        began_at = time.monotonic()
        try:
            plan = await self._database.patiently(self._read_resume_plan)
            playout = await self._make(self.stream, plan, self._folder)
        except Exception as obstacle:  # noqa: BLE001  (what cannot begin has the same outcomes as what was on air)
            return await self._end(self._waiting or self._record(None), outcome_of(obstacle), obstacle, began_at)
        record = self._record(playout)
        self._adjusted = _adjustable(plan)
        closing = asyncio.create_task(self._close(self._no_longer_waiting()), name="close the last run")
        try:
            ended_by = await self._play_to_end(record)
        finally:
            await closing  # the database may have kept it waiting, but not the run
        return await self._end(record, outcome_of(ended_by), ended_by, began_at)

    async def _play_to_end(self, record: RunRecord) -> Exception | None:
        """Plays a run to its end, and gives what ended it but for the lineup's end."""
        assert record.playout
        self.playout, was_cancelled = record.playout, True
        following = asyncio.create_task(self._follow(record, record.playout), name="follow the events of the run")
        try:
            await record.playout.run()
            was_cancelled = False
        except Exception as error:  # noqa: BLE001  (outcome_of decides)
            was_cancelled = False
            return error
        finally:
            self.playout = None
            if self.adjusting:
                self.adjusting.cancel()
            await following  # all it reported comes before the line that it has ended
            await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)
            if was_cancelled:
                self._run_writer.log(record, LogLevel.INFO, Runs.OFF_AIR())
                await self._run_writer.close(record, RunStatus.STOPPED, NOTHING)
        return None

    async def _follow(self, record: RunRecord, playout: PlayoutHandle) -> None:
        """Writes down what a run reports, to its end."""
        async for event in playout.events():
            try:
                if isinstance(event, LogLine):
                    self._run_writer.log(record, event.level, event.message)
                else:
                    self._run_writer.change()
            except Exception:  # noqa: BLE001  (the run and its other events do not depend on it)
                _log.exception("An event of stream %d is lost", record.stream_id)

    def _record(self, playout: PlayoutHandle | None) -> RunRecord:
        """An account of a run, kept from now on. That it begins is written when the database lets us; nothing waits."""
        record = RunRecord(self.stream.stream_id, self.stream.generation, self.stream.requested_at, playout)
        self._run_writer.follow(record)
        return record

    async def _end(self, record: RunRecord, outcome: Outcome, error: Exception | None, began_at: float) -> Outcome:
        if outcome.is_final:
            self._is_ending = True
            await self._fulfil(record, outcome)
        else:
            self._failures = self._failures.after(time.monotonic() - began_at)
            self._wait(record, outcome, error)
        return outcome

    async def _fulfil(self, record: RunRecord, outcome: Outcome) -> None:
        """Records how the last run ended, and that its generation is over."""
        level = LogLevel.ERROR if outcome.status is RunStatus.FAILED else LogLevel.INFO
        self._run_writer.log(record, level, outcome.reason)
        if record is self._waiting:
            self._waiting = None
        try:
            await self._run_writer.close(record, outcome.status, outcome.reason)
        finally:
            await self._database.patiently(self._write_fulfilled)

    def _wait(self, record: RunRecord, outcome: Outcome, error: Exception | None) -> None:
        """Has people know why nothing is played now; the log says it once, until it has worked for a while."""
        is_news = outcome.reason != self._logged_reason or self._failures.count == 1
        if is_news:
            self._logged_reason = outcome.reason
            _log.error("The run of stream %d stopped unexpectedly", self.stream.stream_id, exc_info=error)
            self._run_writer.log(record, LogLevel.ERROR, outcome.reason)
        record.setback = outcome.reason
        self._waiting = record
        self._run_writer.change()

    def _no_longer_waiting(self) -> RunRecord | None:
        record, self._waiting = self._waiting, None
        return record

    async def _close(self, record: RunRecord | None) -> None:
        """Ends the account of a run that another one has followed, or none does."""
        if record:
            await self._run_writer.close(record, RunStatus.STOPPED, record.setback)

    async def _read_resume_plan(self) -> Plan:
        async with self._database.session() as session:
            return await resume_plan(session, self.stream)

    async def _write_fulfilled(self) -> None:
        async with self._database.session() as session:
            await StreamStore(session).observe(self.stream.stream_id, self.stream.generation)
            await session.commit()


def _adjustable(plan: Plan) -> tuple[object, ...]:
    """What of a plan may change while it is on air."""
    addresses = tuple((d.target_id, d.name, d.url, d.backup_url) for d in plan.destinations)
    return plan.is_looped, plan.is_shuffled, addresses
