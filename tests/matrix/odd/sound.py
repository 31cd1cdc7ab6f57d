"""Sound of every sort, with a picture, with a cover, and alone."""

from pathlib import Path

from tests.matrix import surgery
from tests.matrix.kinds import Played, Span, kind, whole
from tests.matrix.workshop import AAC, H264, Workshop

ALONE = Played(6, hum=Span(0, 6), is_dark=True)
COVERED = Played(6, hum=Span(0, 6), is_bright=True)


def alone(shop: Workshop, path: Path, *options: str) -> None:
    shop.run("-i", shop.master(), "-vn", *options, path)


def covered(shop: Workshop, path: Path, *options: str) -> None:
    streams = ("-map", "0:a", "-map", "1:v", "-c:v", "copy", "-disposition:v", "attached_pic")
    shop.run("-i", shop.master(), "-i", shop.picture(), *streams, *options, path)


@kind("an MP3", ALONE, suffix="mp3")
def mp3(shop: Workshop, path: Path) -> None:
    alone(shop, path)


@kind("an MP3 with a cover", COVERED, suffix="mp3")
def mp3_cover(shop: Workshop, path: Path) -> None:
    covered(shop, path, "-c:a", "libmp3lame", "-id3v2_version", "3")


@kind("AAC in M4A", ALONE, suffix="m4a")
def m4a(shop: Workshop, path: Path) -> None:
    alone(shop, path, *AAC)


@kind("AAC in M4A with a cover", COVERED, suffix="m4a")
def m4a_cover(shop: Workshop, path: Path) -> None:
    covered(shop, path, *AAC)


@kind("a WAV", ALONE, suffix="wav")
def wav(shop: Workshop, path: Path) -> None:
    alone(shop, path)


@kind("a FLAC", ALONE, suffix="flac")
def flac(shop: Workshop, path: Path) -> None:
    alone(shop, path)


@kind("a FLAC with a cover", COVERED, suffix="flac")
def flac_cover(shop: Workshop, path: Path) -> None:
    covered(shop, path, "-c:a", "flac")


@kind("Vorbis in Ogg", ALONE, suffix="ogg")
def vorbis(shop: Workshop, path: Path) -> None:
    alone(shop, path, "-c:a", "libvorbis")


@kind("Opus in Ogg", ALONE, suffix="opus")
def opus(shop: Workshop, path: Path) -> None:
    alone(shop, path, "-c:a", "libopus")


@kind("AAC as ADTS", ALONE, suffix="aac")
def adts(shop: Workshop, path: Path) -> None:
    alone(shop, path, *AAC)


@kind(
    "AAC as ADTS, from mono to stereo and 44.1 to 48 kHz", Played(6, hum=Span(0, 6), silent_seconds=0.1), suffix="aac"
)
def adts_changes(shop: Workshop, path: Path) -> None:
    halves = [shop.place("a.aac"), shop.place("b.aac")]
    alone(shop, halves[0], "-t", "3", *AAC, "-ac", "1")
    alone(shop, halves[1], "-ss", "3", *AAC, "-ar", "48000")
    surgery.joined(path, *halves)


def beside(shop: Workshop, path: Path, *options: str) -> None:
    """The usual picture with another sound."""
    shop.run("-i", shop.master(), *H264, *options, path)


@kind("AAC of 5.1", whole())
def surround_5_1(shop: Workshop, path: Path) -> None:
    beside(shop, path, "-c:a", "aac", "-ac", "6")


@kind("AC-3 of 5.1 in Matroska", whole(), suffix="mkv")
def surround_ac3(shop: Workshop, path: Path) -> None:
    beside(shop, path, "-c:a", "ac3", "-ac", "6")


@kind("7.1", whole(), suffix="mkv")
def surround_7_1(shop: Workshop, path: Path) -> None:
    beside(shop, path, "-c:a", "flac", "-ac", "8")


@kind("8 kHz", whole())
def rate_8k(shop: Workshop, path: Path) -> None:
    beside(shop, path, "-c:a", "aac", "-ar", "8000", "-ac", "1", "-b:a", "24k")


@kind("96 kHz", whole())
def rate_96k(shop: Workshop, path: Path) -> None:
    beside(shop, path, "-c:a", "aac", "-ar", "96000")


@kind("mono AAC", whole())
def mono(shop: Workshop, path: Path) -> None:
    beside(shop, path, "-c:a", "aac", "-ac", "1")


@kind("AAC that says it has SBR (HE-AAC)", whole())
def he_aac(shop: Workshop, path: Path) -> None:
    source = shop.place("plain.mp4")
    beside(shop, source, "-c:a", "aac", "-ar", "22050", "-ac", "2")
    # AudioSpecificConfig (ISO/IEC 14496-3, section 1.6.5): "no SBR" becomes "SBR, 44.1 kHz"
    surgery.replaced(source, path, bytes.fromhex("139056e500"), bytes.fromhex("139056e5a0"))


@kind("PCM in MOV", whole(), suffix="mov")
def pcm(shop: Workshop, path: Path) -> None:
    beside(shop, path, "-c:a", "pcm_s24le")


@kind("ALAC in MOV", whole(), suffix="mov")
def alac(shop: Workshop, path: Path) -> None:
    beside(shop, path, "-c:a", "alac")


@kind("MP3 in MP4", whole())
def mp3_in_mp4(shop: Workshop, path: Path) -> None:
    beside(shop, path, "-c:a", "libmp3lame")


@kind("Opus in MP4", whole())
def opus_in_mp4(shop: Workshop, path: Path) -> None:
    beside(shop, path, "-c:a", "libopus")


@kind("Vorbis in Matroska", whole(), suffix="mkv")
def vorbis_in_mkv(shop: Workshop, path: Path) -> None:
    beside(shop, path, "-c:a", "libvorbis")


@kind("DTS in Matroska", whole(), suffix="mkv")
def dts(shop: Workshop, path: Path) -> None:
    beside(shop, path, "-c:a", "dca", "-strict", "-2")
