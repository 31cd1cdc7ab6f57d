"""What is done to an item's streams: copied, encoded, or partly replaced, and what is tried when that does not help."""

from dataclasses import dataclass, replace
from enum import StrEnum

from streaming.model.items import MediaInfo
from streaming.model.profiles import Profile
from streaming.model.states import EncodeMode

LONGEST_START_GAP_SECONDS = 0.4
"""Sound and picture that begin further apart are brought together by encoding: a copy would lose the difference."""
_FEWEST_FPS = 10.0
"""A slower picture is encoded: platforms take it for a fault, and viewers join late."""
_FEWEST_FPS_TO_COPY = 2.2
"""Ingests want a picture every half second at the least."""
_MOST_TIMES_THE_BITRATE = 2.0
"""A copy may need so much more than the profile's bitrate; a network that is made for one stands no more."""
_FPS_TOLERANCE = 0.5
_COPYABLE_CONTAINERS = ("mov", "matroska", "flv")
"""What holds AAC without ADTS headers, which cannot stay in Matroska."""
_DISCONTINUOUS_CONTAINERS = ("mpegts", "mpeg", "concat")
"""What has one clock for all streams that may jump: read twice, each stream would follow the jumps on its own."""


class PictureSource(StrEnum):
    """Where an item's picture comes from."""

    OWN = "own"
    HELD = "held"
    """The item's, and its last one for as long as the sound goes on."""
    COVER = "cover"
    BLACK = "black"


class SoundSource(StrEnum):
    """Where an item's sound comes from."""

    OWN = "own"
    SILENCE = "silence"


class FaultKind(StrEnum):
    """What kind of trouble a treatment met."""

    UNFIT = "unfit"
    """A copy is not what viewers can be sent."""
    PICTURE_BEHIND = "picture behind"
    """Sound came, and no picture to go with it."""
    BROKEN = "broken"
    """FFmpeg gave up, or gave nothing."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with what a feeder gives; `reason` is a clause for people."""

    kind: FaultKind
    reason: str


@dataclass(frozen=True, slots=True)
class Treatment:
    """What is done to an item's streams."""

    copy_video: bool
    copy_audio: bool
    reason: str
    """Why, in words for people."""
    picture: PictureSource = PictureSource.OWN
    sound: SoundSource = SoundSource.OWN
    is_apart: bool = False
    """Whether picture and sound are read from the item on their own, so that neither waits for the other."""

    @property
    def is_whole(self) -> bool:
        """Whether picture and sound are the item's own, and end when they end."""
        return self.picture is PictureSource.OWN and self.sound is SoundSource.OWN

    @property
    def is_remembered(self) -> bool:
        """Whether the item is treated so from its beginning the next time; what is held depends on the place."""
        return self.picture is not PictureSource.HELD


def choose_treatment(mode: EncodeMode, info: MediaInfo, profile: Profile, *, can_read_apart: bool = False) -> Treatment:
    """Decides what may be passed through.

    `copy` passes any H.264 that players take; `auto` only what has the profile's size and rate, too. Neither copies
    what would look or sound wrong. With `can_read_apart`, picture and sound of what is encoded are read apart.
    """
    obstacle = _obstacle(mode, info, profile)
    if not obstacle:
        return Treatment(copy_video=True, copy_audio=_is_the_profiles_sound(info, profile), reason="it fits as it is")
    return Treatment(
        copy_video=False,
        copy_audio=False,
        reason=obstacle,
        picture=_picture(info),
        sound=SoundSource.OWN if info.audio_codec else SoundSource.SILENCE,
        is_apart=can_read_apart and _waits_for_its_picture(info),
    )


def encoded(treatment: Treatment, info: MediaInfo, reason: str, *, can_read_apart: bool) -> Treatment:
    """The same item encoded, because of `reason`."""
    return replace(
        treatment,
        copy_video=False,
        copy_audio=False,
        reason=reason,
        picture=_picture(info),
        sound=SoundSource.OWN if info.audio_codec else SoundSource.SILENCE,
        is_apart=can_read_apart and _waits_for_its_picture(info),
    )


def harder(treatment: Treatment, fault: Fault, info: MediaInfo, *, can_read_apart: bool) -> Treatment | None:
    """What is tried after a treatment that met a fault: never the same again; None when nothing is left.

    Copied, then encoded; a picture that ends before its sound is held; then the sound is replaced, then the picture.
    """
    if treatment.copy_video:
        return encoded(treatment, info, fault.reason, can_read_apart=can_read_apart)
    is_own = treatment.picture is PictureSource.OWN
    if is_own and fault.kind is FaultKind.PICTURE_BEHIND and not treatment.is_apart:
        return replace(treatment, is_apart=True, reason=fault.reason)
    if is_own and treatment.sound is SoundSource.OWN and fault.kind is not FaultKind.BROKEN:
        return replace(treatment, picture=PictureSource.HELD, is_apart=True, reason=fault.reason)
    if treatment.sound is SoundSource.OWN and is_own:
        return replace(treatment, sound=SoundSource.SILENCE, reason=fault.reason)
    if info.audio_codec and treatment.picture is not PictureSource.BLACK:
        return replace(treatment, picture=PictureSource.BLACK, sound=SoundSource.OWN, reason=fault.reason)
    return None


def _picture(info: MediaInfo) -> PictureSource:
    if info.video_codec:
        return PictureSource.OWN
    return PictureSource.BLACK if info.cover_stream is None else PictureSource.COVER


def _obstacle(mode: EncodeMode, info: MediaInfo, profile: Profile) -> str:
    if mode is EncodeMode.ALWAYS:
        return "encode is set to always"
    return _wrong_as_it_is(info) or ("" if mode is EncodeMode.COPY else _off_profile(info, profile))


def _wrong_as_it_is(info: MediaInfo) -> str:
    """Why viewers would see or hear a copy otherwise than it is meant."""
    if info.video_codec != "h264":
        return f"its video is {info.video_codec or 'missing'}, not H.264"
    if info.pixel_format and info.pixel_format != "yuv420p":
        return f"its pixel format is {info.pixel_format}"
    if 0 < info.fps < _FEWEST_FPS_TO_COPY:
        return f"it has {info.fps:g} pictures a second"
    wrong = (
        (info.is_rotated, "it is turned by a note beside its picture"),
        (info.is_interlaced, "it is interlaced"),
        (not info.has_square_pixels, "its pixels are not square"),
        (info.is_hdr, "its colours are HDR"),
        (info.is_trimmed, "it hides a part of what it holds"),
        (abs(info.start_gap_seconds) > LONGEST_START_GAP_SECONDS, "its picture and its sound begin apart"),
    )
    return next((reason for is_so, reason in wrong if is_so), "")


def _off_profile(info: MediaInfo, profile: Profile) -> str:
    """Why it is not what the stream promises."""
    if (info.width, info.height) != (profile.width, profile.height):
        return f"it is {info.width}×{info.height}, not {profile.width}×{profile.height}"
    if info.fps > profile.fps + _FPS_TOLERANCE or 0 < info.fps < _FEWEST_FPS:
        return f"it has {info.fps:g} pictures a second"
    if info.video_kbps > most_kbps(profile):
        return f"it has {info.video_kbps / 1000:.0f} Mbit/s"
    return ""


def most_kbps(profile: Profile) -> float:
    """The most a copied picture may need, in kbit/s."""
    return profile.video_kbps * _MOST_TIMES_THE_BITRATE


def _is_the_profiles_sound(info: MediaInfo, profile: Profile) -> bool:
    is_aac = info.audio_codec == "aac" and info.audio_profile in ("LC", "")
    is_raw = not info.container or info.container.startswith(_COPYABLE_CONTAINERS)
    return (
        is_aac
        and is_raw
        and info.sample_rate == profile.audio_rate
        and info.channels == 2
        and len(info.audio_streams) < 2
    )


def _waits_for_its_picture(info: MediaInfo) -> bool:
    """Whether its picture comes so seldom or so late that its sound has to wait: then they are better read apart.

    It costs the opening of another input, which ordinary items are spared.
    """
    is_slow = not info.fps or info.fps < _FEWEST_FPS
    is_late = info.is_trimmed or abs(info.start_gap_seconds) > LONGEST_START_GAP_SECONDS
    return (is_slow or is_late) and not is_discontinuous(info)


def is_discontinuous(info: MediaInfo) -> bool:
    """Whether its clock may jump, so that a time in it is no place to seek to without reading all before."""
    return info.container.startswith(_DISCONTINUOUS_CONTAINERS)
