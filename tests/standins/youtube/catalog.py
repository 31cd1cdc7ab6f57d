"""What the stand-in knows: videos, playlists, and the faults it was told to make."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from tests.standins.youtube.media import ClipFiles


class VideoState(StrEnum):
    """What a viewer meets when opening a video."""

    PUBLIC = "public"
    LIVE = "live"
    UPCOMING = "upcoming"
    PRIVATE = "private"
    DELETED = "deleted"
    TERMINATED = "terminated"
    UNAVAILABLE = "unavailable"
    MEMBERS_ONLY = "members_only"
    AGE_GATED = "age_gated"
    GEO_BLOCKED = "geo_blocked"
    RENTAL = "rental"


class Layout(StrEnum):
    """How a playlist page is written: as since mid-2026, or as before."""

    LOCKUP = "lockup"
    RENDERER = "renderer"


class Fault(StrEnum):
    """What can go wrong with one answer, beside a plain HTTP status."""

    RESET = "reset"
    STALL = "stall"
    SHORT = "short"
    CHANGED_LENGTH = "changed_length"


@dataclass(frozen=True, slots=True)
class Video:
    """One video; `files` are shared by all videos made of one clip."""

    id: str
    title: str
    state: VideoState = VideoState.PUBLIC
    files: ClipFiles | None = None
    only_muxed: bool = False
    preroll_seconds: int = 0

    @property
    def duration_seconds(self) -> float:
        """The running time, 0 without a clip."""
        return self.files.duration_seconds if self.files else 0.0


@dataclass(frozen=True, slots=True)
class PlaylistPage:
    """A playlist and the ids in it."""

    id: str
    title: str
    video_ids: tuple[str, ...]


@dataclass(slots=True)
class PlannedFault:
    """A fault that waits for its request; `effect` is an HTTP status or a Fault."""

    request: str
    effect: int | Fault
    video_id: str | None = None
    itag: int | None = None
    client: str | None = None
    at_byte: int | None = None
    times: int = 1


@dataclass(frozen=True, slots=True)
class RangeRead:
    """One answered request for media: the bytes asked for (`end` included) and what was answered."""

    video_id: str
    itag: int
    start: int
    end: int
    status: int


@dataclass(slots=True)
class Behaviour:
    """What can be changed while the stand-in runs."""

    latency_seconds: float = 0.0
    url_life_seconds: float = 6 * 3600.0
    pace_bytes_per_second: float = 0.0
    layout: Layout = Layout.LOCKUP
    challenges: bool = True
    bot_check: bool = False
    rate_limited: bool = False
    failing_clients: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Catalog:
    """Everything the stand-in was given."""

    videos: dict[str, Video] = field(default_factory=dict)
    playlists: dict[str, PlaylistPage] = field(default_factory=dict)
    faults: list[PlannedFault] = field(default_factory=list)
    behaviour: Behaviour = field(default_factory=Behaviour)

    def video(self, video_id: str) -> Video:
        """The video with this id; one never added counts as deleted."""
        return self.videos.get(video_id) or Video(video_id, "", VideoState.DELETED)

    def entries(self, playlist: PlaylistPage, start: int, count: int) -> Iterator[Video]:
        """The videos at `start` and the `count` - 1 after it."""
        return map(self.video, playlist.video_ids[start : start + count])

    def take_fault(  # noqa: PLR0917  (what a request is recognised by)
        self,
        request: str,
        video_id: str | None = None,
        itag: int | None = None,
        client: str | None = None,
        start: int = 0,
        end: int = 0,
    ) -> PlannedFault | None:
        """The planned fault this request meets, if any; each is met as often as it was planned."""
        for fault in self.faults:
            hits = (
                fault.request == request
                and fault.video_id in (None, video_id)
                and fault.itag in (None, itag)
                and fault.client in (None, client)
                and (fault.at_byte is None or start <= fault.at_byte <= end)
            )
            if hits:
                fault.times -= 1
                if fault.times == 0:
                    self.faults.remove(fault)
                return fault
        return None
