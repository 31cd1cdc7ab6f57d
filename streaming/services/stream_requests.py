"""Requests to start or edit a stream, and the columns of the stream that they change."""

from dataclasses import dataclass
from datetime import UTC, datetime

from streaming.model.errors import UsageError
from streaming.model.states import DesiredState, EncodeMode, ServeMode, StreamSource
from streaming.model.text import shortened
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
    """Changes to a stream; an empty field or None leaves the column as it is."""

    title: str = ""
    description: str = ""
    encode: EncodeMode | None = None
    shuffle: bool | None = None
    loop: bool | None = None


def check_mode(mode: ServeMode) -> None:
    """Raises UsageError for modes that are not there yet."""
    if mode is not ServeMode.DIRECT:
        raise UsageError(f"The mode {mode.value!r} is not available yet.", hint="Use mode:direct.")


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


_COLUMN_WORDS = {
    "title": "its title to",
    "description": "its description to",
    "encode": "encode to",
    "is_shuffled": "shuffle",
    "is_looped": "loop",
}


def describe_changes(columns: dict[str, str | bool]) -> str:
    """The changes as a clause for the log."""
    return ", ".join(f"{_COLUMN_WORDS[name]} {_shown(value)}" for name, value in columns.items())


def _shown(value: str | bool) -> str:  # noqa: FBT001  (any value a column may have)
    return ("on" if value else "off") if isinstance(value, bool) else f"“{shortened(value, TITLE_LIMIT)}”"
