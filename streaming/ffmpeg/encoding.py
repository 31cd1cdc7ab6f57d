"""FFmpeg's options for the one format of encoded items, and for the Matroska that carries every item."""

from streaming.ffmpeg.treatment import PictureSource
from streaming.model.items import MediaInfo
from streaming.model.profiles import Profile

WAIT_FOR_SOUND_SECONDS = 2.0
"""Longer than an encoder's delay, and short enough for sound that ends before its picture."""
_CLUSTER_MILLISECONDS = 150
"""Uplinks receive whole clusters, so short ones let a skip take effect at once."""
_CLUSTER_BYTES = 4 << 20
"""Large enough that only time and keyframes end a cluster. On a pipe FFmpeg's default is 32 KiB, one large picture."""
_TONE_MAPPING = (
    "zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,"
    "tonemap=mobius:param=0.8:desat=0,zscale=t=bt709:m=bt709:r=tv"
)
"""HDR to SDR, with HDR reference white at 203 cd/m² (ITU-R BT.2408)."""


def encode_video(
    profile: Profile,
    *,
    info: MediaInfo | None = None,
    picture: PictureSource = PictureSource.OWN,
    preroll_seconds: float = 0.0,
) -> list[str]:
    """Encodes every item to the same picture, down to the one SPS: size, rate, colours, reference structure.

    `preroll_seconds` at the beginning of the input are cut off.
    """
    rate, gop = f"{profile.video_kbps}k", str(profile.gop_frames)
    is_hdr = info is not None and info.is_hdr and picture is not PictureSource.COVER
    filters = [*_timing(profile, picture, preroll_seconds), *_looks(profile, is_hdr=is_hdr)]
    return [
        # -r repeats the filter's rate for pictures that begin late or change size.
        *("-vf", ",".join(filters), "-r", str(profile.fps), "-fps_mode", "cfr"),
        *("-c:v", "libx264", "-preset", profile.preset, "-profile:v", "high", "-bf", "2"),
        *("-g", gop, "-keyint_min", gop, "-sc_threshold", "0", "-force_key_frames", f"expr:not(mod(n,{gop}))"),
        *("-b:v", rate, "-minrate", rate, "-maxrate", rate, "-bufsize", rate, "-x264-params", "nal-hrd=cbr"),
    ]


def _timing(profile: Profile, picture: PictureSource, preroll_seconds: float) -> list[str]:
    """Pictures at the profile's rate from the exact start; the last one, or a cover, lasts as long as the sound."""
    if picture is PictureSource.COVER:  # one picture, without a length or a rate
        return ["loop=loop=-1:size=1:start=0", f"setpts=N/({profile.fps}*TB)"]
    steps = ["bwdif=mode=send_frame:deint=interlaced", f"fps={profile.fps}"]
    if picture is PictureSource.HELD:
        steps.append("tpad=stop=-1:stop_mode=clone")
    if preroll_seconds:
        steps += [f"trim=start={preroll_seconds:.3f}", f"setpts=PTS-{preroll_seconds:.3f}/TB"]
    return steps


def _looks(profile: Profile, *, is_hdr: bool) -> list[str]:
    """Scales and pads pictures to the profile's size, in its colours, upright, with square pixels."""
    box = f"{profile.width}:{profile.height}"
    into_box = f"scale={box}:force_original_aspect_ratio=decrease:force_divisible_by=2:reset_sar=1"
    return [
        into_box if is_hdr else f"{into_box}:out_color_matrix=bt709:out_range=tv",
        *([_TONE_MAPPING] if is_hdr else []),
        *(f"pad={box}:-1:-1", "setsar=1", "format=yuv420p"),
        "setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709:field_mode=prog",
    ]


def encode_audio(profile: Profile) -> list[str]:
    return ["-c:a", "aac", "-b:a", f"{profile.audio_kbps}k", "-ar", str(profile.audio_rate), "-ac", "2"]


def matroska_output(*, wait_seconds: float = WAIT_FOR_SOUND_SECONDS) -> list[str]:
    """Live Matroska on standard output in short clusters, without the item's tags, chapters and lengths.

    `wait_seconds` is how long one stream waits for the other, so that packets are written in order.
    """
    return [
        *("-map_metadata", "-1", "-map_metadata:s", "-1", "-map_chapters", "-1", "-fflags", "+bitexact"),
        *("-write_crc32", "0"),
        *("-cluster_time_limit", str(_CLUSTER_MILLISECONDS), "-cluster_size_limit", str(_CLUSTER_BYTES)),
        *("-max_interleave_delta", str(round(wait_seconds * 1_000_000)), "-flush_packets", "1"),
        *("-f", "matroska", "pipe:1"),
    ]
