"""Pictures far apart, or none for long: stills, screen recordings, pictures and sounds of unlike length."""

from pathlib import Path

from tests.matrix.kinds import Numbers, Played, Span, kind, sound_apart, whole
from tests.matrix.workshop import AAC, H264, Master, Workshop

STILL = ("-c:v", "libx264", "-tune", "stillimage", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-g", "250")


@kind("a still at 1 picture a second, one keyframe", whole(8, rate=1))
def still_1fps(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(Master(8, fps=1)), *STILL, *AAC, path)


@kind("a still at 2 pictures a second, one keyframe", whole(6, rate=2))
def still_2fps(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(Master(6, fps=2)), *STILL, *AAC, path)


@kind("a still at 5 pictures a second, one keyframe", whole(6, rate=5))
def still_5fps(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(Master(6, fps=5)), *STILL, *AAC, path)


@kind("a still at 10 pictures a second, one keyframe", whole(6, rate=10))
def still_10fps(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(Master(6, fps=10)), *STILL, *AAC, path)


@kind(
    "a song with one picture in all",
    Played(6, numbers=Numbers(0, rate=1), hum=Span(0, 6), synced_seconds=1),
)
def one_picture_in_all(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(), "-vf", "select=eq(n\\,0)", "-fps_mode", "vfr", *H264, *AAC, path)


@kind(
    "a screen recording: no picture for seconds, then 60 a second",
    Played(9, numbers=Numbers(539, rate=60, least_seen=0.15), hum=Span(0, 9), synced_seconds=2),
)
def screen_recording(shop: Workshop, path: Path) -> None:
    chosen = "select='lt(t,1)+between(t,5,6)+gt(t,8)'"
    timing = ("-fps_mode", "vfr", "-video_track_timescale", "90000")
    shop.run("-i", shop.master(Master(9, fps=60)), "-vf", chosen, *timing, *H264, *AAC, path)


@kind(
    "the picture ends 5 s before the sound",
    Played(8, numbers=Numbers(89), hum=Span(0, 8), synced_seconds=2),
)
def picture_shorter(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(Master(8)), "-vf", "trim=end=3", *H264, *AAC, path)


@kind(
    "the picture is there for half a second of the sound",
    Played(8, numbers=Numbers(14), hum=Span(0, 8), synced_seconds=1),
)
def picture_almost_missing(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(Master(8)), "-vf", "trim=end=0.5", *H264, *AAC, path)


@kind(
    "the sound ends 4 s before the picture",
    Played(7, numbers=Numbers(209), hum=Span(0, 3), synced_seconds=2),
)
def sound_shorter(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(Master(7)), "-af", "atrim=end=3", *H264, *AAC, path)


@kind(
    "half a second of sound under the picture",
    Played(6, numbers=Numbers(179), hum=Span(0, 0.5), synced_seconds=1),
)
def sound_almost_missing(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(), "-af", "atrim=end=0.5", *H264, *AAC, path)


@kind("no sound", Played(6, numbers=Numbers(179)))
def no_sound(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(), *H264, "-an", path)


@kind("a still at 1 picture a second in Matroska", whole(6, rate=1), suffix="mkv")
def still_matroska(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(Master(6, fps=1)), *STILL, *AAC, path)


@kind("a still at 1 picture a second in VP9 and Opus", whole(6, rate=1), suffix="webm")
def still_webm(shop: Workshop, path: Path) -> None:
    picture = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "500k", "-pix_fmt", "yuv420p")
    shop.run("-i", shop.master(Master(6, fps=1)), *picture, "-c:a", "libopus", path)


def apart(shop: Workshop, path: Path, master: Master, *picture: str) -> None:
    """Picture and sound in a file each, fragmented as YouTube has them."""
    fragments = ("-movflags", "+frag_keyframe+delay_moov")
    shop.run("-i", shop.master(master), "-an", *picture, *fragments, path)
    shop.run("-i", shop.master(master), "-vn", *AAC, *fragments, sound_apart(path))


@kind("a still at 1 picture a second, picture and sound in two files, as YouTube has them", whole(8, rate=1))
def still_apart(shop: Workshop, path: Path) -> None:
    apart(shop, path, Master(8, fps=1), *STILL)


@kind("an ordinary video, picture and sound in two files", whole())
def ordinary_apart(shop: Workshop, path: Path) -> None:
    apart(shop, path, Master(), *H264)


@kind(
    "picture and sound in two files, the picture ends 3 s before",
    Played(6, numbers=Numbers(89), hum=Span(0, 6), synced_seconds=2),
)
def picture_shorter_apart(shop: Workshop, path: Path) -> None:
    apart(shop, path, Master(), "-t", "3", *H264)


@kind("25 pictures a second", whole(6, rate=25))
def rate_25(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(Master(fps=25)), *H264, *AAC, path)


@kind("60 pictures a second", whole(6, rate=60))
def rate_60(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(Master(fps=60)), *H264, *AAC, path)


@kind("120 pictures a second", whole(4, rate=120))
def rate_120(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(Master(4, fps=120)), *H264, *AAC, path)


@kind("keyframes 10 s apart", whole(12))
def keyframes_far_apart(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(Master(12)), *H264, "-g", "300", "-keyint_min", "300", *AAC, path)


@kind("one keyframe only", whole(9))
def one_keyframe(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(Master(9)), *H264, "-g", "9999", "-keyint_min", "9999", *AAC, path)
