"""Transport streams: their sounds, and clocks that begin anywhere, wrap, jump or stand."""

from collections.abc import Callable
from pathlib import Path

from tests.matrix import surgery
from tests.matrix.kinds import kind, whole
from tests.matrix.workshop import AAC, H264, Master, Workshop

TS = ("-muxdelay", "0", "-muxpreload", "0", "-f", "mpegts")
BEGINNING_SECONDS = 10.0
"""Late enough for nothing to lie before 0, which would move all of it."""


def recorded(shop: Workshop, path: Path, *options: str, master: Master | None = None) -> None:
    """A transport stream of H.264 and, unless the options say otherwise, AAC as ADTS."""
    beginning = ("-output_ts_offset", f"{BEGINNING_SECONDS:g}")
    shop.run("-i", shop.master(master), *H264, *AAC, *beginning, *options, *TS, path)


@kind("a transport stream with AAC as ADTS", whole(), suffix="ts")
def ts_aac(shop: Workshop, path: Path) -> None:
    recorded(shop, path)


@kind("a transport stream with MPEG layer 2 sound", whole(), suffix="ts")
def ts_mp2(shop: Workshop, path: Path) -> None:
    recorded(shop, path, "-c:a", "mp2", "-b:a", "192k")


@kind("a transport stream with AC-3 sound", whole(), suffix="ts")
def ts_ac3(shop: Workshop, path: Path) -> None:
    recorded(shop, path, "-c:a", "ac3", "-b:a", "192k")


@kind("a transport stream as cameras and Blu-rays have it", whole(), suffix="m2ts")
def ts_m2ts(shop: Workshop, path: Path) -> None:
    recorded(shop, path, "-mpegts_m2ts_mode", "1", "-c:a", "ac3")


@kind("the clock begins at 10 h", whole(), suffix="ts")
def ts_clock_at_10h(shop: Workshop, path: Path) -> None:
    recorded(shop, path, "-output_ts_offset", "36000")


@kind("the clock wraps in the middle (33 bits at 90 kHz)", whole(), suffix="ts")
def ts_clock_wraps(shop: Workshop, path: Path) -> None:
    recorded(shop, path, "-output_ts_offset", "95439.3")


_DELAY_SECONDS = 0.07
"""Two pictures: so much before its own time the first one of a GOP is decoded."""


def moved(shop: Workshop, path: Path, moved_by: Callable[[float], float], offset_seconds: float = 0.0) -> None:
    """A recording whose clock is moved; `moved_by` is given the second, and keyframes are at whole ones."""
    source = shop.place("plain.ts")
    begins = BEGINNING_SECONDS + offset_seconds
    recorded(shop, source, "-g", "30", "-output_ts_offset", f"{begins:g}")
    surgery.clock_moved(source, path, lambda time: moved_by(time - begins + _DELAY_SECONDS))


@kind(
    "the clock jumps ahead by 3 s",
    whole(longest_seconds=9.0, hum=None, unread_seconds=0.2),
    suffix="ts",
)
def ts_clock_jumps_3s(shop: Workshop, path: Path) -> None:
    moved(shop, path, lambda second: 3 if second >= 3 else 0)


@kind("the clock jumps ahead by an hour", whole(silent_seconds=0.1), suffix="ts")
def ts_clock_jumps_1h(shop: Workshop, path: Path) -> None:
    moved(shop, path, lambda second: 3600 if second >= 3 else 0)


@kind("the clock jumps back by an hour", whole(silent_seconds=0.1), suffix="ts")
def ts_clock_jumps_back(shop: Workshop, path: Path) -> None:
    moved(shop, path, lambda second: -3600 if second >= 3 else 0, 7200)


@kind("the clock jumps back by half a second", whole(silent_seconds=0.6), suffix="ts")
def ts_clock_jumps_back_little(shop: Workshop, path: Path) -> None:
    moved(shop, path, lambda second: -0.5 if second >= 3 else 0)


@kind("the clock begins anew every two seconds", whole(longest_seconds=8.0, unread_seconds=0.2), suffix="ts")
def ts_clock_begins_anew(shop: Workshop, path: Path) -> None:
    moved(shop, path, lambda second: -2 * (second // 2))


@kind("ten pictures have the time of the one before", whole(unread_seconds=0.2), suffix="ts")
def ts_repeated_times(shop: Workshop, path: Path) -> None:
    source = shop.place("plain.ts")
    recorded(shop, source, "-bf", "0")
    last: dict[int, int] = {}

    def repeated(packet_id: int, number: int, ticks: int) -> int:
        if packet_id == 0x100 and 80 <= number < 90:
            return last.get(packet_id, ticks)
        last[packet_id] = ticks
        return ticks

    surgery.retimed(source, path, repeated)


@kind(
    "the picture's clock is 10 h before the sound's",
    whole(hum=None, synced_seconds=0, longest_seconds=12.0, unread_seconds=6.1, may_be_passed_over=True),
    suffix="ts",
)
def ts_clocks_apart(shop: Workshop, path: Path) -> None:
    source = shop.place("plain.ts")
    recorded(shop, source)
    surgery.retimed(source, path, lambda packet_id, _, ticks: ticks + (36_000 * 90_000 if packet_id == 0x101 else 0))
