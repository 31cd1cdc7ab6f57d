"""Streams beside picture and sound, and which of several is the right one."""

from pathlib import Path

from tests.matrix import surgery
from tests.matrix.kinds import Played, Span, kind, whole
from tests.matrix.workshop import AAC, H264, Master, Workshop

SILENT = ("-f", "lavfi", "-t", "6", "-i", "anullsrc=r=48000:cl=stereo")
GREY = ("-f", "lavfi", "-t", "6", "-i", "color=c=gray:s=640x360:r=30")


@kind("a timecode track, as cameras and editors write it", whole(), suffix="mov")
def timecode_track(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(), *H264, *AAC, "-timecode", "01:00:00:00", path)


@kind("a timecode track in MP4", whole())
def timecode_track_mp4(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(), *H264, *AAC, "-timecode", "01:00:00:00", path)


@kind("a stream of data in a transport stream", whole(), suffix="ts")
def data_stream(shop: Workshop, path: Path) -> None:
    telemetry = shop.place("telemetry.klv")
    telemetry.write_bytes(bytes(range(256)) * 8)
    streams = ("-map", "0:v", "-map", "0:a", "-map", "1:d")
    shop.run("-i", shop.plain(), "-f", "data", "-i", telemetry, *streams, "-c", "copy", path)


def subtitled(shop: Workshop, path: Path, codec: str) -> None:
    words = shop.place("words.srt")
    words.write_text("1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:04,000 --> 00:00:05,000\nGood-bye\n")
    shop.run("-i", shop.plain(), "-i", words, "-map", "0", "-map", "1", "-c", "copy", "-c:s", codec, path)


@kind("subtitles in MP4", whole())
def subtitles_mp4(shop: Workshop, path: Path) -> None:
    subtitled(shop, path, "mov_text")


@kind("subtitles in Matroska", whole(), suffix="mkv")
def subtitles_mkv(shop: Workshop, path: Path) -> None:
    subtitled(shop, path, "srt")


@kind("fonts attached in Matroska", whole(), suffix="mkv")
def fonts_attached(shop: Workshop, path: Path) -> None:
    font = shop.place("font.ttf")
    font.write_bytes(b"\0\1\0\0" + bytes(5000))
    attached = ("-attach", str(font), "-metadata:s:t", "mimetype=application/x-truetype-font")
    shop.run("-i", shop.plain(), "-c", "copy", *attached, path)


@kind("chapters", whole())
def chapters(shop: Workshop, path: Path) -> None:
    list_of_them = shop.place("chapters.txt")
    marks = "".join(f"[CHAPTER]\nTIMEBASE=1/1\nSTART={n}\nEND={n + 2}\ntitle=Part {n}\n" for n in (0, 2, 4))
    list_of_them.write_text(f";FFMETADATA1\n{marks}")
    shop.run("-i", shop.plain(), "-i", list_of_them, "-map_metadata", "1", "-c", "copy", path)


@kind("a cover behind the tracks", whole())
def cover_behind(shop: Workshop, path: Path) -> None:
    with_cover(shop, path)


@kind("a cover before the tracks", whole())
def cover_before(shop: Workshop, path: Path) -> None:
    source = shop.place("cover.mp4")
    with_cover(shop, source)
    first = {b"mvhd": 0, b"udta": 1}
    surgery.tracks_moved(source, path, lambda box: first.get(box[4:8], 2))


def with_cover(shop: Workshop, path: Path) -> None:
    streams = ("-map", "0", "-map", "1", "-c", "copy", "-disposition:v:1", "attached_pic")
    shop.run("-i", shop.plain(), "-i", shop.picture(), *streams, path)


@kind("a JPEG as the first track", whole(), suffix="mkv")
def jpeg_track_first(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.picture(), "-i", shop.plain(), "-map", "0", "-map", "1", "-c", "copy", path)


@kind("two pictures, the second is the default", whole(), suffix="mkv")
def second_picture_default(shop: Workshop, path: Path) -> None:
    streams = ("-map", "1:v", "-map", "0:v", "-map", "0:a", *H264, *AAC)
    shop.run("-i", shop.master(), *GREY, *streams, "-disposition:v:0", "0", "-disposition:v:1", "default", path)


@kind("two pictures, the first is the default", whole())
def first_picture_default(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(), *GREY, "-map", "0:v", "-map", "1:v", "-map", "0:a", *H264, *AAC, path)


@kind("two programs in one transport stream", whole(), suffix="ts")
def two_programs(shop: Workshop, path: Path) -> None:
    streams = ("-map", "0:v", "-map", "0:a", "-map", "1:v", "-map", "2:a", *H264, *AAC)
    programs = ("-program", "title=One:st=0:st=1", "-program", "title=Two:st=2:st=3")
    shop.run("-i", shop.master(), *GREY, *SILENT, *streams, *programs, "-f", "mpegts", path)


@kind("two sounds, the second is the default", whole(), suffix="mkv")
def second_sound_default(shop: Workshop, path: Path) -> None:
    streams = ("-map", "0:v", "-map", "1:a", "-map", "0:a", *H264, *AAC)
    shop.run("-i", shop.master(), *SILENT, *streams, "-disposition:a:0", "0", "-disposition:a:1", "default", path)


@kind("two sounds, the first is the default", whole())
def first_sound_default(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(), *SILENT, "-map", "0:v", "-map", "0:a", "-map", "1:a", *H264, *AAC, path)


@kind("no decoder for the first of two sounds, in MP4", whole())
def first_sound_unknown(shop: Workshop, path: Path) -> None:
    source = shop.place("two.mp4")
    shop.run("-i", shop.master(), *SILENT, "-map", "0:v", "-map", "1:a", "-map", "0:a", *H264, *AAC, source)
    without_decoder(source, path)


def without_decoder(source: Path, path: Path) -> None:
    """Has the first sound of an MP4 claim to be what nobody knows, in its name and in its descriptor (`esds`)."""
    between = source.with_name("between.mp4")
    surgery.replaced(source, between, b"mp4a\0\0", b"xyzq\0\0", count=1)
    surgery.replaced(between, path, b"\x40\x15\0\0", b"\xe5\x15\0\0", count=1)


@kind("no decoder for the first of two sounds, in Matroska", whole(), suffix="mkv")
def first_sound_unknown_mkv(shop: Workshop, path: Path) -> None:
    source = shop.place("two.mkv")
    shop.run("-i", shop.master(), *SILENT, "-map", "0:v", "-map", "1:a", "-map", "0:a", *H264, *AAC, source)
    surgery.replaced(source, path, b"A_AAC", b"A_XYZ", count=1)


@kind("no decoder for the only sound", whole(hum=None, synced_seconds=0, may_be_passed_over=False))
def only_sound_unknown(shop: Workshop, path: Path) -> None:
    without_decoder(shop.plain(), path)


@kind(
    "no decoder for the only picture",
    Played(6, hum=Span(0, 6), may_be_passed_over=True),
)
def only_picture_unknown(shop: Workshop, path: Path) -> None:
    surgery.replaced(shop.plain(), path, b"avc1\0\0", b"xyzq\0\0", count=1)


@kind("left and right as two mono tracks, only the right one is heard", whole(), suffix="mov")
def two_mono_tracks(shop: Workshop, path: Path) -> None:
    sides = "[0:a]pan=mono|c0=c0[heard];anullsrc=r=48000:cl=mono:d=6[silent]"
    streams = ("-map", "0:v", "-map", "[silent]", "-map", "[heard]", *H264, "-c:a", "pcm_s16le")
    both = ("-disposition:a:0", "default", "-disposition:a:1", "default")
    shop.run("-i", shop.master(), "-filter_complex", sides, *streams, *both, path)


@kind("sound before the picture among the tracks", whole())
def sound_first(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.plain(), "-map", "0:a", "-map", "0:v", "-c", "copy", path)


@kind("sound and picture lie seconds apart in the file", whole(8), suffix="mkv")
def badly_interleaved(shop: Workshop, path: Path) -> None:
    late = ("-max_interleave_delta", "1", "-itsoffset", "0")
    picture, heard = shop.place("picture.mkv"), shop.place("sound.mkv")
    shop.run("-i", shop.master(Master(8)), *H264, "-an", picture)
    shop.run("-i", shop.master(Master(8)), *AAC, "-vn", heard)
    shop.run("-i", picture, *late[2:], "-i", heard, "-map", "0", "-map", "1", "-c", "copy", *late[:2], path)
