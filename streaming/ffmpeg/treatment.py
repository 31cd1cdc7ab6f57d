"""Decides how an item's streams are treated: copied, encoded or replaced, and what follows when that fails."""

from dataclasses import dataclass, replace
from enum import StrEnum

from streaming.ffmpeg.messages import Treatments
from streaming.model.items import MediaInfo
from streaming.model.message import NOTHING, Message
from streaming.model.profiles import Profile
from streaming.model.states import EncodeMode

LONGEST_START_GAP_SECONDS = 0.4
"""A larger gap between the starts of sound and picture requires encoding: a copy would lose the gap."""
_FEWEST_FPS = 10.0
"""Slower pictures are encoded: platforms report them as a fault, and new viewers wait for the first one."""
_FEWEST_FPS_TO_COPY = 2.2
"""Ingests require a picture every half second."""
_MOST_TIMES_THE_BITRATE = 2.0
"""The most that a copy may need: the headroom of a network sized for the profile's bitrate."""
_FPS_TOLERANCE = 0.5
_UNKNOWN = "none"
"""What FFmpeg says of the pixels of a picture it has not met in what it analysed."""
_COPYABLE_CONTAINERS = ("mov", "matroska", "flv")
"""Containers with raw AAC: ADTS headers are not allowed in Matroska."""
_DISCONTINUOUS_CONTAINERS = ("mpegts", "mpeg", "concat")
"""Containers whose common clock may jump. In two inputs, each stream would follow the jumps on its own."""


class PictureSource(StrEnum):
    """The source of an item's picture."""

    OWN = "own"
    HELD = "held"
    """The item's own; its last picture stays until the sound ends."""
    COVER = "cover"
    BLACK = "black"


class SoundSource(StrEnum):
    """The source of an item's sound."""

    OWN = "own"
    SILENCE = "silence"


class FaultKind(StrEnum):
    """The kind of fault that a treatment met."""

    UNFIT = "unfit"
    """The copy cannot be broadcast."""
    PICTURE_BEHIND = "picture behind"
    """Sound arrived without its picture."""
    BROKEN = "broken"
    """FFmpeg failed or produced nothing."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in a feeder's output; `reason` is a clause for people."""

    kind: FaultKind
    reason: Message


@dataclass(frozen=True, slots=True)
class Treatment:
    """How an item's streams are treated."""

    copy_video: bool
    copy_audio: bool
    reason: Message
    """A clause for people."""
    picture: PictureSource = PictureSource.OWN
    sound: SoundSource = SoundSource.OWN
    is_apart: bool = False
    """Picture and sound are read from separate inputs, so that neither waits for the other."""

    @property
    def is_whole(self) -> bool:
        """Whether picture and sound are the item's own and end with it."""
        return self.picture is PictureSource.OWN and self.sound is SoundSource.OWN

    @property
    def is_remembered(self) -> bool:
        """Whether the item begins with this treatment the next time. A held picture is due to one place in it."""
        return self.picture is not PictureSource.HELD


def choose_treatment(mode: EncodeMode, info: MediaInfo, profile: Profile, *, can_read_apart: bool = False) -> Treatment:
    """Chooses the first treatment.

    `copy` copies any H.264 that players accept; `auto` only what has the profile's size and rate, too. Neither copies
    what would look or sound wrong. With `can_read_apart`, picture and sound may be read from separate inputs.
    """
    obstacle = _obstacle(mode, info, profile)
    if not obstacle:
        is_sound_copied = _is_the_profiles_sound(info, profile)
        return Treatment(copy_video=True, copy_audio=is_sound_copied, reason=Treatments.COPIED())
    return Treatment(
        copy_video=False,
        copy_audio=False,
        reason=obstacle,
        picture=_picture(info),
        sound=SoundSource.OWN if info.audio_codec else SoundSource.SILENCE,
        is_apart=can_read_apart and _waits_for_its_picture(info),
    )


def encoded(treatment: Treatment, info: MediaInfo, reason: Message, *, can_read_apart: bool) -> Treatment:
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
    """The treatment after one that met a fault: never the same again; None when none is left.

    The order: copied, encoded, a picture that ends early held, the sound replaced, the picture replaced.
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


def _obstacle(mode: EncodeMode, info: MediaInfo, profile: Profile) -> Message:
    if mode is EncodeMode.ALWAYS:
        return Treatments.ALWAYS()
    return _wrong_as_it_is(info) or (NOTHING if mode is EncodeMode.COPY else _off_profile(info, profile))


def _wrong_as_it_is(info: MediaInfo) -> Message:
    """Why a copy would look or sound wrong."""
    if info.video_codec != "h264":
        return Treatments.CODEC(codec=info.video_codec) if info.video_codec else Treatments.NO_VIDEO()
    if info.pixel_format and info.pixel_format not in ("yuv420p", _UNKNOWN):
        return Treatments.PIXEL_FORMAT(pixel_format=info.pixel_format)
    if 0 < info.fps < _FEWEST_FPS_TO_COPY:
        return Treatments.FRAME_RATE(fps=info.fps)
    wrong = (
        (info.is_rotated, Treatments.ROTATED),
        (info.is_interlaced, Treatments.INTERLACED),
        (not info.has_square_pixels, Treatments.PIXELS),
        (info.is_hdr, Treatments.HDR),
        (info.is_trimmed, Treatments.TRIMMED),
        (abs(info.start_gap_seconds) > LONGEST_START_GAP_SECONDS, Treatments.START_GAP),
        (info.pixel_format == _UNKNOWN, Treatments.LATE_PICTURE),
    )
    return next((text() for is_so, text in wrong if is_so), NOTHING)


def _off_profile(info: MediaInfo, profile: Profile) -> Message:
    """Why it differs from the stream's profile."""
    if (info.width, info.height) != (profile.width, profile.height):
        return Treatments.SIZE(
            width=info.width, height=info.height, stream_width=profile.width, stream_height=profile.height
        )
    if info.fps > profile.fps + _FPS_TOLERANCE or 0 < info.fps < _FEWEST_FPS:
        return Treatments.FRAME_RATE(fps=info.fps)
    if info.video_kbps > most_kbps(profile):
        return Treatments.BITRATE(megabits=info.video_kbps / 1000)
    return NOTHING


def most_kbps(profile: Profile) -> float:
    """The highest bitrate of a copied picture, in kbit/s."""
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
    """Whether its picture is so slow or so late that sound from the same input would wait for it.

    Only such items get a second input, which takes time to open.
    """
    is_slow = not info.fps or info.fps < _FEWEST_FPS
    is_late = info.is_trimmed or abs(info.start_gap_seconds) > LONGEST_START_GAP_SECONDS
    return (is_slow or is_late) and not is_discontinuous(info)


def is_discontinuous(info: MediaInfo) -> bool:
    """Whether its clock may jump, so that times in it cannot be sought without reading everything before."""
    return info.container.startswith(_DISCONTINUOUS_CONTAINERS)
