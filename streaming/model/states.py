"""Modes and states of streams, runs, targets and commands."""

from enum import StrEnum


class StreamSource(StrEnum):
    """The source of a stream's items. `playlist_direct` abbreviates `playlist` in mode `direct`."""

    MEDIA_FILES = "media_files"
    PLAYLIST = "playlist"
    PLAYLIST_DIRECT = "playlist_direct"


class ServeMode(StrEnum):
    """How a playlist's media reach the feeder."""

    DIRECT = "direct"
    DOWNLOAD = "download"
    HYBRID = "hybrid"


class EncodeMode(StrEnum):
    """When a stream's video is encoded."""

    AUTO = "auto"
    ALWAYS = "always"
    COPY = "copy"


class DesiredState(StrEnum):
    """The state that people want for a stream."""

    ON_AIR = "on_air"
    OFF_AIR = "off_air"


class RunStatus(StrEnum):
    """The progress of a run to air and off it."""

    STARTING = "starting"
    LISTING = "listing"
    RESOLVING = "resolving"
    CONNECTING = "connecting"
    ON_AIR = "on_air"
    SLATE = "slate"
    RECONNECTING = "reconnecting"
    ENDED = "ended"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def is_over(self) -> bool:
        return self in (RunStatus.ENDED, RunStatus.STOPPED, RunStatus.FAILED)


class TargetKind(StrEnum):
    """The platforms with known ingest addresses, and any other."""

    YOUTUBE = "youtube"
    TWITCH = "twitch"
    KICK = "kick"
    FACEBOOK = "facebook"
    CUSTOM = "custom"
    LOCAL = "local"


class UplinkState(StrEnum):
    """The state of one target of a run."""

    CONNECTING = "connecting"
    LIVE = "live"
    RETRYING = "retrying"
    REFUSED = "refused"
    ENDED = "ended"


class CommandAction(StrEnum):
    """Commands to an engine: for a stream on air, a target or a playlist."""

    SKIP = "skip"
    PREVIOUS = "previous"
    JUMP = "jump"
    PLAY_NEXT = "play_next"
    REMOVE = "remove"
    PREVIEW = "preview"
    TEST_TARGET = "test_target"
    LIST_PLAYLIST = "list_playlist"


class CommandState(StrEnum):
    """The progress of a command."""

    WAITING = "waiting"
    TAKEN = "taken"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"


class LogLevel(StrEnum):
    """The severity of a line in a stream's log."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
