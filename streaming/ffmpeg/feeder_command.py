"""The command line of a feeder: which streams of an item are copied, encoded, generated or read apart."""

from collections.abc import Sequence

from streaming.ffmpeg.encoding import WAIT_FOR_SOUND_SECONDS, encode_audio, encode_video, matroska_output
from streaming.ffmpeg.inputs import guarded_input
from streaming.ffmpeg.treatment import PictureSource, SoundSource, Treatment, is_discontinuous
from streaming.model.items import Input, MediaInfo, PartKind
from streaming.model.profiles import Profile

_WAIT_TOGETHER_SECONDS = 6.0
"""How long a decoder holds back a slow picture whose sound comes from the same input."""
_ROUNDED_SECONDS = 0.001
"""Matroska counts whole milliseconds: the next picture may begin that much before its timestamp."""
_LONGEST_GOP_SECONDS = 10.0
"""Copied pictures begin at the keyframe before the requested time; sound from another input has to begin there too."""
_WAIT_APART_SECONDS = 10.0
"""A picture that lasts this long is repeated in one go when the next one arrives; its sound has to wait."""
_LONGEST_WAIT_SECONDS = 60.0
_SOUND_OFF_SECONDS = 0.03
"""Sound that differs by more than this from its picture after a loss is realigned."""
_CLOCK_JUMP_SECONDS = 2.5
"""A larger step in a transport stream's clock is a jump and is removed; a smaller one is a slow picture."""
_SILENT = ["-f", "lavfi", "-i", "anullsrc=r={rate}:cl=stereo"]
_BLACK = ["-f", "lavfi", "-i", "color=c=black:s={width}x{height}:r={fps}"]
_PREROLL_SECONDS = 2.0
"""Decoding begins this much before the place to continue from, to have a picture to show until the next one."""
_SEARCH_SECONDS = 6.0
"""FFmpeg seeks in a transport stream by estimating bytes. This far ahead there is a keyframe to begin at."""


def command(
    ffmpeg: str,
    inputs: Sequence[Input],
    *,
    info: MediaInfo,
    treatment: Treatment,
    profile: Profile,
    start_seconds: float = 0.0,
) -> list[str]:
    """The command line of a feeder.

    Copied streams keep the item's own timestamps, unless its clock may jump. Encoded streams count from
    `start_seconds`; a copy can only begin at the keyframe before it.
    """
    head = [ffmpeg, "-nostdin", "-hide_banner", "-v", "level+warning"]
    if is_discontinuous(info):
        head += ["-dts_delta_threshold", str(_CLOCK_JUMP_SECONDS)]
    if treatment.copy_video:
        # FFmpeg exits with 0 when one of two inputs ends early.
        strictly = ["-xerror"] if len(inputs) > 1 else []
        return [*head, *strictly, *_copying(inputs, info, treatment, profile, start_seconds), *matroska_output()]
    encoding = _encoding(inputs, info, treatment, profile, start_seconds)
    output = matroska_output(wait_seconds=_wait_seconds(inputs, info, treatment))
    return [*head, "-max_error_rate", "1", *encoding, *output]


def _wait_seconds(inputs: Sequence[Input], info: MediaInfo, treatment: Treatment) -> float:
    """How long encoded picture and sound wait for each other: a late picture is repeated in one go."""
    if not treatment.is_whole:
        return WAIT_FOR_SOUND_SECONDS
    if treatment.is_apart or len(inputs) > 1:
        return _WAIT_APART_SECONDS + min(max(0.0, -info.start_gap_seconds), _LONGEST_WAIT_SECONDS)
    return _WAIT_TOGETHER_SECONDS


def _copying(
    inputs: Sequence[Input], info: MediaInfo, treatment: Treatment, profile: Profile, start_seconds: float
) -> list[str]:
    sources: list[str] = []
    for source in inputs:
        is_sound = source.kind is PartKind.AUDIO
        begin_seconds = max(0.0, start_seconds - _LONGEST_GOP_SECONDS) if is_sound else start_seconds
        sources += [*_seek(begin_seconds), "-fflags", "+discardcorrupt", *guarded_input(source.url)]
    of_picture = inputs.index(_part(inputs, PartKind.VIDEO))
    video = f"{of_picture}:{'V:0' if info.video_stream is None else info.video_stream}"
    of_sound = inputs.index(_part(inputs, PartKind.AUDIO))
    sounds = [f"{of_sound}:{index}" for index in info.audio_streams or ("a:0",)]
    if not info.audio_codec:
        sources += _filled(_SILENT, profile)
        sounds = [f"{len(inputs)}:a:0"]
    if treatment.copy_audio:
        sound = ["-map", sounds[0], "-c:a", "copy"]
    else:
        sound = [*_sound_mapping(sounds, profile), *encode_audio(profile)]
    ending = [] if info.audio_codec else ["-shortest"]  # generated silence has no end
    times = [] if is_discontinuous(info) else ["-copyts", "-start_at_zero"]
    return [*sources, "-map", video, "-c:v", "copy", *times, *sound, *ending]


def _encoding(
    inputs: Sequence[Input], info: MediaInfo, treatment: Treatment, profile: Profile, start_seconds: float
) -> list[str]:
    """Opens one input for each stream that is read apart. Damage in them does not end the item."""
    begin_seconds = max(0.0, start_seconds - _ROUNDED_SECONDS)
    preroll_seconds = min(begin_seconds, _preroll_seconds(info, treatment))
    sources: list[str] = []
    count = 0

    def read(source: Input, seconds: float) -> int:
        nonlocal count
        sources.extend([*_seek(seconds), *guarded_input(source.url)])
        count += 1
        return count - 1

    has_picture, has_sound = treatment.picture is not PictureSource.BLACK, treatment.sound is SoundSource.OWN
    of_picture, of_sound = _part(inputs, PartKind.VIDEO), _part(inputs, PartKind.AUDIO)
    is_shared = of_picture is of_sound and not treatment.is_apart
    if has_picture:
        is_still = treatment.picture is PictureSource.COVER
        video = read(of_picture, 0.0 if is_still and not is_shared else begin_seconds - preroll_seconds)
        index = info.cover_stream if is_still else info.video_stream
        picture = f"{video}:{'V:0' if index is None else index}"
    if has_sound:
        is_read_with_it = has_picture and is_shared
        audio = video if is_read_with_it else read(of_sound, begin_seconds)
        sound_preroll_seconds = preroll_seconds if is_read_with_it else 0.0
        sounds = [f"{audio}:{index}" for index in info.audio_streams or ("a:0",)]
    if not has_picture:
        sources += _filled(_BLACK, profile)
        picture, count = f"{count}:v:0", count + 1
    if not has_sound:
        sources += _filled(_SILENT, profile)
        sounds, sound_preroll_seconds = [f"{count}:a:0"], 0.0
    return [
        *sources,
        *("-map", picture),
        *_sound_mapping(sounds, profile, preroll_seconds=sound_preroll_seconds),
        *encode_video(profile, info=info, picture=treatment.picture, preroll_seconds=preroll_seconds),
        *encode_audio(profile),
        *(() if treatment.is_whole else ("-shortest",)),  # generated and held streams have no end
    ]


def _preroll_seconds(info: MediaInfo, treatment: Treatment) -> float:
    """How much is decoded before the place to continue from."""
    if is_discontinuous(info):
        return _SEARCH_SECONDS
    return _PREROLL_SECONDS if treatment.is_apart else 0.0


def _sound_mapping(sounds: Sequence[str], profile: Profile, *, preroll_seconds: float = 0.0) -> list[str]:
    """Maps one track, or a pair of mono tracks as left and right."""
    cut = f"atrim=start={preroll_seconds:.3f},asetpts=PTS-{preroll_seconds:.3f}/TB," if preroll_seconds else ""
    if len(sounds) < 2:
        return ["-map", sounds[0], "-af", cut + _sound_filter(profile)]
    joined = "".join(f"[{sound}]" for sound in sounds)
    graph = f"{joined}join=inputs={len(sounds)}:channel_layout=stereo,{cut}{_sound_filter(profile)}[sound]"
    return ["-filter_complex", graph, "-map", "[sound]"]


def _seek(seconds: float) -> list[str]:
    return ["-ss", f"{seconds:.3f}"] if seconds else []


def _part(inputs: Sequence[Input], kind: PartKind) -> Input:
    """The input that carries a kind of stream."""
    return next((source for source in inputs if source.kind in (kind, PartKind.BOTH)), inputs[0])


def _filled(options: list[str], profile: Profile) -> list[str]:
    values = {"rate": profile.audio_rate, "width": profile.width, "height": profile.height, "fps": profile.fps}
    return [option.format(**values) for option in options]


def _sound_filter(profile: Profile) -> str:
    """Fills holes within the sound; the splice fills those at its beginning and end."""
    return f"aresample={profile.audio_rate}:async=1:min_hard_comp={_SOUND_OFF_SECONDS}"
