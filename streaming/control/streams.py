"""Streams as people ask for them: which one they mean, and what a wish writes into it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from streaming.control.limits import check_streams
from streaming.control.status import is_wanted
from streaming.model.errors import NeedsChoice, NotFound, UsageError
from streaming.model.states import DesiredState, EncodeMode, ServeMode, StreamSource
from streaming.model.text import clean
from streaming.settings import LimitsSettings
from streaming.storage.logs import LogStore
from streaming.storage.streams import StreamStore
from streaming.storage.tables import Stream, StreamLog, Target

DEMO = "demo"
TITLE_LIMIT = 100
DESCRIPTION_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, and in which guild."""

    guild_id: int
    user_id: int
    name: str

    def __post_init__(self) -> None:
        """People call themselves what they like, and their names stand in logs."""
        object.__setattr__(self, "name", clean(self.name))


@dataclass(frozen=True, slots=True)
class StartRequest:
    """What is to be on air, and where: `to` names targets, separated by commas, or nothing for the only one."""

    playlist: str
    mode: ServeMode = ServeMode.DIRECT
    to: str = ""
    title: str = ""
    description: str = ""
    shuffle: bool = False
    loop: bool = True
    encode: EncodeMode | None = None


def check_mode(mode: ServeMode) -> None:
    """Raises UsageError for modes that are not there yet."""
    if mode is not ServeMode.DIRECT:
        raise UsageError(f"The mode {mode.value!r} is not available yet.", hint="Use mode:direct.")


async def stream_of(
    session: AsyncSession, actor: Actor, playlist: str, chosen: Sequence[Target], limits: LimitsSettings
) -> Stream:
    """The stream that had this playlist on exactly these targets, or a new one.

    Raises WantedStateError when the guild may not have another one.
    """
    streams, target_ids = StreamStore(session), {target.id for target in chosen if target.id is not None}
    if found := await streams.of_playlist(actor.guild_id, playlist, target_ids):
        return found
    await check_streams(session, actor.guild_id, limits)
    stream = Stream(guild_id=actor.guild_id, owner_id=actor.user_id, title="", playlist_id=playlist)
    await streams.add(stream, target_ids)
    return stream


def want(stream: Stream, request: StartRequest, encode: EncodeMode, *, called: str = "") -> None:
    """Writes the request into the stream; what it does not say of title and description stays as it was.

    A new stream without a title is `called` like its playlist.
    """
    default = called or ("Demo" if stream.playlist_id == DEMO else f"Playlist {stream.playlist_id}")
    stream.title = shortened(request.title, TITLE_LIMIT) or stream.title or shortened(default, TITLE_LIMIT)
    stream.description = shortened(request.description, DESCRIPTION_LIMIT) or stream.description
    stream.source, stream.serve_mode = StreamSource.PLAYLIST, request.mode
    stream.is_shuffled, stream.is_looped = request.shuffle, request.loop
    stream.encode = request.encode or encode
    want_again(stream)


def want_again(stream: Stream) -> None:
    """Writes a new wish to be on air into the stream, as it is."""
    stream.desired_state = DesiredState.ON_AIR
    stream.generation += 1
    stream.requested_at = datetime.now(UTC)


async def note(session: AsyncSession, stream: Stream, message: str, actor: Actor) -> None:
    """Leaves a line in the stream's log: who did what. Only the newest lines are kept."""
    assert stream.id is not None
    await LogStore(session).add(StreamLog(stream_id=stream.id, message=message, actor_id=actor.user_id))


async def note_in_guild(session: AsyncSession, message: str, actor: Actor) -> None:
    """Leaves a line in the guild's log, where what was done is about no one stream, or about one that is gone."""
    await LogStore(session).add(StreamLog(guild_id=actor.guild_id, message=message, actor_id=actor.user_id))


async def stream_meant(session: AsyncSession, guild_id: int, text: str) -> Stream:
    """The stream somebody means by its number, its title, or nothing at all. Raises NotFound and NeedsChoice."""
    streams = await StreamStore(session).in_guild(guild_id)
    if not streams:
        raise NotFound("There are no streams yet.", hint="Start one with /stream start.")
    text = text.strip()
    found = _fitting(streams, text) if text else [s for s in streams if is_wanted(s)] or list(streams)
    if not found:
        raise NotFound(f"There is no stream {shortened(text, TITLE_LIMIT)!r}.", hint="See /stream list.")
    if len(found) > 1:
        titles = ", ".join(f"{stream.title!r} (#{stream.id})" for stream in found[:5])
        raise NeedsChoice(f"Several streams match: {titles}.", hint="Pick one with the stream option.")
    return found[0]


def _fitting(streams: Sequence[Stream], text: str) -> list[Stream]:
    by_number = [stream for stream in streams if f"#{stream.id}" == text]  # no title can stand in for that
    by_title = [stream for stream in streams if stream.title.casefold() == text.casefold()]
    return by_number or by_title or [stream for stream in streams if str(stream.id) == text]


def shortened(text: str, limit: int) -> str:
    """The text in at most `limit` characters, with spaces and line breaks collapsed."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
