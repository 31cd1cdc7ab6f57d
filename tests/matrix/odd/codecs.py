"""Codecs, containers and streams at their limits."""

from fractions import Fraction
from pathlib import Path

from tests.matrix import surgery
from tests.matrix.kinds import Numbers, Played, kind, whole
from tests.matrix.odd.clocks import recorded
from tests.matrix.odd.damage import GRAINY
from tests.matrix.workshop import AAC, H264, Master, Workshop


def coded(shop: Workshop, path: Path, *options: str, master: Master | None = None) -> None:
    """Encodes in the colours of small pictures, BT.601, which is what players suppose where a file says nothing."""
    tags = "setparams=colorspace=smpte170m:color_primaries=smpte170m:color_trc=smpte170m"
    small = ("-vf", f"scale=out_color_matrix=bt601,format=yuv420p,{tags}")
    shop.run("-i", shop.master(master), *small, *options, path)


@kind("HEVC", whole())
def hevc(shop: Workshop, path: Path) -> None:
    coded(shop, path, "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error", *AAC)


@kind("VP8 in WebM", whole(), suffix="webm")
def vp8(shop: Workshop, path: Path) -> None:
    coded(shop, path, "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "1500k", "-c:a", "libvorbis")


@kind("VP9 in WebM", whole(), suffix="webm")
def vp9(shop: Workshop, path: Path) -> None:
    coded(
        shop, path, "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "1500k", "-c:a", "libopus"
    )


@kind("AV1 in MP4", whole())
def av1(shop: Workshop, path: Path) -> None:
    coded(shop, path, "-c:v", "libsvtav1", "-preset", "10", "-crf", "22", "-svtav1-params", "lp=1", *AAC)


@kind("MPEG-2 in a program stream", whole(), suffix="mpg")
def mpeg2(shop: Workshop, path: Path) -> None:
    coded(shop, path, "-c:v", "mpeg2video", "-b:v", "3000k", "-c:a", "mp2")


@kind("MPEG-4 with packed B-frames in AVI, as Xvid made it", whole(unread_seconds=0.1, own_late_ms=-95), suffix="avi")
def xvid_packed(shop: Workshop, path: Path) -> None:
    coded(shop, path, "-c:v", "libxvid", "-bf", "2", "-b:v", "2000k", "-c:a", "libmp3lame")


@kind("Motion JPEG in AVI", whole(), suffix="avi")
def mjpeg(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(), "-c:v", "mjpeg", "-q:v", "4", "-pix_fmt", "yuvj420p", "-c:a", "pcm_s16le", path)


@kind("ProRes in MOV", whole(), suffix="mov")
def prores(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(), "-c:v", "prores_ks", "-profile:v", "0", "-c:a", "pcm_s16le", path)


@kind("Windows Media", whole(), suffix="wmv")
def wmv(shop: Workshop, path: Path) -> None:
    coded(shop, path, "-c:v", "wmv2", "-b:v", "2000k", "-c:a", "wmav2")


@kind("Sorenson in FLV", whole(), suffix="flv")
def flv1(shop: Workshop, path: Path) -> None:
    coded(shop, path, "-c:v", "flv", "-b:v", "2000k", "-c:a", "libmp3lame", "-ar", "44100")


@kind("H.264 in FLV", whole(), suffix="flv")
def flv_h264(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(), *H264, *AAC, path)


@kind("an animated GIF", Played(4, numbers=Numbers(39, rate=10), has_colours=False), suffix="gif")
def gif(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(Master(4, fps=10)), "-an", path)


@kind("Theora in Ogg", whole(), suffix="ogv")
def theora(shop: Workshop, path: Path) -> None:
    coded(shop, path, "-c:v", "libtheora", "-q:v", "7", "-c:a", "libvorbis")


@kind("H.263 and AMR in 3GP, as old phones filmed", whole(rate=15, aspect=Fraction(4, 3)), suffix="3gp")
def h263(shop: Workshop, path: Path) -> None:
    source = shop.master(Master(width=384, height=288, fps=15))
    shop.run(
        *("-i", source, "-vf", "scale=352:288:out_color_matrix=bt601,setsar=12/11", "-c:v", "h263", "-b:v", "800k"),
        *("-c:a", "libopencore_amrnb", "-ar", "8000", "-ac", "1", path),
    )


@kind("DV in AVI", whole(rate=25), suffix="avi")
def dv(shop: Workshop, path: Path) -> None:
    master = Master(width=1024, height=576, fps=25)
    shop.run(
        "-i", shop.master(master), "-vf", "scale=720:576,setsar=64/45", "-c:v", "dvvideo", "-c:a", "pcm_s16le", path
    )


@kind("FFV1 in Matroska", whole(), suffix="mkv")
def ffv1(shop: Workshop, path: Path) -> None:
    coded(shop, path, "-c:v", "ffv1", "-c:a", "flac")


@kind("bare H.264 without any times", Played(6, numbers=Numbers(179), longest_seconds=7.2), suffix="h264")
def bare_h264(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(), *H264, "-an", "-f", "h264", path)


@kind("fragmented MP4", whole())
def fragmented(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(), *H264, *AAC, "-movflags", "+frag_keyframe+delay_moov+default_base_moof", path)


@kind("MP4 with its index at the end", whole())
def index_at_end(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(), *H264, *AAC, path)


@kind("keyframes only", whole())
def all_intra(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(), *H264, "-g", "1", *AAC, path)


@kind("20 Mbit/s", whole(4, has_colours=False, is_smooth=False))
def high_bitrate(shop: Workshop, path: Path) -> None:
    rate = ("-b:v", "20M", "-maxrate", "20M", "-bufsize", "20M", "-preset", "ultrafast")
    shop.run("-i", shop.master(Master(4)), *GRAINY, "-vf", "noise=alls=30:allf=t", *rate, *AAC, path)


@kind("eight B-frames in a pyramid, and sixteen references", whole())
def many_references(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(), *H264, "-bf", "8", "-refs", "16", "-b_strategy", "0", *AAC, path)


@kind("H.264 of Baseline profile in slices", whole())
def baseline(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(), *H264, "-profile:v", "baseline", "-bf", "0", "-x264-params", "slices=4", *AAC, path)


@kind("parameter sets in the stream alone (avc3)", whole())
def avc3(shop: Workshop, path: Path) -> None:
    source = shop.place("plain.ts")
    recorded(shop, source)
    shop.run("-i", source, "-c", "copy", "-tag:v", "avc3", path)


@kind("a header that claims an hour", whole())
def claims_an_hour(shop: Workshop, path: Path) -> None:
    surgery.set_header(shop.plain(), path, b"mvhd", duration=3_600_000)


@kind("a header that claims no length", whole())
def claims_no_length(shop: Workshop, path: Path) -> None:
    surgery.set_header(shop.plain(), path, b"mvhd", duration=0)


@kind("a header that claims the greatest length there is", whole())
def claims_greatest_length(shop: Workshop, path: Path) -> None:
    between = shop.place("between.mp4")
    surgery.set_header(shop.plain(), between, b"mvhd", duration=0xFFFFFFFE)
    surgery.set_header(between, path, b"mdhd", duration=0xFFFFFFFE)


@kind("a timescale of nothing", whole(may_be_passed_over=True))
def timescale_of_nothing(shop: Workshop, path: Path) -> None:
    surgery.set_header(shop.plain(), path, b"mvhd", scale=0)


@kind("a Matroska length that is no number", whole(), suffix="mkv")
def length_is_no_number(shop: Workshop, path: Path) -> None:
    length_becomes(shop, path, b"\x7f\xf8\0\0\0\0\0\0")


@kind("a Matroska length of more than the age of the world", whole(), suffix="mkv")
def length_is_endless(shop: Workshop, path: Path) -> None:
    length_becomes(shop, path, b"\x7f\xe0\0\0\0\0\0\0")


def length_becomes(shop: Workshop, path: Path, length: bytes) -> None:
    """Overwrites the eight bytes of Matroska's Duration."""
    source = shop.plain(name="plain.mkv")

    def claim(data: bytearray) -> None:
        at = data.index(b"\x44\x89\x88") + 3
        data[at : at + 8] = length

    surgery.change(source, path, claim)
