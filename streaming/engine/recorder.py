"""The recorder writes what is: runs, their targets, samples and log lines, in batches of a second or on a change."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.command_line import log_about
from streaming.database import Database
from streaming.engine.queue import QueueWritten, write_queue
from streaming.engine.sampling import Sampler
from streaming.models import LogLevel, Run, RunStatus, RunTarget, Sample, StreamLog
from streaming.playout.playout import Playout, Snapshot

_log = logging.getLogger(__name__)

_PERIOD_SECONDS = 1.0
_COALESCED_SECONDS = 0.05
"""Changes come in bursts; one write tells of all of them."""
_PRUNE_SECONDS = 30.0
_PRUNED_SAMPLES = 10_000
"""Few enough that nobody has to wait for it, and as many as 300 targets leave in that time."""
_KEPT_SAMPLES = timedelta(hours=24)
_KEPT_LOG_LINES = 2000
_MOST_NOTED = 20_000
"""While the database is away, so many lines and samples wait for it."""


@dataclass(eq=False, slots=True)
class RunRecord:
    """What is recorded of one run while it lasts."""

    run_id: int
    stream_id: int
    wished_at: datetime
    playout: Playout
    on_air_at: datetime | None = None
    sampler: Sampler = field(init=False)
    queue: QueueWritten = field(default_factory=QueueWritten)

    def __post_init__(self) -> None:
        self.sampler = Sampler(self.run_id)


class Recorder:
    """Owns all that an engine writes about its runs."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._records: set[RunRecord] = set()
        self._noted: list[StreamLog | Sample] = []
        self._turn = asyncio.Lock()
        self._changed = asyncio.Event()
        self._pruned_at = 0.0

    async def run(self) -> None:
        """Writes until cancelled."""
        sampled_at = 0.0
        while True:
            is_due = time.monotonic() - sampled_at >= _PERIOD_SECONDS
            sampled_at = time.monotonic() if is_due else sampled_at
            if is_due:
                self._take_samples()
            try:
                await self._database.patiently(self._write)
            except Exception:  # noqa: BLE001  (one fault must not end all accounts)
                _log.exception("What is on air could not be written down")
            await self._until_worth_writing()

    def change(self) -> None:
        """Something is worth writing at once."""
        self._changed.set()

    def log(self, stream_id: int, run_id: int | None, level: LogLevel, message: str) -> None:
        """Notes a line for a stream's log."""
        with log_about(f"stream {stream_id}"):
            _log.log(getattr(logging, level.name), "%s", message)
        self._note(StreamLog(stream_id=stream_id, run_id=run_id, level=level, message=message))
        self._changed.set()

    def follow(self, record: RunRecord) -> None:
        """Records a run from now on."""
        self._records.add(record)
        self._changed.set()

    async def close(self, record: RunRecord, status: RunStatus, reason: str) -> None:
        """Writes how a run ended."""
        self._records.discard(record)
        await self._database.patiently(lambda: self._write_end(record, status, reason))

    async def _write_end(self, record: RunRecord, status: RunStatus, reason: str) -> None:
        async with self._transaction() as session:
            await self._write_run(session, record)
            await session.exec(
                update(Run)
                .where(col(Run.id) == record.run_id)
                .values(status=status, reason=reason, ended_at=datetime.now(UTC))
            )

    async def _until_worth_writing(self) -> None:
        try:
            async with asyncio.timeout(_PERIOD_SECONDS):
                await self._changed.wait()
            await asyncio.sleep(_COALESCED_SECONDS)
        except TimeoutError:
            pass
        self._changed.clear()

    def _note(self, row: StreamLog | Sample) -> None:
        """Keeps a row until it is written."""
        self._noted.append(row)
        del self._noted[:-_MOST_NOTED]

    def _take_samples(self) -> None:
        for record in self._records:
            for sample in record.sampler.take(record.playout.snapshot(), time.monotonic()):
                self._note(sample)

    async def write(self) -> None:
        """Writes what there is at once, so that whoever asked for a change finds it."""
        await self._database.patiently(self._write)

    async def _write(self) -> None:
        if not self._records and not self._noted:
            return
        records, queues = tuple(self._records), list[QueueWritten]()
        async with self._transaction() as session:
            for record in records:
                await self._write_run(session, record)
                queues.append(await write_queue(session, record.stream_id, record.run_id, record.playout, record.queue))
            await self._prune(session)
        for record, queue in zip(records, queues, strict=True):  # now it is surely written
            record.queue = queue
            if queue.is_behind(record.playout):
                self._changed.set()

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncSession]:
        """One at a time, with what is noted until its end; that stays noted when it fails."""
        async with self._turn, self._database.session() as session:
            yield session
            rows = self._noted.copy()  # more may come while these are written
            # Copies, because a transaction that fails leaves its ids on what it was given.
            session.add_all(type(row)(**row.model_dump()) for row in rows)
            await session.commit()
            del self._noted[: len(rows)]

    async def _write_run(self, session: AsyncSession, record: RunRecord) -> None:
        snapshot = record.playout.snapshot()
        if record.on_air_at is None and snapshot.on_air_since is not None:
            record.on_air_at = snapshot.on_air_since
        await session.exec(update(Run).where(col(Run.id) == record.run_id).values(**_run_values(record, snapshot)))
        for target in snapshot.targets:
            await session.exec(
                update(RunTarget)
                .where(
                    col(RunTarget.run_id) == record.run_id,
                    col(RunTarget.target_id) == target.destination.target_id,
                )
                .values(
                    state=target.status.state,
                    reason=target.reason,
                    reconnects=target.status.reconnects,
                    missed_seconds=target.missed_seconds,
                    sent_seconds=target.sent_seconds,
                )
            )

    async def _prune(self, session: AsyncSession) -> None:
        """Keeps the newest lines of each stream and a day of samples; ids ascend with time."""
        if time.monotonic() - self._pruned_at < _PRUNE_SECONDS:
            return
        self._pruned_at = time.monotonic()
        for record in self._records:
            kept = select(StreamLog.id).where(StreamLog.stream_id == record.stream_id)
            oldest = kept.order_by(col(StreamLog.id).desc()).offset(_KEPT_LOG_LINES).limit(1).scalar_subquery()
            await session.exec(
                delete(StreamLog).where(col(StreamLog.stream_id) == record.stream_id, col(StreamLog.id) <= oldest)
            )
        first = select(Sample.id, Sample.taken_at).order_by(col(Sample.id)).limit(_PRUNED_SAMPLES).subquery()
        old = select(first.c.id).where(first.c.taken_at < datetime.now(UTC) - _KEPT_SAMPLES)
        await session.exec(delete(Sample).where(col(Sample.id).in_(old)))


def _run_values(record: RunRecord, snapshot: Snapshot) -> dict[str, object]:
    item = snapshot.item
    start_seconds = max(0.0, (record.on_air_at - record.wished_at).total_seconds()) if record.on_air_at else None
    outlook = snapshot.outlook
    place = {"cursor": outlook.cursor, "position_seconds": snapshot.position_seconds} if outlook.cursor else {}
    return {
        **place,
        "status": snapshot.status,
        "reason": snapshot.reason,
        "on_air_at": record.on_air_at,
        "start_seconds": start_seconds,
        "heartbeat_at": datetime.now(UTC),
        "item_key": item.key if item else "",
        "item_title": item.title if item else "",
        "item_link": item.link if item else "",
        "item_duration_seconds": item.duration_seconds if item else None,
        "next_title": outlook.next_title,
        "items_played": snapshot.items_played,
        "items_listed": snapshot.items_listed,
        "is_copy": snapshot.is_copy,
        "treatment": snapshot.treatment,
        "urls_expire_at": _moment(snapshot.urls_expire_at),
        "rerun_seconds": snapshot.rerun_seconds,
        "slate_seconds": snapshot.slate_seconds,
    }


def _moment(unix_time: float | None) -> datetime | None:
    return datetime.fromtimestamp(unix_time, UTC) if unix_time is not None else None
