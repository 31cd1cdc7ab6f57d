"""The state of streams as plain values: the requested state, joined with what the engine recorded."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.model.message import NOTHING, Message, Text
from streaming.model.states import DesiredState, EncodeMode, ServeMode, TargetKind, UplinkState
from streaming.services.messages import Engines, States
from streaming.storage.engines import EngineStore
from streaming.storage.panels import PanelStore
from streaming.storage.runs import RecordedRun, RunStore
from streaming.storage.samples import SampleStore
from streaming.storage.tables import Run, RunTarget, Stream, Target
from streaming.storage.targets import TargetStore

ENGINE_SILENT_AFTER = timedelta(seconds=10)


class StreamState(StrEnum):
    """The state of a stream."""

    OFF_AIR = auto()
    NO_ENGINE = auto()
    WAITING = auto()
    STARTING = auto()
    LISTING = auto()
    RESOLVING = auto()
    CONNECTING = auto()
    ON_AIR = auto()
    SLATE = auto()
    RECONNECTING = auto()
    STOPPING = auto()
    ENDED = auto()
    STOPPED = auto()
    FAILED = auto()

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens until somebody requests it."""
        return self in (StreamState.OFF_AIR, StreamState.ENDED, StreamState.STOPPED, StreamState.FAILED)

    @property
    def is_playing(self) -> bool:
        """Whether viewers see a picture."""
        return self in (StreamState.ON_AIR, StreamState.SLATE, StreamState.RECONNECTING)


STATE_TEXTS: Final[Mapping[StreamState, Text]] = {
    StreamState.OFF_AIR: States.OFF_AIR,
    StreamState.NO_ENGINE: States.NO_ENGINE,
    StreamState.WAITING: States.WAITING,
    StreamState.STARTING: States.STARTING,
    StreamState.LISTING: States.LISTING,
    StreamState.RESOLVING: States.RESOLVING,
    StreamState.CONNECTING: States.CONNECTING,
    StreamState.ON_AIR: States.ON_AIR,
    StreamState.SLATE: States.SLATE,
    StreamState.RECONNECTING: States.RECONNECTING,
    StreamState.STOPPING: States.STOPPING,
    StreamState.ENDED: States.ENDED,
    StreamState.STOPPED: States.STOPPED,
    StreamState.FAILED: States.FAILED,
}
"""What people read of each state: a clause."""


@dataclass(frozen=True, slots=True)
class NowPlaying:
    """The item on air; positions and durations in seconds."""

    title: str
    link: str
    position_seconds: float
    duration_seconds: float | None


@dataclass(frozen=True, slots=True)
class TargetStatus:
    """One target of a stream; `state` is None if no run has used the target."""

    name: str
    kind: TargetKind
    state: UplinkState | None = None
    reason: Message = NOTHING
    reconnects: int = 0
    missed_seconds: float = 0.0
    sent_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Health:
    """The newest second of a run; `speed` is in media seconds sent per second, `lead_seconds` is the feeder's lead."""

    speed: float
    bitrate_kbps: float
    lead_seconds: float


@dataclass(frozen=True, slots=True)
class StreamStatus:
    """The state of one stream, as cards show it."""

    stream_id: int
    generation: int
    title: str
    description: str
    playlist: str
    mode: ServeMode
    encode: EncodeMode
    profile: str
    is_looped: bool
    is_shuffled: bool
    state: StreamState
    reason: Message = NOTHING
    targets: tuple[TargetStatus, ...] = ()
    now_playing: NowPlaying | None = None
    next_title: str = ""
    items_played: int = 0
    items_listed: int = 0
    is_copy: bool | None = None
    treatment: Message = NOTHING
    """Why the item is copied or encoded, as a clause."""
    urls_expire_at: datetime | None = None
    on_air_at: datetime | None = None
    start_seconds: float | None = None
    """From the request to the first media at an ingest."""
    ended_at: datetime | None = None
    engine: str = ""
    rerun_seconds: float = 0.0
    slate_seconds: float = 0.0
    health: Health | None = None
    has_lost_panel: bool = False
    """Whether its panel cannot be updated any more and has to be requested again."""

    @property
    def is_settled(self) -> bool:
        """Whether the start is complete: the stream is on air, or over."""
        return self.state.is_playing or self.state.is_over


def is_wanted(stream: Stream) -> bool:
    """Whether a stream is to be on air: requested, and not yet played to its end."""
    return stream.desired_state is DesiredState.ON_AIR and stream.generation > stream.observed_generation


async def is_engine_there(session: AsyncSession) -> bool:
    """Whether an engine has sent a heartbeat lately, by the database's clock."""
    return bool(await EngineStore(session).alive(ENGINE_SILENT_AFTER))


async def read_status(session: AsyncSession, stream: Stream) -> StreamStatus:
    return (await read_statuses(session, [stream]))[0]


async def read_statuses(session: AsyncSession, streams: Sequence[Stream]) -> list[StreamStatus]:
    """The state of each of the streams, in their order."""
    has_engine = await is_engine_there(session)
    ids = [stream.id for stream in streams]
    runs = await RunStore(session).newest(ids)
    targets = await _targets(session, ids, runs.values())
    healths = await _healths(session, [each.run.id for each in runs.values()])
    without_panel = await PanelStore(session).with_problem()
    statuses = [
        _joined(stream, runs.get(stream.id), tuple(targets.get(stream.id, ())), healths, has_engine=has_engine)
        for stream in streams
    ]
    return [replace(status, has_lost_panel=status.stream_id in without_panel) for status in statuses]


def _joined(
    stream: Stream,
    recorded: RecordedRun | None,
    targets: tuple[TargetStatus, ...],
    healths: dict[int | None, Health],
    *,
    has_engine: bool,
) -> StreamStatus:
    assert stream.id is not None
    run = recorded.run if recorded else None
    state = _state(stream, run, has_engine=has_engine)
    is_alive = not state.is_over and state is not StreamState.NO_ENGINE
    status = StreamStatus(
        stream_id=stream.id,
        generation=stream.generation,
        title=stream.title,
        description=stream.description,
        playlist=stream.playlist_id,
        mode=stream.serve_mode,
        encode=stream.encode,
        profile=stream.profile,
        is_looped=stream.is_looped,
        is_shuffled=stream.is_shuffled,
        state=state,
        reason=Engines.NOT_RUNNING() if state is StreamState.NO_ENGINE else run.reason if run else NOTHING,
        targets=targets if is_alive else tuple(map(_without_run, targets)),
    )
    return _with_run(status, recorded, healths.get(recorded.run.id)) if recorded else status


def _with_run(status: StreamStatus, recorded: RecordedRun, health: Health | None) -> StreamStatus:
    run, live = recorded.run, recorded.live
    playing = NowPlaying(live.item_title, live.item_link, live.position_seconds, live.item_duration_seconds)
    return replace(
        status,
        now_playing=playing if live.item_key and not status.state.is_over else None,
        next_title=live.next_title,
        items_played=live.items_played,
        items_listed=live.items_listed,
        is_copy=live.is_copy,
        treatment=live.treatment,
        urls_expire_at=live.urls_expire_at,
        on_air_at=run.on_air_at,
        start_seconds=run.start_seconds,
        ended_at=run.ended_at,
        engine=run.engine,
        rerun_seconds=live.rerun_seconds,
        slate_seconds=live.slate_seconds,
        health=health,
    )


def _state(stream: Stream, run: Run | None, *, has_engine: bool) -> StreamState:
    if run and run.status.is_over:
        return StreamState[run.status.name]
    if is_wanted(stream):
        if not has_engine:
            return StreamState.NO_ENGINE
        return StreamState[run.status.name] if run else StreamState.WAITING
    if run:
        return StreamState.STOPPING if has_engine else StreamState.STOPPED
    return StreamState.OFF_AIR


async def _targets(
    session: AsyncSession, stream_ids: Sequence[int | None], runs: Collection[RecordedRun]
) -> dict[int | None, list[TargetStatus]]:
    streams = {each.run.id: each.run.stream_id for each in runs}
    uplinks = await RunStore(session).targets(streams)
    found = {(streams[uplink.run_id], uplink.target_id): uplink for uplink in uplinks}
    rows = await TargetStore(session).of_streams(stream_ids)
    statuses: dict[int | None, list[TargetStatus]] = {}
    for stream_id, target in sorted(rows, key=lambda row: row[1].name):
        statuses.setdefault(stream_id, []).append(_target_status(target, found.get((stream_id, target.id or 0))))
    return statuses


def _target_status(target: Target, uplink: RunTarget | None) -> TargetStatus:
    status = TargetStatus(target.name, target.kind)
    if uplink is None:
        return status
    return replace(
        status,
        state=uplink.state,
        reason=uplink.reason,
        reconnects=uplink.reconnects,
        missed_seconds=uplink.missed_seconds,
        sent_seconds=uplink.sent_seconds,
    )


def _without_run(target: TargetStatus) -> TargetStatus:
    """The state of a target after its run: a refusal explains the end and stays, anything else has ended."""
    is_refused = target.state in (None, UplinkState.REFUSED)
    return target if is_refused else replace(target, state=UplinkState.ENDED, reason=NOTHING)


async def _healths(session: AsyncSession, run_ids: Sequence[int | None]) -> dict[int | None, Health]:
    """The newest second of each run, at its fastest target, which sets the pace."""
    samples = await SampleStore(session).newest(run_ids)
    return {s.run_id: Health(s.speed, s.bitrate_kbps, s.lead_seconds) for s in samples}


def playing_order(status: StreamStatus) -> tuple[bool, bool, str]:
    """The sort key of lists: streams on air first, then those starting or stopping, then by title."""
    return (not status.state.is_playing, status.state.is_over, status.title.casefold())
