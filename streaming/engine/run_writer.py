"""Writes the state of runs to the database: once a second, and soon after a change.

Nothing waits for it to play: a run is on the air before it is in the database, if the database keeps it waiting. What
the database does not take of one run is left out; the accounts of all others are kept.
"""

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.command_line import log_about
from streaming.engine.messages import Runs
from streaming.engine.queue_writer import QueueWritten, write_queue
from streaming.engine.sampling import Sampler
from streaming.model.message import NOTHING, Message
from streaming.model.states import LogLevel, RunStatus, UplinkState
from streaming.model.text import clean, visible_signs
from streaming.playout.handle import PlayoutHandle
from streaming.playout.snapshot import Snapshot, TargetSnapshot
from streaming.redaction.secrets import redact
from streaming.storage.column_types import now
from streaming.storage.database import Database
from streaming.storage.locks import Lock, exclusive
from streaming.storage.runs import RunStore, RunSummary
from streaming.storage.savepoints import Savepoints, refused_rows
from streaming.storage.streams import StreamStore
from streaming.storage.tables import Run, Sample, StreamLog
from streaming.storage.targets import TargetStore

_log = logging.getLogger(__name__)

_PERIOD_SECONDS = 1.0
_COALESCED_SECONDS = 0.05
"""Changes come in bursts; one write tells of all of them."""
_MOST_NOTED = 20_000
"""While the database is away, so many lines and samples wait for it."""


@dataclass(frozen=True, slots=True)
class _Written:
    """What the database holds of a run and is written only when it changes."""

    summary: RunSummary | None = None
    cursor: object = ""


_NOTHING_WRITTEN = _Written()


@dataclass(eq=False, slots=True)
class RunRecord:
    """What is recorded of one run while it lasts."""

    stream_id: int
    generation: int
    requested_at: datetime
    playout: PlayoutHandle | None
    """None when it could not even be made."""
    setback: Message = NOTHING
    """Why nothing is played now, and another run is waited for, in words for people."""
    run_id: int | None = None
    """None until it is written that it began."""
    began_at: datetime = field(default_factory=now)
    on_air_at: datetime | None = None
    has_ended: bool = False
    """Its end may still have to be written."""
    is_log_torn: bool = False
    """Whether people know that lines of its log are missing."""
    sampler: Sampler = field(default_factory=Sampler)
    queue: QueueWritten = field(default_factory=QueueWritten)
    written: _Written = _NOTHING_WRITTEN


@dataclass(frozen=True, slots=True)
class _Noted:
    """A row that waits to be written, and the run it belongs to, which may have to be written first."""

    row: StreamLog | Sample
    record: RunRecord

    @property
    def target_id(self) -> int | None:
        """The target it is about, where it is about one."""
        return self.row.target_id if isinstance(self.row, Sample) else None

    def of_run(self, run_id: int) -> StreamLog | Sample:
        """A copy to be written: a transaction that fails leaves its ids on what it was given."""
        return type(self.row)(**{**self.row.model_dump(), "run_id": run_id})


class RunWriter:
    """Owns all that an engine writes about its runs."""

    def __init__(self, database: Database, engine: str) -> None:
        """`engine` is the name of the engine whose runs these are."""
        self._database = database
        self._engine = engine
        self._has_taken_over = False
        self._records: set[RunRecord] = set()
        self._noted: list[_Noted] = []
        self._turn = asyncio.Lock()
        self._changed = asyncio.Event()
        self._savepoints = Savepoints()

    async def run(self) -> None:
        """Writes until cancelled."""
        sampled_at = 0.0
        while True:
            if time.monotonic() - sampled_at >= _PERIOD_SECONDS:
                sampled_at = time.monotonic()
                await self._take_samples()
            await self._database.patiently(self._write)
            await self._until_worth_writing()

    def change(self) -> None:
        """Something is worth writing at once."""
        self._changed.set()

    def log(self, record: RunRecord, level: LogLevel, message: Message) -> None:
        """Notes a line for a stream's log, without secrets and signs that steer a terminal."""
        message = message.mapped(lambda text: clean(visible_signs(redact(text))))
        with log_about(f"stream {record.stream_id}"):
            _log.log(getattr(logging, level.name), "%s", message)
        self._note(StreamLog(stream_id=record.stream_id, level=level, message=message), record)
        self._changed.set()

    def follow(self, record: RunRecord) -> None:
        """Records a run from now on."""
        self._records.add(record)
        self._changed.set()

    async def close(self, record: RunRecord, status: RunStatus, reason: Message) -> None:
        """Writes how a run ended."""
        reason = reason.mapped(lambda text: clean(redact(text)))
        record.has_ended = True
        try:
            await self._database.patiently(lambda: self._write_end(record, status, reason))
        finally:
            self._records.discard(record)

    async def _write_end(self, record: RunRecord, status: RunStatus, reason: Message) -> None:
        async with self._transaction() as (session, run_ids):
            if (run_id := run_ids.get(record)) is None:
                return
            await self._write_apart(session, record, run_id)
            await RunStore(session).end(run_id, status, reason)

    async def _until_worth_writing(self) -> None:
        try:
            async with asyncio.timeout(_PERIOD_SECONDS):
                await self._changed.wait()
            await asyncio.sleep(_COALESCED_SECONDS)
        except TimeoutError:
            pass
        self._changed.clear()

    def _note(self, row: StreamLog | Sample, record: RunRecord) -> None:
        """Keeps a row until it is written."""
        self._noted.append(_Noted(row, record))
        del self._noted[:-_MOST_NOTED]

    async def _take_samples(self) -> None:
        for record in tuple(self._records):
            if record.playout is None or record.setback or record.has_ended:
                continue
            try:
                samples = record.sampler.take(await record.playout.snapshot(), time.monotonic())
            except Exception:  # noqa: BLE001  (of the others there may be samples)
                _log.exception("Stream %d could not be read", record.stream_id)
                continue
            for sample in samples:
                self._note(sample, record)

    async def write(self) -> None:
        """Writes what there is at once, so that whoever asked for a change finds it."""
        await self._database.patiently(self._write)

    async def _write(self) -> None:
        if self._has_taken_over and not self._records and not self._noted:
            return
        written = dict[RunRecord, _Written]()
        queues = dict[RunRecord, QueueWritten]()
        async with self._transaction() as (session, run_ids):
            for record, run_id in run_ids.items():
                if state := await self._write_apart(session, record, run_id):
                    written[record] = state
                if queue := await self._write_queue(session, record, run_id):
                    queues[record] = queue
        for record, state in written.items():  # committed by now
            record.written = state
        for record, queue in queues.items():
            record.queue = queue
            if record.playout and queue.is_behind(await record.playout.queue(queue.entries, 0)):
                self._changed.set()

    async def _write_apart(self, session: AsyncSession, record: RunRecord, run_id: int) -> _Written | None:
        """Writes how a run is doing, as far as it lets itself be written: others' accounts do not depend on it."""
        what = f"The state of stream {record.stream_id}"
        return await self._savepoints.apart(session, what, lambda: self._write_run(session, record, run_id))

    async def _write_queue(self, session: AsyncSession, record: RunRecord, run_id: int) -> QueueWritten | None:
        playout = record.playout
        if playout is None:
            return None
        return await self._savepoints.apart(
            session,
            f"The queue of stream {record.stream_id}",
            lambda: write_queue(session, record.stream_id, run_id, playout, record.queue),
        )

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[tuple[AsyncSession, dict[RunRecord, int]]]:
        """One at a time, with the ids of all runs, and with what is noted until its end; that stays when it fails.

        Runs of streams that were deleted are left out: one row that refers to nothing would take all others with it.
        """
        async with self._turn, self._database.session() as session:
            await exclusive(session, Lock.RUNS)  # a stream or target that is there now must not be deleted meanwhile
            await self._take_over(session)
            streams = await StreamStore(session).existing({one.stream_id for one in self._records})
            run_ids = await self._begun(session, [one for one in self._records if one.stream_id in streams])
            yield session, run_ids
            noted = self._noted.copy()  # more may come while these are written
            refused = await self._write_noted(session, noted, run_ids)
            await session.commit()
            written = set(map(id, noted))
            self._noted = [one for one in self._noted if id(one) not in written]  # a full list has lost its oldest
            self._has_taken_over = True
            self._tell_of(refused)
            for record, run_id in run_ids.items():
                record.run_id = run_id

    async def _begun(self, session: AsyncSession, records: Sequence[RunRecord]) -> dict[RunRecord, int]:
        """The ids of runs; those that are not written yet are begun, in their order."""
        run_ids = {record: record.run_id for record in records if record.run_id is not None}
        for record in sorted((one for one in records if one.run_id is None), key=lambda one: one.began_at):
            what = f"The run of stream {record.stream_id}"
            run_id = await self._savepoints.apart(session, what, partial(self._begin, session, record))
            if run_id is not None:
                run_ids[record] = run_id
        return run_ids

    async def _write_noted(
        self, session: AsyncSession, noted: Sequence[_Noted], run_ids: Mapping[RunRecord, int]
    ) -> list[_Noted]:
        """Writes what is noted, and gives what the database does not take; without a run there is nothing to say."""

        async def write(some: Sequence[_Noted]) -> None:
            numbered = [(one, run_ids.get(one.record, one.record.run_id)) for one in some]
            session.add_all(one.of_run(run_id) for one, run_id in numbered if run_id is not None)

        return await refused_rows(session, await _still_of_use(session, noted), write)

    def _tell_of(self, refused: Sequence[_Noted]) -> None:
        """What was refused twice is dropped; of a sample nobody but the operator needs to know."""
        for one in refused:
            _log.error("The database rejects this, so it is dropped: %r", one.row)
        torn = {one.record for one in refused if isinstance(one.row, StreamLog) and not one.record.is_log_torn}
        for record in torn:
            record.is_log_torn = True
            self.log(record, LogLevel.WARNING, Runs.INCOMPLETE_LOG())

    async def _take_over(self, session: AsyncSession) -> None:
        """Closes, before all else, the books on runs that an engine before us, in this place, could not."""
        if self._has_taken_over:
            return
        await RunStore(session).end_abandoned(self._engine, Runs.ABANDONED())

    async def _begin(self, session: AsyncSession, record: RunRecord) -> int:
        """Adds a run; gives its id, which holds once that is committed."""
        targets = (await record.playout.snapshot()).targets if record.playout else ()
        kept = await TargetStore(session).existing({target.target_id for target in targets})
        run = Run(
            stream_id=record.stream_id,
            generation=record.generation,
            engine=self._engine,
            pid=os.getpid(),
            started_at=record.began_at,
        )
        return await RunStore(session).begin(run, sorted(kept))

    async def _write_run(self, session: AsyncSession, record: RunRecord, run_id: int) -> _Written:
        """Writes the state of a run; returns what the database holds once that is committed."""
        runs = RunStore(session)
        snapshot = await record.playout.snapshot() if record.playout else None
        if snapshot and record.on_air_at is None:
            record.on_air_at = snapshot.on_air_since
        summary = _summary(record, snapshot)
        if summary != record.written.summary:
            await runs.write_summary(run_id, summary)
        live = _live_values(snapshot) if snapshot else {}
        cursor = live.get("cursor", record.written.cursor)
        if cursor == record.written.cursor:
            live.pop("cursor", None)  # it may be long, and changes with the item only
        await runs.write_live(run_id, live)
        for target in snapshot.targets if snapshot else ():
            await runs.write_target(run_id, target.target_id, _target_values(record, target))
        return _Written(summary, cursor)


async def _still_of_use(session: AsyncSession, noted: Sequence[_Noted]) -> list[_Noted]:
    """What is noted of streams and targets that have not been deleted."""
    streams = await StreamStore(session).existing({one.record.stream_id for one in noted})
    targets = await TargetStore(session).existing({one.target_id for one in noted})
    return [one for one in noted if one.record.stream_id in streams and one.target_id in {None, *targets}]


def _summary(record: RunRecord, snapshot: Snapshot | None) -> RunSummary:
    if snapshot is None:
        return RunSummary(RunStatus.STARTING, record.setback)
    on_air_at = record.on_air_at
    return RunSummary(
        status=_status(record, snapshot),
        reason=record.setback or snapshot.reason,
        on_air_at=on_air_at,
        start_seconds=max(0.0, (on_air_at - record.requested_at).total_seconds()) if on_air_at else None,
    )


def _live_values(snapshot: Snapshot) -> dict[str, object]:
    item, lineup_view = snapshot.item, snapshot.lineup_view
    place = {"cursor": lineup_view.cursor, "position_seconds": snapshot.position_seconds} if lineup_view.cursor else {}
    return {
        **place,
        "item_key": item.entry if item else "",
        "item_title": item.title if item else "",
        "item_link": item.link if item else "",
        "item_duration_seconds": item.duration_seconds if item else None,
        "next_title": lineup_view.next_title,
        "items_played": snapshot.items_played,
        "items_listed": snapshot.items_listed,
        "is_copy": snapshot.is_copy,
        "treatment": snapshot.treatment,
        "urls_expire_at": _moment(snapshot.urls_expire_at),
        "rerun_seconds": snapshot.rerun_seconds,
        "slate_seconds": snapshot.slate_seconds,
    }


def _target_values(record: RunRecord, target: TargetSnapshot) -> dict[str, object]:
    return {
        "state": _state(record, target),
        "reason": target.reason,
        "reconnects": target.status.reconnects,
        "missed_seconds": target.missed_seconds,
        "sent_seconds": target.sent_seconds,
    }


def _status(record: RunRecord, snapshot: Snapshot) -> RunStatus:
    """What it is doing; a run that is over and waits for the next one is on its way to air again."""
    if not record.setback:
        return snapshot.status
    return RunStatus.RECONNECTING if record.on_air_at else RunStatus.STARTING


def _state(record: RunRecord, target: TargetSnapshot) -> UplinkState:
    state = target.status.state
    return UplinkState.RETRYING if record.setback and state is not UplinkState.REFUSED else state


def _moment(unix_time: float | None) -> datetime | None:
    return datetime.fromtimestamp(unix_time, UTC) if unix_time is not None else None
