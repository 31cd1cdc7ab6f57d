"""Modes and states that streams, runs, targets and commands can be in."""

from enum import StrEnum


class StreamSource(StrEnum):
    """Where a stream's items come from. `playlist_direct` is the short way to say `playlist` served `direct`."""

    MEDIA_FILES = "media_files"
    PLAYLIST = "playlist"
    PLAYLIST_DIRECT = "playlist_direct"


class ServeMode(StrEnum):
    """How a playlist's media reach the feeder."""

    DIRECT = "direct"
    DOWNLOAD = "download"
    HYBRID = "hybrid"


class EncodeMode(StrEnum):
    """When a stream's video is encoded again."""

    AUTO = "auto"
    ALWAYS = "always"
    COPY = "copy"


class DesiredState(StrEnum):
    """What people want of a stream."""

    ON_AIR = "on_air"
    OFF_AIR = "off_air"


class RunStatus(StrEnum):
    """How far a run is on its way to air and off it again."""

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
        """Whether the run has come to its end."""
        return self in (RunStatus.ENDED, RunStatus.STOPPED, RunStatus.FAILED)


class TargetKind(StrEnum):
    """The platforms whose ingest addresses are known, and any other."""

    YOUTUBE = "youtube"
    TWITCH = "twitch"
    KICK = "kick"
    FACEBOOK = "facebook"
    CUSTOM = "custom"
    LOCAL = "local"


class UplinkState(StrEnum):
    """How one target of a run is doing."""

    CONNECTING = "connecting"
    LIVE = "live"
    RETRYING = "retrying"
    REFUSED = "refused"
    ENDED = "ended"


class CommandAction(StrEnum):
    """What may be asked of an engine: of a stream on air, of a target, of a playlist."""

    SKIP = "skip"
    PREVIOUS = "previous"
    JUMP = "jump"
    PLAY_NEXT = "play_next"
    REMOVE = "remove"
    PREVIEW = "preview"
    TEST_TARGET = "test_target"
    LIST_PLAYLIST = "list_playlist"


class CommandState(StrEnum):
    """What became of a command."""

    WAITING = "waiting"
    TAKEN = "taken"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"


class LogLevel(StrEnum):
    """How much a line of a stream's log matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
