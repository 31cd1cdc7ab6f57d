"""Locates FFmpeg and checks that it runs and is recent enough."""

import re
import subprocess

import imageio_ffmpeg

from streaming.model.errors import ConfigurationError
from streaming.model.message import Message
from streaming.process.launcher import bare_environment
from streaming.settings import StreamingSettings

_ANSWER_SECONDS = 20  # usually 0.1 s, but the disk may be cold and the machine busy
_LEAST_MAJOR = 9
"""The first version that verifies certificates and host names by default, with OpenSSL too. Older ones send a stream
key to any server that answers."""
_LIBRARIES_AHEAD = 54
"""Development builds have no version number, but their libraries do: FFmpeg 9 has libavformat 63."""
_HINT = Message("Leave streaming.ffmpeg unset to use the one that is installed with Nonstop.")


def find(settings: StreamingSettings) -> str:
    """The path of FFmpeg: the configured one, else the one bundled with imageio-ffmpeg.

    Raises ConfigurationError when it is missing, does not run, or is too old.
    """
    path = str(settings.ffmpeg) if settings.ffmpeg else _bundled()
    version(path)
    return path


def version(path: str) -> str:
    """The version reported by an FFmpeg. Raises ConfigurationError when there is none, or it is too old."""
    try:
        answer = subprocess.run(
            [path, "-version"], capture_output=True, timeout=_ANSWER_SECONDS, check=True, env=bare_environment()
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise ConfigurationError(f"FFmpeg does not start: {path}.", hint=_HINT) from error
    found = re.match(rb"ffmpeg version n?(\S+)", answer)
    if not found:
        raise ConfigurationError(f"This is not FFmpeg: {path}.", hint=_HINT)
    name = found[1].decode(errors="replace")
    if _major(name, answer) < _LEAST_MAJOR:
        raise ConfigurationError(
            f"FFmpeg {name} is too old to keep stream keys safe, version {_LEAST_MAJOR} is needed: {path}.", hint=_HINT
        )
    return name


def _major(name: str, answer: bytes) -> int:
    if release := re.match(r"(\d+)(\.|$)", name):
        return int(release[1])
    library = re.search(rb"^libavformat +(\d+)\.", answer, re.MULTILINE)
    return int(library[1]) - _LIBRARIES_AHEAD if library else 0


def _bundled() -> str:
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise ConfigurationError(
            "FFmpeg was not found.", hint=Message("Run make setup again, or set [streaming] ffmpeg.")
        ) from error
