"""What is no video at all, and what only pretends to be one."""

import random
from pathlib import Path

from tests.matrix import surgery
from tests.matrix.kinds import PassedOver, Played, kind
from tests.matrix.workshop import AAC, H264, Workshop

NEVER = PassedOver()


@kind("an empty file", NEVER)
def empty(_: Workshop, path: Path) -> None:
    path.write_bytes(b"")


@kind("a text", NEVER)
def text(_: Workshop, path: Path) -> None:
    path.write_text("Lorem ipsum dolor sit amet.\n" * 200)


@kind("a page of HTML called .mp4", NEVER)
def html(_: Workshop, path: Path) -> None:
    path.write_text("<!DOCTYPE html>\n<html><body><p>404: there is no such video.</p></body></html>\n" * 20)


@kind("noise", NEVER)
def noise(_: Workshop, path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(200_000))


@kind("zeros", NEVER)
def zeros(_: Workshop, path: Path) -> None:
    path.write_bytes(bytes(200_000))


@kind("an HLS list called .mp4 that names a file of this machine", NEVER)
def list_of_a_file(_: Workshop, path: Path) -> None:
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n")


@kind("an HLS list called .mp4 that names an address of this machine", NEVER)
def list_of_an_address(_: Workshop, path: Path) -> None:
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n")


@kind("a list for FFmpeg called .mp4", NEVER)
def list_for_ffmpeg(_: Workshop, path: Path) -> None:
    path.write_text("ffconcat version 1.0\nfile '/etc/hostname'\n")


@kind("a JPEG", NEVER, suffix="jpg")
def jpeg(shop: Workshop, path: Path) -> None:
    shop.picture().rename(path)


@kind("a JPEG called .mp4", NEVER)
def jpeg_in_disguise(shop: Workshop, path: Path) -> None:
    shop.picture().rename(path)


@kind("a PNG", NEVER, suffix="png")
def png(shop: Workshop, path: Path) -> None:
    shop.picture("cover.png").rename(path)


@kind("a WebP", NEVER, suffix="webp")
def webp(shop: Workshop, path: Path) -> None:
    shop.picture("cover.webp").rename(path)


@kind("an MP4 without an index", NEVER)
def index_missing(shop: Workshop, path: Path) -> None:
    surgery.cut_off(shop.plain(), path, keep=0.7)


@kind("the header of a fragmented MP4 and nothing else", NEVER)
def header_alone(shop: Workshop, path: Path) -> None:
    source = shop.place("fragmented.mp4")
    shop.run("-i", shop.master(), *H264, *AAC, "-movflags", "+frag_keyframe+empty_moov", source)
    surgery.change(source, path, lambda data: data[: surgery.find(data, b"moov").ends])


@kind("an MP4 of which only the sound's header is left", NEVER)
def sound_header_alone(shop: Workshop, path: Path) -> None:
    source = shop.place("fragmented.mp4")
    shop.run("-i", shop.master(), "-vn", *AAC, "-movflags", "+frag_keyframe+empty_moov", source)
    surgery.change(source, path, lambda data: data[: surgery.find(data, b"moov").ends])


@kind("subtitles alone", NEVER, suffix="srt")
def subtitles_alone(_: Workshop, path: Path) -> None:
    path.write_text("1\n00:00:01,000 --> 00:00:02,000\nHello\n")


@kind("one picture and no sound", Played(0.033, may_be_passed_over=True, longest_seconds=0.5))
def a_single_picture(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(), *H264, "-an", "-frames:v", "1", path)


@kind("a tenth of a second", Played(0.1, may_be_passed_over=True))
def very_short(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(), *H264, *AAC, "-t", "0.1", path)
