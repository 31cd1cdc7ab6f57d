"""What changes in mid-file: size, shape, parameter sets, rate, and the layout of the sound."""

from pathlib import Path

from tests.matrix import surgery
from tests.matrix.kinds import kind, whole
from tests.matrix.workshop import AAC, H264, Master, Workshop

PAUSE = 0.1
"""Sound that is encoded part by part has a little less than it had."""


def in_parts(shop: Workshop, path: Path, *parts: tuple[str, ...], seconds: float = 2.0, fps: float = 30) -> None:
    """A transport stream of parts that are encoded differently."""
    made = []
    for number, options in enumerate(parts):
        master = Master(seconds, fps=fps, first=round(number * seconds * fps))
        made.append(shop.place(f"{number}.ts"))
        offset = ("-output_ts_offset", f"{number * seconds:g}")
        shop.run("-i", shop.master(master), *H264, *AAC, *options, *offset, "-f", "mpegts", made[-1])
    surgery.joined(path, *made)


@kind("the size changes, and changes back", whole(silent_seconds=PAUSE), suffix="ts", typical=True)
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


@kind("the rate falls to 5 pictures a second", whole(silent_seconds=PAUSE), suffix="ts")
def rate_falls(shop: Workshop, path: Path) -> None:
    in_parts(shop, path, (), ("-vf", "fps=5"), ())


@kind("the sound goes from mono to stereo", whole(silent_seconds=PAUSE), suffix="ts", typical=True)
def sound_layout_changes(shop: Workshop, path: Path) -> None:
    in_parts(shop, path, ("-ac", "1"), (), ("-ac", "1"))


@kind("the sound goes from 44.1 to 48 kHz", whole(silent_seconds=PAUSE), suffix="ts")
def sound_rate_changes(shop: Workshop, path: Path) -> None:
    in_parts(shop, path, (), ("-ar", "48000"), ())


@kind("the sound goes from stereo to 5.1", whole(silent_seconds=PAUSE), suffix="ts")
def sound_becomes_surround(shop: Workshop, path: Path) -> None:
    in_parts(shop, path, (), ("-ac", "6"), ())
