"""What changes in mid-file: size, shape, parameter sets, rate, and the layout of the sound."""

from pathlib import Path

from tests.matrix import surgery
from tests.matrix.kinds import Numbers, kind, whole
from tests.matrix.odd.clocks import BEGINNING_SECONDS, TS, recorded
from tests.matrix.workshop import Master, Workshop

PAUSE = 0.1
"""Sound that is encoded part by part has a little less than it had."""


def in_parts(shop: Workshop, path: Path, *parts: tuple[str, ...]) -> None:
    """A transport stream whose pictures are encoded differently every two seconds, over sound that is not."""
    picture, heard = shop.place("picture.ts"), shop.place("sound.ts")
    made = []
    for number, options in enumerate(parts):
        made.append(shop.place(f"{number}.ts"))
        offset = ("-output_ts_offset", f"{BEGINNING_SECONDS + 2 * number:g}")
        recorded(shop, made[-1], "-an", *options, *offset, master=Master(2, first=60 * number))
    surgery.joined(picture, *made)
    recorded(shop, heard, "-vn", master=Master(2.0 * len(parts)))
    together(shop, path, picture, heard)


def heard_in_parts(shop: Workshop, path: Path, first: tuple[str, ...], second: tuple[str, ...]) -> None:
    """A transport stream whose sound is encoded otherwise from 3 s on."""
    picture, heard = shop.place("picture.ts"), shop.place("sound.ts")
    halves = [shop.place("a.ts"), shop.place("b.ts")]
    for number, options in enumerate((first, second)):
        offset = ("-output_ts_offset", f"{BEGINNING_SECONDS + 3 * number:g}")
        recorded(shop, halves[number], "-vn", *options, *offset, master=Master(3, first=90 * number))
    surgery.joined(heard, *halves)
    recorded(shop, picture, "-an")
    together(shop, path, picture, heard)


def together(shop: Workshop, path: Path, picture: Path, heard: Path) -> None:
    """Puts picture and sound into one stream as they are."""
    shop.run("-copyts", "-i", picture, "-i", heard, "-map", "0:v", "-map", "1:a", "-c", "copy", *TS, path)


@kind("the size changes, and changes back", whole(silent_seconds=PAUSE), suffix="ts")
def size_changes(shop: Workshop, path: Path) -> None:
    in_parts(shop, path, (), ("-vf", "scale=480:270"), ())


@kind("the size changes for good", whole(silent_seconds=PAUSE), suffix="ts")
def size_changes_once(shop: Workshop, path: Path) -> None:
    in_parts(shop, path, ("-vf", "scale=320:180"), (), ())


@kind("parameter sets change at one size", whole(silent_seconds=PAUSE), suffix="ts")
def parameter_sets_change(shop: Workshop, path: Path) -> None:
    in_parts(shop, path, (), ("-profile:v", "baseline", "-bf", "0"), ("-refs", "6", "-preset", "slow"))


@kind("the rate changes from 30 to 60 and back", whole(silent_seconds=PAUSE), suffix="ts")
def rate_changes(shop: Workshop, path: Path) -> None:
    in_parts(shop, path, (), ("-vf", "fps=60"), ())


@kind(
    "the rate falls to 5 pictures a second",
    whole(silent_seconds=PAUSE, numbers=Numbers(179, least_seen=0.7)),
    suffix="ts",
)
def rate_falls(shop: Workshop, path: Path) -> None:
    in_parts(shop, path, (), ("-vf", "select=not(mod(n\\,6))", "-fps_mode", "vfr"), ())


@kind("the sound goes from mono to stereo", whole(silent_seconds=PAUSE), suffix="ts")
def sound_layout_changes(shop: Workshop, path: Path) -> None:
    heard_in_parts(shop, path, ("-ac", "1"), ())


@kind("the sound goes from 44.1 to 48 kHz", whole(silent_seconds=PAUSE), suffix="ts")
def sound_rate_changes(shop: Workshop, path: Path) -> None:
    heard_in_parts(shop, path, (), ("-ar", "48000"))


@kind("the sound goes from stereo to 5.1", whole(silent_seconds=PAUSE), suffix="ts")
def sound_becomes_surround(shop: Workshop, path: Path) -> None:
    heard_in_parts(shop, path, (), ("-ac", "6"))
