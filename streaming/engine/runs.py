"""The runs of one wanted stream: one after the other, until its wish is fulfilled or taken back.

A run that ends for a reason known to be final fulfils the wish. One that ends in any other way, or cannot even begin,
is followed by another after a while, where it was; people read why on the card meanwhile.
"""

import asyncio
import logging
import random
import shutil
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from sqlmodel import col, update

from streaming.engine.desired_state import WantedStream, with_place
from streaming.engine.outcomes import Fate, fate_of
from streaming.engine.run_writer import Recorder, RunRecord
from streaming.model.errors import NotFound
from streaming.model.events import LogLine
from streaming.model.states import LogLevel, RunStatus
from streaming.playout.handle import PlayoutHandle, SetOrder
from streaming.playout.plan import Plan
from streaming.process.supervision import Failures, RestartPolicy
from streaming.storage.database import Database
from streaming.storage.tables import Stream

_log = logging.getLogger(__name__)

BEGIN_AGAIN = RestartPolicy(first_seconds=1.0, longest_seconds=60.0, steady_seconds=300.0)
"""A run is begun again for as long as it is wanted; a minute is short for people and long for a machine in trouble."""


class StreamRuns:
    """A stream that this engine has on air, or on its way there."""

    def __init__(
        self,
        stream: WantedStream,
        make: Callable[[WantedStream, Plan, Path], Awaitable[PlayoutHandle]],
        *,
        database: Database,
        recorder: Recorder,
        folder: Path,
        policy: RestartPolicy,
    ) -> None:
        """`make` makes the playout of a run; `folder` is for its sockets and lists, for as long as it lasts."""
        self.stream = stream
        self.task: asyncio.Task[None] | None = None
        self.playout: PlayoutHandle | None = None
        self._order: SetOrder | None = None
        self.ordering: asyncio.Task[None] | None = None
        """Changes the order of play, one change at a time."""
        self._make = make
        self._database = database
        self._recorder = recorder
        self._folder = folder
        self._failures = Failures(policy)
        self._waiting: RunRecord | None = None
        self._told = ""
        self._is_ending = False

    @property
    def wish(self) -> int:
        """The wish it is to fulfil."""
        return self.stream.wish

    def end(self) -> None:
        """Takes it off the air, once."""
        if self.task and not self._is_ending:
            self._is_ending = True
            self.task.cancel()

    def order(self, plan: Plan) -> None:
        """Has it play in the order wanted by now. That may have to wait for an item; the other streams do not."""
        is_idle = self.ordering is None or self.ordering.done()
        order = SetOrder(plan.is_looped, plan.is_shuffled)
        if self.playout and is_idle and not self._is_ending and order != self._order:
            self.ordering = asyncio.create_task(self._set_order(self.playout, order), name="change the order of play")

    async def _set_order(self, playout: PlayoutHandle, order: SetOrder) -> None:
        try:
            await playout.set_order(order)
            self._order = order
        except NotFound:
            pass  # it went off the air meanwhile
        except Exception:  # noqa: BLE001  (the stream plays on as before)
            _log.exception("The order of play could not be changed")

    async def play(self) -> None:
        """Plays until the wish is fulfilled; cancel it to take the stream off the air."""
        try:
            while not self._is_ending and not (await self._run()).is_final:
                await asyncio.sleep(self._failures.delay_seconds(random.random()))
        finally:
            await self._close(self._no_longer_waiting())

    async def _run(self) -> Fate:
        """Plays one run, and writes down how it went."""
        began_at = time.monotonic()
        try:
            plan = await self._database.patiently(self._read_place)
            playout = await self._make(self.stream, plan, self._folder)
        except Exception as obstacle:  # noqa: BLE001  (what cannot begin has the same fates as what was on air)
            return await self._end(self._waiting or self._record(None), fate_of(obstacle), obstacle, began_at)
        record = self._record(playout)
        self._order = SetOrder(plan.is_looped, plan.is_shuffled)
        closing = asyncio.create_task(self._close(self._no_longer_waiting()), name="close the account of the last run")
        try:
            ended_by = await self._outcome(record)
        finally:
            await closing  # the database may have kept it waiting, but not the run
        return await self._end(record, fate_of(ended_by), ended_by, began_at)

    async def _outcome(self, record: RunRecord) -> Exception | None:
        """Plays a run to its end, and gives what ended it but for the lineup's end."""
        assert record.playout
        self.playout, was_cancelled = record.playout, True
        following = asyncio.create_task(self._follow(record, record.playout), name="follow the events of the run")
        try:
            await record.playout.run()
            was_cancelled = False
        except Exception as error:  # noqa: BLE001  (fate decides)
            was_cancelled = False
            return error
        finally:
            self.playout = None
            if self.ordering:
                self.ordering.cancel()
            await following  # all it reported comes before the line that it has ended
            await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)
            if was_cancelled:
                self._recorder.log(record, LogLevel.INFO, "Off air.")
                await self._recorder.close(record, RunStatus.STOPPED, "")
        return None

    async def _follow(self, record: RunRecord, playout: PlayoutHandle) -> None:
        """Writes down what a run reports, to its end."""
        async for event in playout.events():
            try:
                if isinstance(event, LogLine):
                    self._recorder.log(record, event.level, event.message)
                else:
                    self._recorder.change()
            except Exception:  # noqa: BLE001  (the run and its other events do not depend on it)
                _log.exception("An event of stream %d is lost", record.stream_id)

    def _record(self, playout: PlayoutHandle | None) -> RunRecord:
        """An account of a run, kept from now on. That it begins is written when the database lets us; nothing waits."""
        record = RunRecord(self.stream.stream_id, self.stream.wish, self.stream.wished_at, playout)
        self._recorder.follow(record)
        return record

    async def _end(self, record: RunRecord, fate: Fate, error: Exception | None, began_at: float) -> Fate:
        if fate.is_final:
            self._is_ending = True
            await self._fulfil(record, fate)
        else:
            self._failures = self._failures.after(time.monotonic() - began_at)
            self._wait(record, fate, error)
        return fate

    async def _fulfil(self, record: RunRecord, fate: Fate) -> None:
        """Writes down how the last run ended; it has fulfilled its wish."""
        level = LogLevel.ERROR if fate.status is RunStatus.FAILED else LogLevel.INFO
        self._recorder.log(record, level, fate.reason)
        if record is self._waiting:
            self._waiting = None
        try:
            await self._recorder.close(record, fate.status, fate.reason)
        finally:
            await self._database.patiently(self._write_fulfilled)

    def _wait(self, record: RunRecord, fate: Fate, error: Exception | None) -> None:
        """Has people know why nothing is played now; the log says it once, until it has worked for a while."""
        is_news = fate.reason != self._told or self._failures.count == 1
        if is_news:
            self._told = fate.reason
            _log.error("The run of stream %d ended unexpectedly", self.stream.stream_id, exc_info=error)
            self._recorder.log(record, LogLevel.ERROR, fate.reason)
        record.setback = fate.reason
        self._waiting = record
        self._recorder.change()

    def _no_longer_waiting(self) -> RunRecord | None:
        record, self._waiting = self._waiting, None
        return record

    async def _close(self, record: RunRecord | None) -> None:
        """Ends the account of a run that another one has followed, or none does."""
        if record:
            await self._recorder.close(record, RunStatus.STOPPED, record.setback)

    async def _read_place(self) -> Plan:
        async with self._database.session() as session:
            return await with_place(session, self.stream)

    async def _write_fulfilled(self) -> None:
        async with self._database.session() as session:
            await session.exec(
                update(Stream).where(col(Stream.id) == self.stream.stream_id).values(fulfilled_wish=self.stream.wish)
            )
            await session.commit()
