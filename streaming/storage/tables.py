"""The tables that bot and engine share: desired state, actual state, commands and logs."""

from datetime import datetime

from pydantic import ConfigDict
from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from streaming.model.message import Message
from streaming.model.states import (
    CommandAction,
    CommandState,
    DesiredState,
    EncodeMode,
    LogLevel,
    RunStatus,
    ServeMode,
    StreamSource,
    TargetKind,
    UplinkState,
)
from streaming.storage.column_types import discord_id, message, now, one_of

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


_IDS_FOR_EVER = {"sqlite_autoincrement": True}
"""An id of a deleted row is never used again: cards in Discord that name it outlive the row."""


class _WithMessages(SQLModel):
    """What tables with columns of messages have in common."""

    model_config = ConfigDict(arbitrary_types_allowed=True)  # type: ignore[assignment]  # SQLModel adds table=


class Stream(SQLModel, table=True):
    """One channel on air, or wanted on air."""

    __table_args__ = _IDS_FOR_EVER

    id: int | None = Field(default=None, primary_key=True)
    guild_id: int = discord_id(index=True)
    owner_id: int = discord_id()
    title: str
    description: str = ""
    source: StreamSource = one_of(StreamSource, default=StreamSource.PLAYLIST)
    playlist_id: str
    serve_mode: ServeMode = one_of(ServeMode, default=ServeMode.DIRECT)
    is_shuffled: bool = False
    is_looped: bool = True
    encode: EncodeMode = one_of(EncodeMode, default=EncodeMode.AUTO)
    profile: str = "720p30"
    desired_state: DesiredState = one_of(DesiredState, default=DesiredState.OFF_AIR)
    generation: int = 0
    """Counts the requests to put this stream on air. Each run belongs to one of them."""
    requested_at: datetime | None = None
    """The time of the newest request."""
    observed_generation: int = 0
    """The newest generation that was played to its end. Only a newer one is started."""
    created_at: datetime = Field(default_factory=now)


class Target(SQLModel, table=True):
    """An ingest a guild may publish to; `key_encrypted` is a Fernet token."""

    __table_args__ = (UniqueConstraint("guild_id", "name"), _IDS_FOR_EVER)

    id: int | None = Field(default=None, primary_key=True)
    guild_id: int = discord_id(index=True)
    name: str
    kind: TargetKind = one_of(TargetKind, default=TargetKind.CUSTOM)
    url: str
    key_encrypted: str
    key_hint: str
    """The last four characters, for people to tell keys apart."""
    created_at: datetime = Field(default_factory=now)


class StreamTarget(SQLModel, table=True):
    """Which targets a stream publishes to."""

    __tablename__ = "stream_target"

    stream_id: int = Field(foreign_key="stream.id", ondelete="CASCADE", primary_key=True)
    target_id: int = Field(foreign_key="target.id", ondelete="CASCADE", primary_key=True)


class Run(_WithMessages, table=True):
    """One time on air: what is decided once, or seldom changes. The engine that plays it writes it."""

    id: int | None = Field(default=None, primary_key=True)
    stream_id: int = Field(foreign_key="stream.id", ondelete="CASCADE", index=True)
    generation: int
    status: RunStatus = one_of(RunStatus, default=RunStatus.STARTING)
    reason: Message = message(default=Message())
    """Why it ended, or what it waits for: a sentence for people."""
    engine: str = ""
    pid: int = 0
    started_at: datetime = Field(default_factory=now)
    on_air_at: datetime | None = None
    start_seconds: float | None = None
    """From the request to the first media at an ingest."""
    ended_at: datetime | None = Field(default=None, index=True)


class RunLive(_WithMessages, table=True):
    """The part of a run that changes every second, one row for each run.

    The rows are small, because a database that keeps old versions of a row copies all of it with each update.
    """

    __tablename__ = "run_live"

    run_id: int = Field(foreign_key="run.id", ondelete="CASCADE", primary_key=True)
    heartbeat_at: datetime = Field(default_factory=now)
    cursor: str = ""
    """The lineup's cursor, as JSON that only the lineup reads."""
    item_key: str = ""
    item_title: str = ""
    item_link: str = ""
    item_duration_seconds: float | None = None
    position_seconds: float = 0.0
    next_title: str = ""
    upcoming: str = ""
    """The keys of the next hundred items in order of play, as a JSON list."""
    items_played: int = 0
    items_listed: int = 0
    is_copy: bool | None = None
    treatment: Message = message(default=Message())
    """Why the item is copied or encoded: a clause for people."""
    urls_expire_at: datetime | None = None
    """When the URLs of the media being read expire, if that is known."""
    rerun_seconds: float = 0.0
    """How long earlier items filled in for items that were not ready."""
    slate_seconds: float = 0.0
    """How long the slate filled in."""


class RunTarget(_WithMessages, table=True):
    """One target's part in a run."""

    __tablename__ = "run_target"

    run_id: int = Field(foreign_key="run.id", ondelete="CASCADE", primary_key=True)
    target_id: int = Field(foreign_key="target.id", ondelete="CASCADE", primary_key=True)
    state: UplinkState = one_of(UplinkState, default=UplinkState.CONNECTING)
    reason: Message = message(default=Message())
    reconnects: int = 0
    missed_seconds: float = 0.0
    sent_seconds: float = 0.0


class Command(_WithMessages, table=True):
    """Something asked of a stream on air, or of any engine; taken by one engine, at most once."""

    id: int | None = Field(default=None, primary_key=True)
    stream_id: int | None = Field(default=None, foreign_key="stream.id", ondelete="CASCADE", index=True)
    target_id: int | None = Field(default=None, foreign_key="target.id", ondelete="CASCADE")
    guild_id: int | None = discord_id(default=None, nullable=True, index=True)
    """Where it is asked; none in what was written before this was kept."""
    action: CommandAction = one_of(CommandAction)
    argument: str = ""
    """The key of an item, or a playlist, depending on the action."""
    state: CommandState = one_of(CommandState, default=CommandState.WAITING)
    answer: Message = message(default=Message())
    requested_by: int = discord_id()
    requested_at: datetime = Field(default_factory=now)
    answered_at: datetime | None = None


class Sample(SQLModel, table=True):
    """One second of a run's health."""

    __table_args__ = (
        CheckConstraint("speed >= 0", name="speed_is_positive"),
        Index("ix_sample_run_id_target_id_taken_at", "run_id", "target_id", "taken_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    run_id: int | None = Field(default=None, foreign_key="run.id", ondelete="CASCADE", nullable=False)
    """None only until its run is written."""
    target_id: int | None = Field(default=None, foreign_key="target.id", ondelete="CASCADE")
    taken_at: datetime = Field(default_factory=now)
    speed: float = 0.0
    """Media seconds sent in a second of wall-clock time."""
    bitrate_kbps: float = 0.0
    lead_seconds: float = 0.0
    dropped_frames: int = 0
    is_slate: bool = False
    """Whether the slate was what viewers saw."""
    reconnects: int = 0
    """How often the target had to be connected to again by then, in this run."""


class StreamLog(_WithMessages, table=True):
    """What happened to a stream, or what somebody did that concerns all of a guild, in words for people."""

    __tablename__ = "stream_log"
    __table_args__ = (CheckConstraint("(stream_id IS NULL) <> (guild_id IS NULL)", name="is_about_one_thing"),)

    id: int | None = Field(default=None, primary_key=True)
    stream_id: int | None = Field(default=None, foreign_key="stream.id", ondelete="CASCADE", index=True)
    guild_id: int | None = discord_id(default=None, nullable=True, index=True)
    """Where it is about no one stream."""
    run_id: int | None = Field(default=None, foreign_key="run.id", ondelete="CASCADE", index=True)
    level: LogLevel = one_of(LogLevel, default=LogLevel.INFO)
    actor_id: int | None = discord_id(default=None, nullable=True)
    """Who did it, where somebody did."""
    message: Message = message()
    created_at: datetime = Field(default_factory=now)


class QueueItem(SQLModel, table=True):
    """One entry of a stream's list, as its engine knows it; `place` counts from 0 in the order of the list."""

    __tablename__ = "queue_item"

    stream_id: int = Field(foreign_key="stream.id", ondelete="CASCADE", primary_key=True)
    place: int = Field(primary_key=True)
    key: str
    title: str
    link: str = ""
    duration_seconds: float | None = None
    is_removed: bool = False
    """Taken out of the queue by somebody; the engine plays it no more."""


class Preview(SQLModel, table=True):
    """The last picture of a stream that somebody wanted to see."""

    stream_id: int = Field(foreign_key="stream.id", ondelete="CASCADE", primary_key=True)
    jpeg: bytes
    taken_at: datetime = Field(default_factory=now)


class SavedPlaylist(SQLModel, table=True):
    """A playlist a guild has a name for, or played lately."""

    __tablename__ = "saved_playlist"
    __table_args__ = (UniqueConstraint("guild_id", "playlist_id"),)

    id: int | None = Field(default=None, primary_key=True)
    guild_id: int = discord_id(index=True)
    playlist_id: str
    name: str = ""
    """Unique in the guild whatever its case; empty for one that was only played."""
    title: str = ""
    """What its owner calls it, where that is known."""
    items_listed: int | None = None
    listed_at: datetime | None = None
    used_at: datetime = Field(default_factory=now)


class GuildSettings(SQLModel, table=True):
    """What a guild has decided for itself."""

    __tablename__ = "guild_settings"

    guild_id: int = discord_id(primary_key=True)
    operator_role_id: int | None = discord_id(default=None, nullable=True)
    """Who has this role may run streams, as those who manage the server may."""
    alerts_channel_id: int | None = discord_id(default=None, nullable=True)
    """Where incidents are told."""
    language: str = ""
    """What panels and alerts are written in; empty for the guild's own locale."""


class DepartedGuild(SQLModel, table=True):
    """A guild that has removed the bot, and has not let it in again since."""

    __tablename__ = "departed_guild"

    guild_id: int = discord_id(primary_key=True)
    left_at: datetime = Field(default_factory=now)


class Panel(SQLModel, table=True):
    """The live message of a stream in a channel; without a message it is to be posted."""

    stream_id: int = Field(foreign_key="stream.id", ondelete="CASCADE", primary_key=True)
    guild_id: int = discord_id(index=True)
    channel_id: int = discord_id()
    message_id: int | None = discord_id(default=None, nullable=True)
    posted_at: datetime | None = None
    """When it was posted last; before the first time, when it was asked for."""
    problem: str = ""
    """Why it can no longer be updated; it is reported once."""


class Incident(SQLModel, table=True):
    """A time in which a stream was not what its viewers were promised, and the one message that tells of it."""

    id: int | None = Field(default=None, primary_key=True)
    stream_id: int = Field(foreign_key="stream.id", ondelete="CASCADE", index=True)
    guild_id: int = discord_id()
    channel_id: int = discord_id()
    message_id: int | None = discord_id(default=None, nullable=True)
    opened_at: datetime = Field(default_factory=now)
    ended_at: datetime | None = None
    description: str
    """The problem: a sentence for people."""
    times: int = 1
    """How often it happened: one, and one more each time it came back soon after its end."""
    slate_seconds_before: float = 0.0
    """The slate seconds of all the stream's runs when it began. What came later is the incident's."""
    missed_seconds_before: float = 0.0
    """The same for what targets missed."""


class EngineHeartbeat(SQLModel, table=True):
    """An engine that is running; from it the bot knows whether requests will be acted on."""

    __tablename__ = "engine_heartbeat"

    name: str = Field(primary_key=True)
    pid: int
    started_at: datetime = Field(default_factory=now)
    seen_at: datetime = Field(default_factory=now)
    version: str = ""


class Lease(SQLModel, table=True):
    """Which engine may publish something, and until when unless it renews."""

    name: str = Field(primary_key=True)
    holder: str
    expires_at: datetime
