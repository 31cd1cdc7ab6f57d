"""How pictures are meant to be seen: turned, interlaced, of other shapes, sizes, ranges and colours."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from streaming.model.states import EncodeMode
from tests.matrix.kinds import Played, kind, whole
from tests.matrix.workshop import AAC, H264, Master, Workshop

TALL = Fraction(9, 16)
PORTRAIT = Master(width=360, height=640)


def passed_through(expected: Played, **changes: object) -> dict[EncodeMode, Played]:
    """What `copy` may send as it is: it promises no more than the file."""
    return {EncodeMode.COPY: replace(expected, **changes)}  # type: ignore[arg-type]


def turned(shop: Workshop, path: Path, *, drawn: str, shown: tuple[str, ...], master: Master | None = None) -> None:
    """A picture that lies on its side, and a matrix that sets it upright."""
    lying = shop.place("lying.mp4")
    shop.run("-i", shop.master(master), "-vf", drawn, *H264, *AAC, lying)
    shop.run(*shown, "-i", lying, "-c", "copy", path)


@kind("turned by 90°, as phones film", whole(aspect=TALL))
def rotated_90(shop: Workshop, path: Path) -> None:
    turned(shop, path, drawn="transpose=clock", shown=("-display_rotation", "90"), master=PORTRAIT)


@kind("turned by 270°", whole(aspect=TALL))
def rotated_270(shop: Workshop, path: Path) -> None:
    turned(shop, path, drawn="transpose=cclock", shown=("-display_rotation", "270"), master=PORTRAIT)


@kind("turned by 180°", whole())
def rotated_180(shop: Workshop, path: Path) -> None:
    turned(shop, path, drawn="hflip,vflip", shown=("-display_rotation", "180"))


@kind("mirrored by a matrix", whole())
def flipped(shop: Workshop, path: Path) -> None:
    turned(shop, path, drawn="hflip", shown=("-display_hflip",))


@kind("turned by 90° in Matroska", whole(aspect=TALL), suffix="mkv")
def rotated_matroska(shop: Workshop, path: Path) -> None:
    turned(shop, path, drawn="transpose=clock", shown=("-display_rotation", "90"), master=PORTRAIT)


INTERLACED = whole()


def woven(shop: Workshop, path: Path, first: str, *options: str) -> None:
    """Two pictures in the fields of one."""
    source = shop.master(Master(fps=60, shown_twice=True))
    shop.run("-i", source, "-vf", f"interlace=scan={first}:lowpass=off", *H264, *AAC, *options, path)


@kind("interlaced, top field first", INTERLACED, otherwise=passed_through(INTERLACED, is_smooth=False))
def interlaced_top(shop: Workshop, path: Path) -> None:
    woven(shop, path, "tff", "-flags", "+ildct+ilme", "-x264-params", "tff=1")


@kind("interlaced, bottom field first", INTERLACED, otherwise=passed_through(INTERLACED, is_smooth=False))
def interlaced_bottom(shop: Workshop, path: Path) -> None:
    woven(shop, path, "bff", "-flags", "+ildct+ilme", "-x264-params", "bff=1")


@kind(
    "interlaced in a transport stream of MPEG-2, as broadcasters have it",
    INTERLACED,
    suffix="ts",
)
def interlaced_mpeg2(shop: Workshop, path: Path) -> None:
    mpeg2 = ("-c:v", "mpeg2video", "-b:v", "6000k", "-flags", "+ildct+ilme", "-top", "1", "-c:a", "mp2")
    woven(shop, path, "tff", *mpeg2[:6], *mpeg2[8:])


@kind("progressive pictures that say they are interlaced", whole())
def falsely_interlaced(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(), *H264, "-x264-params", "fake-interlaced=1", *AAC, path)


def squeezed(shop: Workshop, path: Path, size: str, pixel: str, master: Master | None = None) -> None:
    """A picture whose pixels are not square."""
    shop.run("-i", shop.master(master), "-vf", f"scale={size},setsar={pixel}", *H264, *AAC, path)


@kind("pixels of 4:3", whole())
def pixels_4_3(shop: Workshop, path: Path) -> None:
    squeezed(shop, path, "480:360", "4/3")


@kind("the profile's size, and pixels of 3:4", whole(aspect=Fraction(4, 3)))
def pixels_3_4(shop: Workshop, path: Path) -> None:
    squeezed(shop, path, "640:360", "3/4", Master(width=480))


@kind("PAL widescreen, 720×576 with pixels of 64:45", whole(rate=25))
def pixels_pal(shop: Workshop, path: Path) -> None:
    squeezed(shop, path, "720:576", "64/45", Master(width=1024, height=576, fps=25))


@kind("pixels of 4:3 told by the container alone", whole(), suffix="mkv")
def pixels_by_container(shop: Workshop, path: Path) -> None:
    source = shop.place("plain.mkv")
    shop.run("-i", shop.master(), "-vf", "scale=480:360,setsar=1", *H264, *AAC, source)
    shop.run("-i", source, "-c", "copy", "-aspect", "16:9", path)


@kind("an odd size, 641×359", whole(aspect=Fraction(641, 359)), suffix="webm")
def odd_size(shop: Workshop, path: Path) -> None:
    vp9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "1500k", "-pix_fmt", "yuv420p")
    shop.run("-i", shop.master(Master(width=641, height=359)), *vp9, "-c:a", "libopus", path)


@kind("tiny, 16×16", Played(6))
def tiny(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(), "-vf", "scale=16:16", *H264, *AAC, path)


@kind("tall, 1080×1920", whole(4, aspect=TALL))
def tall(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(Master(4, width=360, height=640)), "-vf", "scale=1080:1920", *H264, *AAC, path)


@kind("very wide, 1280×320", whole(aspect=Fraction(4)))
def very_wide(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(Master(width=1280, height=320)), *H264, *AAC, path)


@kind("4:3", whole(aspect=Fraction(4, 3)))
def four_thirds(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(Master(width=480)), *H264, *AAC, path)


@kind("3840×2160", whole(4))
def ultra_high_definition(shop: Workshop, path: Path) -> None:
    shop.run(
        "-i", shop.master(Master(4)), "-vf", "scale=3840:2160:flags=neighbor", *H264, "-preset", "ultrafast", *AAC, path
    )


HDR = "zscale=matrixin=bt709:transferin=bt709:primariesin=bt709:transfer={}:primaries=bt2020:matrix=bt2020nc:npl=203"
X265 = ("-c:v", "libx265", "-preset", "ultrafast", "-crf", "18", "-pix_fmt", "yuv420p10le", "-tag:v", "hvc1")


def bright(shop: Workshop, path: Path, transfer: str, *encoder: str) -> None:
    """A picture of the same colours on the scale of HDR, where white is at 203 nits (ITU-R BT.2408)."""
    scaled = f"format=gbrpf32le,{HDR.format(transfer)},format=yuv420p10le"
    tags = ("-color_primaries", "bt2020", "-color_trc", transfer, "-colorspace", "bt2020nc")
    shop.run("-i", shop.master(Master(4)), "-vf", scaled, *encoder, *tags, path)


BRIGHT = whole(4, colour_tolerance=60.0)
"""How bright white is to be is a matter of taste, within limits."""


@kind("HDR10 (PQ) in HEVC", BRIGHT)
def hdr_pq(shop: Workshop, path: Path) -> None:
    told = "colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:hdr10=1:log-level=error"
    bright(shop, path, "smpte2084", *X265, "-x265-params", told, *AAC)


@kind("HLG in HEVC", BRIGHT)
def hdr_hlg(shop: Workshop, path: Path) -> None:
    told = "colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc:log-level=error"
    bright(shop, path, "arib-std-b67", *X265, "-x265-params", told, *AAC)


@kind("HDR10 (PQ) in VP9", BRIGHT, suffix="webm")
def hdr_vp9(shop: Workshop, path: Path) -> None:
    vp9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "2000k")
    bright(shop, path, "smpte2084", *vp9, "-profile:v", "2", "-pix_fmt", "yuv420p10le", "-c:a", "libopus")


@kind("HDR (PQ) in H.264 of 8 bits", BRIGHT, otherwise=passed_through(BRIGHT, has_colours=False))
def hdr_h264(shop: Workshop, path: Path) -> None:
    bright(shop, path, "smpte2084", *H264, *AAC)


@kind("full range", whole())
def full_range(shop: Workshop, path: Path) -> None:
    shop.run(
        "-i", shop.master(), "-vf", "scale=out_range=pc,format=yuvj420p", *H264, "-pix_fmt", "yuvj420p", *AAC, path
    )


@kind("colours by BT.601, as it says", whole())
def bt601(shop: Workshop, path: Path) -> None:
    tags = "setparams=colorspace=smpte170m:color_primaries=smpte170m:color_trc=smpte170m"
    shop.run("-i", shop.master(), "-vf", f"scale=out_color_matrix=bt601,{tags}", *H264, *AAC, path)


def pixel_format(shop: Workshop, path: Path, *options: str) -> None:
    shop.run("-i", shop.master(), *H264, *options, *AAC, path)


@kind("4:2:2", whole())
def yuv422(shop: Workshop, path: Path) -> None:
    pixel_format(shop, path, "-pix_fmt", "yuv422p")


@kind("4:4:4", whole())
def yuv444(shop: Workshop, path: Path) -> None:
    pixel_format(shop, path, "-pix_fmt", "yuv444p")


@kind("10 bits in H.264", whole())
def ten_bits(shop: Workshop, path: Path) -> None:
    pixel_format(shop, path, "-pix_fmt", "yuv420p10le")


@kind("grey", whole(has_colours=False))
def grey(shop: Workshop, path: Path) -> None:
    pixel_format(shop, path, "-pix_fmt", "gray")


@kind("RGB in H.264", whole())
def rgb(shop: Workshop, path: Path) -> None:
    pixel_format(shop, path, "-c:v", "libx264rgb", "-pix_fmt", "rgb24")
