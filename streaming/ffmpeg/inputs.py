"""Options that restrict how FFmpeg reads media from outside.

A file's name says nothing: a playlist (HLS, DASH, ffconcat, SDP) named `.mp4` would make FFmpeg fetch any URL in it,
from inside our network or from our disk. So formats that hold media are listed, and no other is opened.
"""

import os
from collections.abc import Iterable

from streaming.ffmpeg.messages import Inputs
from streaming.ffmpeg.stderr import Complaint, classify
from streaming.model.message import NOTHING, Message

_CONTAINERS = "asf,avi,caf,dv,flv,gxf,ivf,matroska,mov,mpeg,mpegts,mxf,nut,obu,ogg,rm,swf,w64,wav,webm,wtv,yuv4mpegpipe"
_SOUND = "aac,ac3,aiff,amr,ape,au,dsf,dts,dtshd,eac3,flac,mp3,mpc,mpc8,truehd,tta,wv,xwma"
_PICTURES = "apng,av1,gif,h261,h263,h264,hevc,m4v,mjpeg,mpegvideo,vc1,vvc"
_NEITHER = "tty,bmp_pipe,jpeg_pipe,jpegxl_pipe,png_pipe,tiff_pipe,webp_pipe"
"""Harmless formats that are not played: opening them lets the probe say what they are."""
_MOST_PIXELS = 8192 * 4352
"""8K, as in cinemas and on YouTube. A header of a few bytes can declare 32768 × 32768 pixels, which take gigabytes."""
_MEGABYTES_A_CORE = 64
"""FFmpeg adds one and a half threads for each core, each with a stack and a picture."""

TOO_MUCH_MEMORY = Inputs.TOO_MUCH_MEMORY()
_REFUSALS = {
    Complaint.OUT_OF_MEMORY: TOO_MUCH_MEMORY,
    Complaint.INPUT_NO_MEDIA: Inputs.NO_MEDIA(),
    Complaint.INPUT_TOO_LARGE: Inputs.TOO_LARGE(),
}


def guarded_input(url: str) -> list[str]:
    """The options for one input, `-i` included. `url` is one of our loopback URLs, or a file's path."""
    return [
        *("-protocol_whitelist", "http,tcp" if url.startswith("http://") else "file"),
        *("-format_whitelist", f"{_CONTAINERS},{_SOUND},{_PICTURES},{_NEITHER}"),
        *("-max_pixels", str(_MOST_PIXELS)),
        *("-i", url),
    ]


def why_refused(lines: Iterable[str]) -> Message:
    """Why these restrictions stopped FFmpeg, as a clause for people; empty if they did not."""
    complaints = map(classify, lines)
    return next((_REFUSALS[complaint] for complaint in complaints if complaint in _REFUSALS), NOTHING)


def memory_limit_mb(item_mb: int) -> int:
    """The memory limit of one item's FFmpeg on this machine, for a configured limit of `item_mb`."""
    return item_mb + _MEGABYTES_A_CORE * (os.cpu_count() or 1)
