"""Desired state: which streams are to be on air, how, and on which targets."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.model.errors import ConfigurationError
from streaming.model.profiles import DEFAULT_PROFILE, PROFILES
from streaming.network.platforms import backup_url
from streaming.output.uplink import Destination
from streaming.playout.plan import Plan
from streaming.redaction.secrets import Secret
from streaming.storage.queue_items import QueueStore
from streaming.storage.runs import RunStore
from streaming.storage.streams import StreamStore
from streaming.storage.tables import Stream
from streaming.storage.targets import TargetStore
from streaming.storage.vault import Vault

_log = logging.getLogger(__name__)

_ALIKE_SECONDS = 1.0
"""What targets were sent is written once a second, so smaller differences mean nothing."""


@dataclass(frozen=True, slots=True)
class DesiredStream:
    """A stream to be on air, and the request it belongs to."""

    stream_id: int
    guild_id: int
    generation: int
    requested_at: datetime
    playlist: str
    plan: Plan


async def read_desired_streams(session: AsyncSession, vault: Vault, *, lead_seconds: float) -> dict[int, DesiredStream]:
    """The streams to be on air, by id."""
    streams = await StreamStore(session).wanted_on_air()
    destinations = await _destinations(session, [stream.id for stream in streams], vault)
    return {
        stream.id: _desired(stream, tuple(destinations.get(stream.id, ())), lead_seconds)
        for stream in streams
        if stream.id is not None
    }


async def resume_plan(session: AsyncSession, stream: DesiredStream) -> Plan:
    """The stream's plan, continued where the last run of the same generation ended.

    Items that people removed from the queue stay removed in later generations.
    """
    removed = await QueueStore(session, stream.stream_id).removed_keys()
    plan = replace(stream.plan, removed=tuple(removed))
    runs = RunStore(session)
    last = await runs.last_with_cursor(stream.stream_id, stream.generation)
    if last is None:
        return plan
    behind = _seconds_behind(await runs.sent_seconds(last.run_id))
    destinations = tuple(replace(d, missed_seconds=behind.get(d.target_id, 0.0)) for d in plan.destinations)
    return replace(plan, cursor=last.cursor, position_seconds=last.position_seconds, destinations=destinations)


def _seconds_behind(sent_seconds: Mapping[int, float]) -> dict[int, float]:
    """How far each target was behind the first one when a run ended. The run goes on where the first one was."""
    first_seconds = max(sent_seconds.values(), default=0.0)
    return {
        target_id: first_seconds - seconds
        for target_id, seconds in sent_seconds.items()
        if first_seconds - seconds > _ALIKE_SECONDS
    }


def _desired(stream: Stream, destinations: tuple[Destination, ...], lead_seconds: float) -> DesiredStream:
    assert stream.id is not None
    return DesiredStream(
        stream_id=stream.id,
        guild_id=stream.guild_id,
        generation=stream.generation,
        requested_at=stream.requested_at or datetime.now(UTC),
        playlist=stream.playlist_id,
        plan=Plan(
            title=stream.title,
            destinations=destinations,
            profile=PROFILES.get(stream.profile, PROFILES[DEFAULT_PROFILE]),
            encode=stream.encode,
            is_looped=stream.is_looped,
            is_shuffled=stream.is_shuffled,
            lead_seconds=lead_seconds,
        ),
    )


async def _destinations(
    session: AsyncSession, stream_ids: Sequence[int | None], vault: Vault
) -> dict[int, list[Destination]]:
    found: dict[int, list[Destination]] = {}
    for stream_id, target in await TargetStore(session).of_streams(stream_ids):
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
