"""What flows into a playout: the items of a playlist, and how the media of one item can be read right now."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from streaming.model.text import clean
from streaming.redaction.secrets import Secret


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a playlist as listed, before anything is known of its media. What people read of it is clean."""

    key: str
    """What its media are known by in its playlist: a video id, a path or a URL. Several entries may have the same."""
    title: str
    duration_seconds: float | None = None
    link: str = ""
    """A page people can open, or nothing."""
    reason_unplayable: str = ""
    """Why the listing already rules it out ("private", "members only" …), or nothing."""
    occurrence: int = 1
    """Which of the entries with this key it is, in the order of the list."""

    @property
    def entry(self) -> str:
        """What this entry alone is known by: its key, and from the second occurrence on the number before that.

        Neither video ids nor absolute paths nor URLs begin with a number and a colon.
        """
        return self.key if self.occurrence == 1 else f"{self.occurrence}:{self.key}"

    def __post_init__(self) -> None:
        """Whoever makes an item has the texts from somebody else: from a platform, a file, a list."""
        for name in ("title", "link", "reason_unplayable"):
            object.__setattr__(self, name, clean(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What is in an item's media, as far as it decides how to play it; no codec means no such stream."""

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
    """How long it says it is."""
    container: str = ""
    """FFmpeg's names of the container format, with commas between."""
    video_kbps: float = 0.0
    is_rotated: bool = False
    """Whether a display matrix turns or mirrors the picture."""
    is_interlaced: bool = False
    has_square_pixels: bool = True
    is_hdr: bool = False
    """Whether its brightness is coded for HDR screens (PQ or HLG)."""
    is_trimmed: bool = False
    """Whether an edit list hides pictures that the stream holds."""
    start_gap_seconds: float = 0.0
    """How much later the sound begins than the picture; negative when the picture begins later."""
    video_stream: int | None = None
    """Which stream of the file is the picture; None for the first that is no cover."""
    audio_streams: tuple[int, ...] = ()
    """Which streams of the file are the sound: one, or two mono tracks that belong together; empty for the first."""
    cover_stream: int | None = None
    """The picture of a song, where there is no other picture."""


class PartKind(StrEnum):
    """Which streams of an item one part carries."""

    VIDEO = "video"
    AUDIO = "audio"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class RemotePart:
    """A perishable URL; `expires_at` and `available_at` are Unix times in seconds."""

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
    """A file on this machine."""

    kind: PartKind
    path: Path


Part = RemotePart | FilePart


@dataclass(frozen=True, slots=True)
class Media:
    """How one item can be read right now: one part with both streams, or video and audio apart."""

    item: Item
    parts: tuple[Part, ...]
    duration_seconds: float | None = None
    info: "MediaInfo | None" = None
    """What is in it, when the platform says so; otherwise it has to be probed."""

    def of(self, item: Item) -> "Media":
        """The same for an entry of a list: whoever finds the media of a video need not know which occurrence it is."""
        return replace(self, item=replace(self.item, occurrence=item.occurrence))

    @property
    def expires_at(self) -> float | None:
        """The Unix time at which the first of its URLs expires."""
        times = [p.expires_at for p in self.parts if isinstance(p, RemotePart) and p.expires_at is not None]
        return min(times, default=None)

    @property
    def formats(self) -> tuple[str, ...]:
        """The format of each of its remote parts; bytes of another one do not follow those of this one."""
        return tuple(p.format_id for p in self.parts if isinstance(p, RemotePart))

    @property
    def picture_format(self) -> str:
        """The format its pictures come in; empty where there is only one."""
        pictures = (p for p in self.parts if p.kind is not PartKind.AUDIO)
        return next((p.format_id for p in pictures if isinstance(p, RemotePart)), "")

    @property
    def client_formats(self) -> frozenset[str]:
        """The `format@client` of each part, for `avoid`."""
        return frozenset(p.client_format for p in self.parts if isinstance(p, RemotePart) and p.client_format)


@dataclass(frozen=True, slots=True)
class Input:
    """One loopback URL that FFmpeg reads, and which streams of the item are to be taken from it."""

    kind: PartKind
    url: str


class Playlist(Protocol):
    """Where a lineup's items come from."""

    @property
    def reference(self) -> str:
        """What a person would write to mean this playlist: an id, `demo`, a folder."""

    @property
    def title(self) -> str:
        """Its name, as far as it is known; it may become known while listing."""

    def items(self) -> AsyncIterator[Item]:
        """Yields the items in order, as soon as each is known.

        Raises PlaylistError when it cannot be listed, PlatformTrouble or TransientError when it cannot be now.
        """

    async def resolve(self, item: Item, *, fresh: bool = False, avoid: frozenset[str] = frozenset()) -> Media:
        """Finds media for one item.

        `fresh` asks for new URLs in place of those given before; `avoid` excludes formats (`format@client`).
        Raises ItemUnplayable, ItemUnavailable, PlatformTrouble or TransientError.
        """

    def is_at_hand(self, item: Item) -> bool:
        """Whether an item can be resolved without asking the platform."""
