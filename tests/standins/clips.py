"""Test clips made with FFmpeg: every frame carries its number (see picture_code), every second begins with a beep."""

import hashlib
import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import imageio_ffmpeg
import numpy as np

from tests.standins import picture_code
from tests.standins.picture_code import Picture

BEEP_HZ = 1000
BEEP_SECONDS = 0.05
RENDER_LIMIT_SECONDS = 60
_DURATION_TAG = re.compile(rb"\d\d:\d\d:\d\d\.\d{9}")
_TEXTURE_BLOCK = 8  # pixels; fine enough to cost the encoder bits, coarse enough to survive it


class VideoCodec(StrEnum):
    """Video encoders of FFmpeg."""

    H264 = "libx264"
    VP9 = "libvpx-vp9"


class AudioCodec(StrEnum):
    """Audio encoders of FFmpeg."""

    AAC = "aac"
    OPUS = "libopus"


class Colours(StrEnum):
    """What a file says about its colours."""

    UNTAGGED = "untagged"
    BT709 = "bt709"
    BT601 = "smpte170m"


@dataclass(frozen=True, slots=True)
class ClipSpec:
    """What a clip is like; without a codec it has no such stream. Clip numbers end at 255, frame numbers at 65,535."""

    clip_number: int = 1
    seconds: float = 3.0
    width: int = 1280
    height: int = 720
    fps: int = 30
    container: str = "mp4"
    video_codec: VideoCodec | None = VideoCodec.H264
    gop_seconds: float = 2.0
    b_frames: int = 2
    colours: Colours = Colours.BT709
    is_full_range: bool = False
    audio_codec: AudioCodec | None = AudioCodec.AAC
    sample_rate: int = 44100
    channels: int = 2
    audio_seconds: float | None = None  # None: as long as the picture
    tagged_seconds: float | None = None  # MKV: what its DURATION tags claim, as those of a file that was cut do

    @property
    def frames(self) -> int:
        """How many pictures it has."""
        return round(self.seconds * self.fps) if self.video_codec else 0

    @property
    def beeps(self) -> int:
        """How many beeps it has, one a second from 0."""
        seconds = self.seconds if self.audio_seconds is None else self.audio_seconds
        return int(-(-seconds // 1)) if self.audio_codec else 0


def alike(count: int, *, seconds: float = 3.0) -> list[ClipSpec]:
    """Clips of one kind: 720p30, H.264 with a GOP of 2 s, AAC 44.1 kHz stereo; numbered from 1."""
    return [ClipSpec(clip_number=number, seconds=seconds) for number in range(1, count + 1)]


def the_mix(*, seconds: float = 3.0) -> list[ClipSpec]:
    """The odd lineup that encode mode must smooth out (issue 2); numbered from 1."""
    return [
        ClipSpec(1, seconds, 640, 360, 25),
        ClipSpec(2, seconds, 1920, 1080, 60, sample_rate=48000),
        ClipSpec(3, seconds, 360, 640),
        ClipSpec(4, seconds, 640, 360, sample_rate=48000, channels=1),
        ClipSpec(5, seconds, 640, 360, audio_codec=None),
        ClipSpec(6, seconds, 640, 360, audio_seconds=seconds - 0.7),
        ClipSpec(7, seconds, 640, 480, colours=Colours.BT601),
        ClipSpec(8, seconds, 640, 360, is_full_range=True),
        ClipSpec(9, seconds, 640, 360, container="mkv", tagged_seconds=2 * seconds),
    ]


def render(folder: Path, spec: ClipSpec) -> Path:
    """The clip's file in the folder, made if it is not there yet; safe beside other processes that do the same.

    Raises CalledProcessError when FFmpeg fails.
    """
    name = hashlib.sha256(repr(spec).encode()).hexdigest()[:16]
    path = folder / f"clip{spec.clip_number}-{name}.{spec.container}"
    if not path.exists():
        with tempfile.TemporaryDirectory(dir=folder) as workshop:
            made = Path(workshop) / path.name
            _make(made, spec)
            made.replace(path)
    return path


def _make(path: Path, spec: ClipSpec) -> None:
    with subprocess.Popen(_command(path, spec), stdin=subprocess.PIPE) as ffmpeg:
        assert ffmpeg.stdin
        for frame in _frames(spec):
            ffmpeg.stdin.write(frame)
        ffmpeg.stdin.close()
        if ffmpeg.wait(RENDER_LIMIT_SECONDS):
            raise subprocess.CalledProcessError(ffmpeg.returncode, ffmpeg.args)
    if spec.tagged_seconds is not None:
        _claim_duration(path, spec.tagged_seconds)


def _command(path: Path, spec: ClipSpec) -> list[str]:
    inputs, outputs = ["-nostdin"], []
    if spec.video_codec:
        size = f"{spec.width}x{spec.height}"
        inputs = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", size, "-r", str(spec.fps), "-i", "pipe:0"]
        outputs = ["-vf", _colour_tags(spec), *_video_encoder(spec)]
    if spec.audio_codec:
        inputs += ["-f", "lavfi", "-i", _beeping(spec)]
        outputs += ["-c:a", spec.audio_codec, "-b:a", "128k"]
    whole = ["-movflags", "+faststart"] if spec.container == "mp4" else []
    return [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *inputs, *outputs, *whole, str(path)]


def _colour_tags(spec: ClipSpec) -> str:
    depth = "full" if spec.is_full_range else "limited"
    if spec.colours is Colours.UNTAGGED:
        return f"setparams=range={depth}"
    return f"setparams=range={depth}:colorspace={spec.colours}:color_primaries={spec.colours}:color_trc={spec.colours}"


def _video_encoder(spec: ClipSpec) -> list[str]:
    gop = ["-g", str(round(spec.gop_seconds * spec.fps))]
    if spec.video_codec is VideoCodec.VP9:
        return ["-c:v", spec.video_codec, "-deadline", "realtime", "-cpu-used", "8", "-b:v", "2500k", *gop]
    rate = ["-crf", "23", "-maxrate", "2500k", "-bufsize", "2500k"]
    return ["-c:v", "libx264", "-preset", "superfast", "-sc_threshold", "0", "-bf", str(spec.b_frames), *rate, *gop]


def _beeping(spec: ClipSpec) -> str:
    seconds = spec.seconds if spec.audio_seconds is None else spec.audio_seconds
    beep = f"0.5*sin(2*PI*{BEEP_HZ}*t)*lt(mod(t\\,1)\\,{BEEP_SECONDS})"
    layout = "stereo" if spec.channels == 2 else f"{spec.channels}c"
    return f"aevalsrc={'|'.join([beep] * spec.channels)}:s={spec.sample_rate}:d={seconds}:c={layout}"


def _frames(spec: ClipSpec) -> Iterator[bytes]:
    """The pictures as yuv420p: the code above, a texture that moves sideways below."""
    black, white = (0, 255) if spec.is_full_range else (16, 235)
    luma = _texture(spec)
    chroma = np.repeat(np.linspace(96, 160, spec.height // 2).astype(np.uint8), spec.width // 2).tobytes()
    for number in range(spec.frames):
        luma = np.roll(luma, 2, axis=1)
        picture_code.draw(luma, clip_number=spec.clip_number, frame_number=number, black=black, white=white)
        yield luma.tobytes() + chroma + chroma


def _texture(spec: ClipSpec) -> Picture:
    rows, columns = -(-spec.height // _TEXTURE_BLOCK), -(-spec.width // _TEXTURE_BLOCK)
    coarse = np.random.default_rng(spec.clip_number).integers(60, 180, (rows, columns), np.uint8)
    texture: Picture = coarse.repeat(_TEXTURE_BLOCK, axis=0).repeat(_TEXTURE_BLOCK, axis=1)
    return texture[: spec.height, : spec.width].copy()


def _claim_duration(path: Path, seconds: float) -> None:
    """Overwrites Matroska's DURATION tags, which are text of a fixed length, in place."""
    tag = f"{int(seconds) // 3600:02}:{int(seconds) // 60 % 60:02}:{seconds % 60:012.9f}".encode()
    data, count = _DURATION_TAG.subn(tag, path.read_bytes())
    if not count:
        raise ValueError(f"{path.name} has no DURATION tag to change")
    path.write_bytes(data)
