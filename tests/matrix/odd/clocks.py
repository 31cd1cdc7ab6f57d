"""Transport streams: their sounds, and clocks that begin anywhere, wrap, jump or stand."""

from pathlib import Path

from tests.matrix import surgery
from tests.matrix.kinds import kind, whole
from tests.matrix.workshop import AAC, H264, Master, Workshop

TS = ("-f", "mpegts")


def recorded(shop: Workshop, path: Path, *options: str, master: Master | None = None) -> None:
    """A transport stream of H.264 and, unless the options say otherwise, AAC as ADTS."""
    shop.run("-i", shop.master(master), *H264, *AAC, *options, *TS, path)


@kind("a transport stream with AAC as ADTS", whole(), suffix="ts", typical=True)
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


@kind("the clock begins at 10 h", whole(), suffix="ts", typical=True)
def ts_clock_at_10h(shop: Workshop, path: Path) -> None:
    recorded(shop, path, "-output_ts_offset", "36000")


@kind("the clock wraps in the middle (33 bits at 90 kHz)", whole(), suffix="ts", typical=True)
def ts_clock_wraps(shop: Workshop, path: Path) -> None:
    recorded(shop, path, "-output_ts_offset", "95439.3")


def jumping(shop: Workshop, path: Path, first_seconds: float, second_seconds: float) -> None:
    """Three seconds by one clock, and three by another."""
    halves = [(0, first_seconds, shop.place("a.ts")), (90, second_seconds, shop.place("b.ts"))]
    for first, offset_seconds, half in halves:
        recorded(shop, half, "-output_ts_offset", f"{offset_seconds:g}", master=Master(3, first=first))
    surgery.joined(path, *(half for _, _, half in halves))


@kind(
    "the clock jumps ahead by 3 s",
    whole(longest_seconds=9.0, hum=None, unread_seconds=0.2),
    suffix="ts",
    typical=True,
)
def ts_clock_jumps_3s(shop: Workshop, path: Path) -> None:
    jumping(shop, path, 0, 6)


@kind("the clock jumps ahead by an hour", whole(silent_seconds=0.1), suffix="ts", typical=True)
def ts_clock_jumps_1h(shop: Workshop, path: Path) -> None:
    jumping(shop, path, 0, 3603)


@kind("the clock jumps back by an hour", whole(silent_seconds=0.1), suffix="ts", typical=True)
def ts_clock_jumps_back(shop: Workshop, path: Path) -> None:
    jumping(shop, path, 7200, 3603)


@kind("the clock jumps back by half a second", whole(silent_seconds=0.6), suffix="ts")
def ts_clock_jumps_back_little(shop: Workshop, path: Path) -> None:
    jumping(shop, path, 0, 2.5)


@kind("the clock begins anew every two seconds", whole(silent_seconds=0.1), suffix="ts")
def ts_clock_begins_anew(shop: Workshop, path: Path) -> None:
    parts = [shop.place(f"{first}.ts") for first in (0, 60, 120)]
    for number, part in enumerate(parts):
        recorded(shop, part, master=Master(2, first=60 * number))
    surgery.joined(path, *parts)


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
    "the picture's clock is 90 s before the sound's",
    whole(hum=None, synced_seconds=0, longest_seconds=96.0, unread_seconds=91.0),
    suffix="ts",
    name="ts_clocks_apart",
)
def ts_clocks_apart(shop: Workshop, path: Path) -> None:
    source = shop.place("plain.ts")
    recorded(shop, source)
    surgery.retimed(source, path, lambda packet_id, _, ticks: ticks + (90 * 90_000 if packet_id == 0x101 else 0))
