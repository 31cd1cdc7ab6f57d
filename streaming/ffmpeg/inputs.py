"""How FFmpeg may read what comes from outside: by the one way we give it, only what holds media, within bounds.

A file's name says nothing: a list (HLS, DASH, ffconcat, SDP) called `.mp4` would have FFmpeg fetch whatever it names,
from inside our network or off our disk. So the formats that are media are listed, and no other is opened.
"""

import os
from collections.abc import Iterable

from streaming.ffmpeg.stderr import Complaint, classify

_CONTAINERS = "asf,avi,caf,dv,flv,gxf,ivf,matroska,mov,mpeg,mpegts,mxf,nut,obu,ogg,rm,swf,w64,wav,webm,wtv,yuv4mpegpipe"
_SOUND = "aac,ac3,aiff,amr,ape,au,dsf,dts,dtshd,eac3,flac,mp3,mpc,mpc8,truehd,tta,wv,xwma"
_PICTURES = "apng,av1,gif,h261,h263,h264,hevc,m4v,mjpeg,mpegvideo,vc1,vvc"
_NEITHER = "tty,bmp_pipe,jpeg_pipe,jpegxl_pipe,png_pipe,tiff_pipe,webp_pipe"
"""Texts and stills are harmless, and known by these names for what they are; they are not played."""
_MOST_PIXELS = 8192 * 4352
"""8K, as cinemas and YouTube have it. A picture that says it is 32768 × 32768 asks for gigabytes in a few bytes."""
_MEGABYTES_A_CORE = 64
"""Each core makes for one and a half threads more, with a stack and a picture of its own."""

TOO_MUCH_MEMORY = "it needs more memory than an item may have"
_REFUSALS = {
    Complaint.OUT_OF_MEMORY: TOO_MUCH_MEMORY,
    Complaint.INPUT_NO_MEDIA: "it is not a media file, but a list or something else",
    Complaint.INPUT_TOO_LARGE: "its picture is larger than 8K",
}


def guarded_input(url: str) -> list[str]:
    """The options to read one input with, `-i` included; `url` is one of ours, on loopback, or a file's path."""
    return [
        *("-protocol_whitelist", "http,tcp" if url.startswith("http://") else "file"),
        *("-format_whitelist", f"{_CONTAINERS},{_SOUND},{_PICTURES},{_NEITHER}"),
        *("-max_pixels", str(_MOST_PIXELS)),
        *("-i", url),
    ]


def why_refused(lines: Iterable[str]) -> str:
    """Why FFmpeg could not read an input for these guards, as a clause for people; nothing if that was not why."""
    complaints = map(classify, lines)
    return next((_REFUSALS[complaint] for complaint in complaints if complaint in _REFUSALS), "")


def memory_limit_mb(item_mb: int) -> int:
    """What one item's FFmpeg may hold on this machine, when an item may have `item_mb`."""
    return item_mb + _MEGABYTES_A_CORE * (os.cpu_count() or 1)
