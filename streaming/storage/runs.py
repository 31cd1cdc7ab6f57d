"""Runs as rows: what an engine writes of them, and what is read from them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.model.message import NOTHING, Message
from streaming.model.states import RunStatus, UplinkState
from streaming.storage.column_types import now
from streaming.storage.tables import Incident, Run, RunLive, RunTarget, Stream

_REOPENED_WITHIN = timedelta(hours=1)
"""An incident that ended a short while ago may begin again, and counts what was lost since its first beginning."""


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """Both rows of a run."""

    run: Run
    live: RunLive


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What of a run that lasts seldom changes."""

    status: RunStatus
    reason: Message = NOTHING
    on_air_at: datetime | None = None
    start_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Losses:
    """What a stream's viewers did not get, over all its runs: slate instead of items, and the most a target missed."""

    slate_seconds: float
    missed_seconds: float


class RunStore:
    """Reads and writes runs in the transaction of a session."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def begin(self, run: Run, target_ids: Iterable[int]) -> int:
        """Adds a run on these targets; gives its id, which holds once the transaction is committed."""
        self._session.add(run)
        await self._session.flush()
        assert run.id is not None
        run_id = run.id
        self._session.add(RunLive(run_id=run_id))
        self._session.add_all(RunTarget(run_id=run_id, target_id=target_id) for target_id in target_ids)
        await self._session.flush()
        await self._forget_places(run)
        return run_id

    async def _forget_places(self, run: Run) -> None:
        """Clears the places that nothing resumes: a cursor may have a hundred kilobytes."""
        resumable = await self.last_with_cursor(run.stream_id, run.generation)
        older = select(Run.id).where(Run.stream_id == run.stream_id)
        if resumable:
            older = older.where(col(Run.id) != resumable.run_id)
        rows = (col(RunLive.run_id).in_(older), col(RunLive.cursor) != "")
        await self._session.exec(update(RunLive).where(*rows).values(cursor="", upcoming=""))

    async def forget(self, ended_before: datetime, at_most: int) -> None:
        """Deletes old runs with their log lines, but for the newest of each stream and those of recent incidents."""
        newest = select(func.max(Run.id)).group_by(col(Run.stream_id))
        in_trouble = select(Incident.stream_id).where(
            col(Incident.ended_at).is_(None) | (col(Incident.ended_at) > now() - _REOPENED_WITHIN)
        )
        is_old = (col(Run.ended_at) < ended_before, col(Run.id).not_in(newest), col(Run.stream_id).not_in(in_trouble))
        oldest = select(Run.id).where(*is_old).order_by(col(Run.id)).limit(at_most)
        await self._session.exec(delete(Run).where(col(Run.id).in_(oldest)))

    async def write_summary(self, run_id: int, summary: RunSummary) -> None:
        """Updates what seldom changes."""
        await self._session.exec(
            update(Run)
            .where(col(Run.id) == run_id)
            .values(
                status=summary.status,
                reason=summary.reason,
                on_air_at=summary.on_air_at,
                start_seconds=summary.start_seconds,
            )
        )

    async def write_live(self, run_id: int, values: Mapping[str, object]) -> None:
        """Updates columns of `run_live`, and the heartbeat."""
        alive = {**values, "heartbeat_at": now()}
        await self._session.exec(update(RunLive).where(col(RunLive.run_id) == run_id).values(**alive))

    async def write_target(self, run_id: int, target_id: int, values: Mapping[str, object]) -> None:
        """Updates columns of `run_target`."""
        row = (col(RunTarget.run_id) == run_id, col(RunTarget.target_id) == target_id)
        await self._session.exec(update(RunTarget).where(*row).values(**values))

    async def end(self, run_id: int, status: RunStatus, reason: Message) -> None:
        """Ends a run."""
        ended = {"status": status, "reason": reason, "ended_at": now()}
        await self._session.exec(update(Run).where(col(Run.id) == run_id).values(**ended))

    async def end_abandoned(self, engine: str, reason: Message) -> None:
        """Ends the runs that an earlier process of the engine left open."""
        abandoned = (col(Run.engine) == engine, col(Run.ended_at).is_(None))
        ended = {"status": RunStatus.STOPPED, "reason": reason, "ended_at": now()}
        await self._session.exec(update(Run).where(*abandoned).values(**ended))

    async def newest(self, stream_ids: Sequence[int | None]) -> dict[int | None, RecordedRun]:
        """The newest run of each stream's present generation."""
        newest = (
            select(func.max(Run.id))
            .join(Stream, (col(Stream.id) == Run.stream_id) & (col(Stream.generation) == Run.generation))
            .where(col(Run.stream_id).in_(stream_ids))
            .group_by(col(Run.stream_id))
        )
        rows = select(Run, RunLive).join(RunLive, col(RunLive.run_id) == Run.id).where(col(Run.id).in_(newest))
        return {run.stream_id: RecordedRun(run, live) for run, live in await self._session.exec(rows)}

    async def last_with_cursor(self, stream_id: int, generation: int) -> RunLive | None:
        """The newest run of a generation that got as far as to have a place in its lineup."""
        last = (
            select(RunLive)
            .join(Run, col(Run.id) == RunLive.run_id)
            .where(Run.stream_id == stream_id, Run.generation == generation, RunLive.cursor != "")
            .order_by(col(Run.id).desc())
            .limit(1)
        )
        return (await self._session.exec(last)).first()

    async def upcoming(self, stream_id: int | None, generation: int) -> str:
        """What comes next in the newest run of a generation, as `RunLive.upcoming` holds it."""
        newest = (
            select(RunLive.upcoming)
            .join(Run, col(Run.id) == RunLive.run_id)
            .where(Run.stream_id == stream_id, Run.generation == generation)
            .order_by(col(Run.id).desc())
            .limit(1)
        )
        return (await self._session.exec(newest)).first() or "[]"

    async def targets(self, run_ids: Collection[int | None]) -> Sequence[RunTarget]:
        """The targets' parts in these runs."""
        return (await self._session.exec(select(RunTarget).where(col(RunTarget.run_id).in_(run_ids)))).all()

    async def sent_seconds(self, run_id: int) -> dict[int, float]:
        """How much each target of a run was sent, for those that could be sent to at its end."""
        reached = (RunTarget.run_id == run_id, col(RunTarget.state).in_((UplinkState.LIVE, UplinkState.RETRYING)))
        rows = await self._session.exec(select(RunTarget.target_id, RunTarget.sent_seconds).where(*reached))
        return {target_id: seconds for target_id, seconds in rows if seconds > 0}

    async def losses(self, stream_id: int) -> Losses:
        """Sums up a stream's runs."""
        slate = (
            select(func.coalesce(func.sum(RunLive.slate_seconds), 0.0))
            .join(Run, col(Run.id) == RunLive.run_id)
            .where(Run.stream_id == stream_id)
        )
        of_target = (
            select(func.sum(RunTarget.missed_seconds).label("missed"))
            .join(Run, col(Run.id) == RunTarget.run_id)
            .where(Run.stream_id == stream_id)
            .group_by(col(RunTarget.target_id))
            .subquery()
        )
        missed = select(func.coalesce(func.max(of_target.c.missed), 0.0))
        return Losses((await self._session.exec(slate)).one(), (await self._session.exec(missed)).one())
