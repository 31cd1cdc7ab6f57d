"""Damage: noise, zeros, lost packets, ends cut off, beginnings missing. Players go on behind it."""

from dataclasses import replace
from pathlib import Path

from tests.matrix import surgery
from tests.matrix.kinds import Numbers, Played, Span, kind, whole
from tests.matrix.workshop import AAC, Master, Workshop

_GOP_SECONDS = 2.0
_SEEN = 0.95 - _GOP_SECONDS / 8
GRAINY = (
    *("-vf", "noise=alls=8:allf=t", "-c:v", "libx264", "-preset", "veryfast", "-b:v", "1500k", "-maxrate", "1500k"),
    *("-bufsize", "1500k", "-pix_fmt", "yuv420p", "-g", "60", "-sc_threshold", "0", "-bf", "2"),
)
"""So many bits that damage hits a part of a GOP, and time and bytes go together."""
HURT = Played(
    8,
    numbers=Numbers(239, least_seen=_SEEN),
    unread_seconds=_GOP_SECONDS,
    hum=Span(0, 8),
    silent_seconds=0.5,
    synced_seconds=4,
    is_hurt=True,
)
HURT_CLUSTER = replace(HURT, silent_seconds=_GOP_SECONDS + 0.1)
"""Sound and picture of one GOP share a cluster in Matroska, and a reader finds only the next one."""
HURT_PACKETS = replace(HURT, silent_seconds=1.0)


def grainy(shop: Workshop, name: str, *options: str) -> Path:
    """Eight seconds to be damaged."""
    path = shop.place(name)
    shop.run("-i", shop.master(Master(8)), *GRAINY, *AAC, *options, path)
    return path


@kind("noise in the middle of an MP4", HURT)
def noise_mp4(shop: Workshop, path: Path) -> None:
    surgery.with_noise(grainy(shop, "plain.mp4", "-movflags", "+faststart"), path, begins=0.5, length=40_000)


@kind("noise in the middle of a Matroska file", HURT_CLUSTER, suffix="mkv")
def noise_mkv(shop: Workshop, path: Path) -> None:
    surgery.with_noise(grainy(shop, "plain.mkv"), path, begins=0.5, length=40_000)


@kind("noise in the middle of a transport stream", HURT, suffix="ts")
def noise_ts(shop: Workshop, path: Path) -> None:
    surgery.with_noise(grainy(shop, "plain.ts"), path, begins=0.5, length=40_000)


@kind("noise in the middle of an FLV", HURT, suffix="flv")
def noise_flv(shop: Workshop, path: Path) -> None:
    surgery.with_noise(grainy(shop, "plain.flv"), path, begins=0.5, length=20_000)


@kind("noise in the middle of an AVI", HURT, suffix="avi")
def noise_avi(shop: Workshop, path: Path) -> None:
    source = grainy(shop, "plain.avi", "-c:v", "mpeg4", "-b:v", "1500k", "-c:a", "libmp3lame", "-bf", "0")
    surgery.with_noise(source, path, begins=0.5, length=40_000)


@kind("three places with a little noise", HURT)
def noise_scattered(shop: Workshop, path: Path) -> None:
    source = grainy(shop, "plain.mp4", "-movflags", "+faststart")
    once, twice = shop.place("once.mp4"), shop.place("twice.mp4")
    surgery.with_noise(source, once, begins=0.50, length=300)
    surgery.with_noise(once, twice, begins=0.55, length=300)
    surgery.with_noise(twice, path, begins=0.60, length=300)


@kind("a stretch of zeros in an MP4", HURT)
def zeros_mp4(shop: Workshop, path: Path) -> None:
    surgery.with_zeros(grainy(shop, "plain.mp4", "-movflags", "+faststart"), path, begins=0.5, length=60_000)


@kind("a stretch of zeros in a Matroska file", HURT_CLUSTER, suffix="mkv")
def zeros_mkv(shop: Workshop, path: Path) -> None:
    surgery.with_zeros(grainy(shop, "plain.mkv"), path, begins=0.5, length=60_000)


@kind("packets lost in a transport stream", HURT_PACKETS, suffix="ts")
def packets_lost(shop: Workshop, path: Path) -> None:
    surgery.without_packets(grainy(shop, "plain.ts"), path, begins=0.5, ends=0.58, every=9)


@kind(
    "a transport stream with two seconds cut out",
    Played(
        6,
        longest_seconds=8,
        numbers=Numbers(239, least_seen=0.5),
        unread_seconds=2,
        synced_seconds=3,
        is_hurt=True,
    ),
    suffix="ts",
)
def packets_lost_in_a_row(shop: Workshop, path: Path) -> None:
    surgery.without_packets(grainy(shop, "plain.ts"), path, begins=0.4, ends=0.65, every=1)


_HALF = Played(4.3, longest_seconds=5.4, numbers=Numbers(150, least_seen=0.8), hum=Span(0, 4), synced_seconds=3)


@kind("an MP4 that breaks off, its index in front", _HALF)
def cut_off_mp4(shop: Workshop, path: Path) -> None:
    surgery.cut_off(grainy(shop, "plain.mp4", "-movflags", "+faststart"), path, keep=0.6)


@kind("a Matroska file that breaks off", _HALF, suffix="mkv")
def cut_off_mkv(shop: Workshop, path: Path) -> None:
    surgery.cut_off(grainy(shop, "plain.mkv"), path, keep=0.6)


@kind("a transport stream that breaks off", _HALF, suffix="ts")
def cut_off_ts(shop: Workshop, path: Path) -> None:
    surgery.cut_off(grainy(shop, "plain.ts"), path, keep=0.6)


_LATE = Played(
    5.4,
    longest_seconds=7.5,
    numbers=Numbers(239, first=60, least_seen=0.55),
    unread_seconds=2.0,
    synced_seconds=3,
    is_hurt=True,
)


@kind("a transport stream that begins between two keyframes", _LATE, suffix="ts")
def begins_between_keyframes(shop: Workshop, path: Path) -> None:
    surgery.without_packets(grainy(shop, "plain.ts"), path, begins=0, ends=0.13, every=1)


@kind("an MP4 whose first keyframe is missing", replace(_LATE, seconds=6.0, longest_seconds=8.0))
def first_keyframe_missing(shop: Workshop, path: Path) -> None:
    shop.run("-i", grainy(shop, "plain.mp4"), "-c", "copy", "-bsf:v", "noise=drop=lt(n\\,20)", path)


@kind("open GOPs, cut at the front", _LATE, suffix="ts")
def open_gops(shop: Workshop, path: Path) -> None:
    surgery.without_packets(grainy(shop, "plain.ts", "-x264-params", "open-gop=1"), path, begins=0, ends=0.13, every=1)


@kind("open GOPs", whole(8, has_colours=False))
def open_gops_whole(shop: Workshop, path: Path) -> None:
    shop.run("-i", grainy(shop, "plain.ts", "-x264-params", "open-gop=1"), "-c", "copy", path)
