"""Requests to start or edit a stream, and the columns of the stream that they change."""

from dataclasses import dataclass
from datetime import UTC, datetime

from streaming.model.errors import UsageError
from streaming.model.message import Message, Text, joined
from streaming.model.states import DesiredState, EncodeMode, ServeMode, StreamSource
from streaming.model.text import shortened
from streaming.services.messages import Edits, Streams
from streaming.services.playlists import DEMO
from streaming.storage.tables import Stream

TITLE_LIMIT = 100
DESCRIPTION_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class StartRequest:
    """A playlist to put on air. `to` has names of targets, separated by commas, or is empty for the only one."""

    playlist: str
    mode: ServeMode = ServeMode.DIRECT
    to: str = ""
    title: str = ""
    description: str = ""
    shuffle: bool = False
    loop: bool = True
    encode: EncodeMode | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """Edits to a stream; an empty field or None leaves the column as it is."""

    title: str = ""
    description: str = ""
    encode: EncodeMode | None = None
    shuffle: bool | None = None
    loop: bool | None = None


def check_mode(mode: ServeMode) -> None:
    """Raises UsageError for modes that are not there yet."""
    if mode is not ServeMode.DIRECT:
        raise UsageError(Streams.NO_SUCH_MODE(mode=mode.value), hint=Streams.USE_DIRECT())


def apply_start(stream: Stream, request: StartRequest, encode: EncodeMode, *, playlist_name: str = "") -> None:
    """Writes a request into the stream; an empty title or description leaves the stream's own.

    A new stream without a title is named after its playlist.
    """
    default = playlist_name or ("Demo" if stream.playlist_id == DEMO else f"Playlist {stream.playlist_id}")
    stream.title = shortened(request.title, TITLE_LIMIT) or stream.title or shortened(default, TITLE_LIMIT)
    stream.description = shortened(request.description, DESCRIPTION_LIMIT) or stream.description
    stream.source, stream.serve_mode = StreamSource.PLAYLIST, request.mode
    stream.is_shuffled, stream.is_looped = request.shuffle, request.loop
    stream.encode = request.encode or encode
    request_generation(stream)


def request_generation(stream: Stream) -> None:
    """Requests that the stream goes on air as it is, from the beginning."""
    stream.desired_state = DesiredState.ON_AIR
    stream.generation += 1
    stream.requested_at = datetime.now(UTC)


def changed_columns(edit: Edit) -> dict[str, str | bool]:
    """The new values of the columns that an edit changes, by the column's name."""
    values: dict[str, str | bool | None] = {
        "title": shortened(edit.title, TITLE_LIMIT) or None,
        "description": shortened(edit.description, DESCRIPTION_LIMIT) or None,
        "encode": edit.encode,
        "is_shuffled": edit.shuffle,
        "is_looped": edit.loop,
    }
    return {name: value for name, value in values.items() if value is not None}


_TEXTS = {"title": Edits.TITLE, "description": Edits.DESCRIPTION, "encode": Edits.ENCODE}
_SWITCHES: dict[tuple[str, bool], Text] = {
    ("is_shuffled", True): Edits.SHUFFLE_ON,
    ("is_shuffled", False): Edits.SHUFFLE_OFF,
    ("is_looped", True): Edits.LOOP_ON,
    ("is_looped", False): Edits.LOOP_OFF,
}


def describe_changes(columns: dict[str, str | bool]) -> Message:
    """The changes as a clause for the log."""
    return joined([_change(name, value) for name, value in columns.items()], Edits.COMMA)


def _change(column: str, value: str | bool) -> Message:  # noqa: FBT001  (any value a column may have)
    if isinstance(value, bool):
        return _SWITCHES[column, value]()
    return _TEXTS[column](value=shortened(value, TITLE_LIMIT))
