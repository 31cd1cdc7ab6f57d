"""Desired state as the engine reads it: which streams are to be on air, how, and where to."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.model.errors import ConfigurationError
from streaming.model.profiles import DEFAULT_PROFILE, PROFILES
from streaming.model.states import DesiredState, UplinkState
from streaming.network.platforms import backup_url
from streaming.output.uplink import Destination
from streaming.playout.plan import Plan
from streaming.redaction.secrets import Secret
from streaming.storage.tables import QueueItem, Run, RunTarget, Stream, StreamTarget, Target
from streaming.storage.vault import Vault

_log = logging.getLogger(__name__)

_ALIKE_SECONDS = 1.0
"""What targets have sent is written once a second; within that they are where the first of them is."""


@dataclass(frozen=True, slots=True)
class DesiredStream:
    """A stream that somebody wants on air, and the wish to fulfil."""

    stream_id: int
    guild_id: int
    wish: int
    wished_at: datetime
    playlist: str
    plan: Plan


async def read_desired_streams(session: AsyncSession, vault: Vault, *, lead_seconds: float) -> dict[int, DesiredStream]:
    """The streams whose newest wish is to be on air and is not fulfilled yet, by id."""
    rows = await session.exec(
        select(Stream).where(
            col(Stream.desired_state) == DesiredState.ON_AIR, col(Stream.wish) > col(Stream.fulfilled_wish)
        )
    )
    streams = rows.all()
    destinations = await _destinations(session, [stream.id for stream in streams], vault)
    return {
        stream.id: _desired(stream, tuple(destinations.get(stream.id, ())), lead_seconds)
        for stream in streams
        if stream.id is not None
    }


async def resume_plan(session: AsyncSession, stream: DesiredStream) -> Plan:
    """The stream's plan, to go on where the last run for the same wish got to: engines end, wishes last.

    What people have removed from the queue stays removed for every wish.
    """
    removed = await session.exec(
        select(QueueItem.key).where(QueueItem.stream_id == stream.stream_id, col(QueueItem.is_removed))
    )
    plan = replace(stream.plan, removed=tuple(removed))
    last = await session.exec(
        select(Run)
        .where(Run.stream_id == stream.stream_id, Run.wish == stream.wish, col(Run.cursor) != "")
        .order_by(col(Run.id).desc())
        .limit(1)
    )
    run = last.first()
    if run is None:
        return plan
    behind = await _seconds_behind(session, run)
    destinations = tuple(replace(d, missed_seconds=behind.get(d.target_id, 0.0)) for d in plan.destinations)
    return replace(plan, cursor=run.cursor, position_seconds=run.position_seconds, destinations=destinations)


async def _seconds_behind(session: AsyncSession, run: Run) -> dict[int, float]:
    """How far each target was behind the first of them when a run ended: it goes on where that one was."""
    rows = await session.exec(
        select(RunTarget.target_id, RunTarget.sent_seconds).where(
            RunTarget.run_id == run.id, col(RunTarget.state).in_((UplinkState.LIVE, UplinkState.RETRYING))
        )
    )
    sent = {target_id: seconds for target_id, seconds in rows if seconds > 0}
    first_seconds = max(sent.values(), default=0.0)
    return {
        target_id: first_seconds - seconds
        for target_id, seconds in sent.items()
        if first_seconds - seconds > _ALIKE_SECONDS
    }


def _desired(stream: Stream, destinations: tuple[Destination, ...], lead_seconds: float) -> DesiredStream:
    assert stream.id is not None
    return DesiredStream(
        stream_id=stream.id,
        guild_id=stream.guild_id,
        wish=stream.wish,
        wished_at=stream.wished_at or datetime.now(UTC),
        playlist=stream.playlist_id,
        plan=Plan(
            title=stream.title,
            destinations=destinations,
            profile=PROFILES.get(stream.profile, PROFILES[DEFAULT_PROFILE]),
            encode=stream.encode,
            is_looped=stream.loop_enabled,
            is_shuffled=stream.shuffle_playlist,
            lead_seconds=lead_seconds,
        ),
    )


async def _destinations(
    session: AsyncSession, stream_ids: Sequence[int | None], vault: Vault
) -> dict[int, list[Destination]]:
    rows = await session.exec(
        select(StreamTarget.stream_id, Target)
        .join(Target, col(Target.id) == col(StreamTarget.target_id))
        .where(col(StreamTarget.stream_id).in_(stream_ids))
        .order_by(col(Target.id))
    )
    found: dict[int, list[Destination]] = {}
    for stream_id, target in rows:
        assert target.id is not None
        try:
            key = vault.decrypt(target.key_encrypted).reveal()
        except ConfigurationError as error:  # the others, and the other streams, must not suffer from it
            _log.error("The target %r cannot be used: %s", target.name, error)
            continue
        backup = backup_url(target.url)
        found.setdefault(stream_id, []).append(
            Destination(
                target.id, target.name, Secret(f"{target.url}/{key}"), Secret(f"{backup}/{key}") if backup else None
            )
        )
    return found
