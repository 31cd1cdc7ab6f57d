"""Which FFmpeg is used, and whether it runs."""

import re
import subprocess

import imageio_ffmpeg

from streaming.errors import ConfigurationError
from streaming.settings import StreamingSettings

_ANSWER_SECONDS = 20  # it answers in 0.1 s, but may be on a cold disk of a busy machine
_HINT = "Leave streaming.ffmpeg unset to use the one that is installed with Nonstop."


def find(settings: StreamingSettings) -> str:
    """The path of the FFmpeg to use: the configured one, else the one that came with imageio-ffmpeg.

    Raises ConfigurationError when it is missing or does not run.
    """
    path = str(settings.ffmpeg) if settings.ffmpeg else _bundled()
    version(path)
    return path


def version(path: str) -> str:
    """The version an FFmpeg says it is. Raises ConfigurationError when it does not say."""
    try:
        answer = subprocess.run([path, "-version"], capture_output=True, timeout=_ANSWER_SECONDS, check=True).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise ConfigurationError(f"FFmpeg does not run: {path}.", hint=_HINT) from error
    found = re.match(rb"ffmpeg version n?(\S+)", answer)
    if not found:
        raise ConfigurationError(f"This is not FFmpeg: {path}.", hint=_HINT)
    return found[1].decode(errors="replace")


def _bundled() -> str:
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise ConfigurationError(
            "There is no FFmpeg.", hint="Run make setup again, or name one as streaming.ffmpeg."
        ) from error
