"""Items of a playlist, and the media of one item as they can be read now."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from streaming.model.message import NOTHING, Message
from streaming.model.text import clean
from streaming.redaction.secrets import Secret


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a playlist as listed. Its media are not known yet; its texts are clean."""

    key: str
    """Identifies the media within the playlist: a video id, a path or a URL. Several entries may share one."""
    title: str
    duration_seconds: float | None = None
    link: str = ""
    """A page for people, or empty."""
    reason_unplayable: Message = NOTHING
    """The reason known from the listing ("private", "members only" …), or empty."""
    occurrence: int = 1
    """Counts the entries with this key from 1, in the order of the list."""

    @property
    def entry(self) -> str:
        """Identifies this entry: the key, prefixed with the occurrence from the second one on.

        No video id, absolute path or URL begins with a number and a colon, so prefixed keys cannot collide with keys.
        """
        return self.key if self.occurrence == 1 else f"{self.occurrence}:{self.key}"

    def __post_init__(self) -> None:
        """Cleans the texts, which come from a platform, a file or a list."""
        for name in ("title", "link"):
            object.__setattr__(self, name, clean(getattr(self, name)))
        object.__setattr__(self, "reason_unplayable", self.reason_unplayable.mapped(clean))


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """The streams of an item's media, as far as they decide how to play it. An empty codec means no such stream."""

    video_codec: str = ""
    """As FFmpeg calls it: `h264`, `vp9` …"""
    width: int = 0
    height: int = 0
    fps: float = 0.0
    pixel_format: str = ""
    audio_codec: str = ""
    """As FFmpeg calls it: `aac`, `opus` …"""
    audio_profile: str = ""
    sample_rate: int = 0
    channels: int = 0
    duration_seconds: float | None = None
    """As declared by the container."""
    container: str = ""
    """FFmpeg's names of the format, separated by commas."""
    video_kbps: float = 0.0
    is_rotated: bool = False
    """A display matrix turns or mirrors the picture."""
    is_interlaced: bool = False
    has_square_pixels: bool = True
    is_hdr: bool = False
    """PQ or HLG transfer."""
    is_trimmed: bool = False
    """An edit list hides some of the pictures."""
    start_gap_seconds: float = 0.0
    """The start of the sound minus the start of the picture."""
    video_stream: int | None = None
    """Index of the picture's stream; None for the first that is not a cover."""
    audio_streams: tuple[int, ...] = ()
    """Indexes of the sound's streams: one, or two mono tracks as left and right; empty for the first."""
    cover_stream: int | None = None
    """Index of a cover picture, if there is no other picture."""


class PartKind(StrEnum):
    """The streams of an item that one part carries."""

    VIDEO = "video"
    AUDIO = "audio"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class RemotePart:
    """An expiring URL; `expires_at` and `available_at` are Unix times in seconds."""

    kind: PartKind
    url: Secret
    headers: Mapping[str, str] = field(default_factory=dict)
    length_bytes: int | None = None
    bitrate_kbps: float | None = None
    expires_at: float | None = None
    available_at: float | None = None
    format_id: str = ""
    client_format: str = ""
    """`format@client` (137@WEB): a format as one client of the platform offers it. Empty without a client."""


@dataclass(frozen=True, slots=True)
class FilePart:
    """A local file."""

    kind: PartKind
    path: Path


Part = RemotePart | FilePart


@dataclass(frozen=True, slots=True)
class Media:
    """One item's media as they can be read now: one part with both streams, or video and audio apart."""

    item: Item
    parts: tuple[Part, ...]
    duration_seconds: float | None = None
    info: "MediaInfo | None" = None
    """As declared by the platform; None requires a probe."""

    def of(self, item: Item) -> "Media":
        """The same media for another occurrence of the item: a resolver knows videos, not entries."""
        return replace(self, item=replace(self.item, occurrence=item.occurrence))

    @property
    def expires_at(self) -> float | None:
        """The earliest expiry of its URLs, as a Unix time."""
        times = [p.expires_at for p in self.parts if isinstance(p, RemotePart) and p.expires_at is not None]
        return min(times, default=None)

    @property
    def formats(self) -> tuple[str, ...]:
        """The format of each remote part. Bytes of different formats do not continue each other."""
        return tuple(p.format_id for p in self.parts if isinstance(p, RemotePart))

    @property
    def picture_format(self) -> str:
        """The format of the picture; empty where there is only one."""
        pictures = (p for p in self.parts if p.kind is not PartKind.AUDIO)
        return next((p.format_id for p in pictures if isinstance(p, RemotePart)), "")

    @property
    def client_formats(self) -> frozenset[str]:
        """The `format@client` of each part, for `avoid`."""
        return frozenset(p.client_format for p in self.parts if isinstance(p, RemotePart) and p.client_format)


@dataclass(frozen=True, slots=True)
class Input:
    """One loopback URL for FFmpeg, and the streams to use from it."""

    kind: PartKind
    url: str


class Playlist(Protocol):
    """The source of a lineup's items."""

    @property
    def reference(self) -> str:
        """What a person writes for this playlist: an id, `demo`, a folder."""

    @property
    def title(self) -> str:
        """The name, as far as it is known; listing may reveal it."""

    def items(self) -> AsyncIterator[Item]:
        """Yields the items in order, each as soon as it is known.

        Raises PlaylistError when the playlist cannot be listed, PlatformTrouble or TransientError when not now.
        """

    async def resolve(self, item: Item, *, fresh: bool = False, avoid: frozenset[str] = frozenset()) -> Media:
        """Finds media for one item.

        `fresh` asks for new URLs in place of those given before; `avoid` excludes formats (`format@client`).
        Raises ItemUnplayable, ItemUnavailable, PlatformTrouble or TransientError.
        """

    def is_at_hand(self, item: Item) -> bool:
        """Whether an item can be resolved without a request to the platform."""
