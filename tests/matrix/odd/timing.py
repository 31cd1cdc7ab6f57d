"""Times that players hide: edit lists, pictures and sound that do not begin together, clocks that do not begin at 0."""

from pathlib import Path

from tests.matrix import surgery
from tests.matrix.kinds import Numbers, Played, Span, kind, whole
from tests.matrix.surgery import Edit
from tests.matrix.workshop import AAC, H264, Master, Workshop

KEPT = ("-fps_mode", "passthrough")
"""Lets pictures that begin late stay late."""


@kind(
    "cut without encoding: an edit list hides the pictures from the keyframe on",
    Played(5.5, numbers=Numbers(239, first=75), hum=Span(0, 5.5), synced_seconds=4),
)
def edit_list_trimmed(shop: Workshop, path: Path) -> None:
    shop.run("-ss", "2.5", "-i", shop.plain(Master(8)), "-c", "copy", path)


@kind(
    "an edit list hides the first second and the last",
    Played(4, numbers=Numbers(149, first=30), hum=Span(0, 4), synced_seconds=3),
)
def edit_list_both_ends(shop: Workshop, path: Path) -> None:
    surgery.with_edits(shop.plain(), path, [Edit(4, 1)])


@kind(
    "an edit list leaves out two seconds in the middle",
    Played(4, numbers=Numbers(179, least_seen=0.6), hum=Span(0, 4), silent_seconds=0.1, synced_seconds=3),
)
def edit_list_middle(shop: Workshop, path: Path) -> None:
    surgery.with_edits(shop.plain(), path, [Edit(2, 0), Edit(2, 4)])


@kind(
    "an edit list that begins with a second of nothing",
    Played(6, longest_seconds=7, numbers=Numbers(179), unread_seconds=1, synced_seconds=4),
)
def edit_list_empty(shop: Workshop, path: Path) -> None:
    surgery.with_edits(shop.plain(), path, [Edit(1, None), Edit(6, 0)])


@kind("pictures out of order and no edit list", whole(own_late_ms=-22))
def edit_list_missing(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(), *H264, "-bf", "4", *AAC, "-use_editlist", "0", path)


@kind("negative composition offsets", whole())
def negative_offsets(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(), *H264, "-bf", "4", *AAC, "-movflags", "+negative_cts_offsets", path)


@kind(
    "the picture begins 3 s after the sound",
    Played(7, numbers=Numbers(209, first=90), unread_seconds=3.1, hum=Span(0, 7), synced_seconds=2),
)
def picture_late_3s(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(Master(7)), "-vf", "trim=start=3", *KEPT, *H264, *AAC, path)


@kind(
    "the sound begins 3 s after the picture",
    Played(7, numbers=Numbers(209), hum=Span(3, 7), synced_seconds=2),
)
def sound_late_3s(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(Master(7)), "-af", "atrim=start=3", *H264, *AAC, path)


@kind(
    "the picture begins 3 s after the sound, in Matroska",
    Played(7, numbers=Numbers(209, first=90), unread_seconds=3.1, hum=Span(0, 7), synced_seconds=2),
    suffix="mkv",
)
def picture_late_matroska(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(Master(7)), "-vf", "trim=start=3", *KEPT, *H264, *AAC, path)


@kind(
    "the picture begins 30 s after the sound",
    Played(33, numbers=Numbers(989, first=900), unread_seconds=30.1, hum=Span(0, 33), synced_seconds=2),
)
def picture_late_30s(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(Master(33)), "-vf", "trim=start=30", *KEPT, *H264, *AAC, path)


@kind(
    "the sound begins 30 s after the picture",
    Played(33, numbers=Numbers(989), hum=Span(30, 33), synced_seconds=2),
)
def sound_late_30s(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(Master(33)), "-af", "atrim=start=30", *H264, *AAC, path)


@kind("the clock begins at 100 s, in Matroska", whole(), suffix="mkv")
def starts_at_100s(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(), *H264, *AAC, "-output_ts_offset", "100", path)


@kind("the clock begins at 5 s, in MP4", whole(longest_seconds=11.0, unread_seconds=5.0, hum=None))
def starts_at_5s(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(), *H264, *AAC, "-output_ts_offset", "5", path)


@kind("the clock begins at 40 s, in FLV", whole(), suffix="flv")
def starts_at_40s_flv(shop: Workshop, path: Path) -> None:
    shop.run("-i", shop.master(), *H264, *AAC, "-output_ts_offset", "40", path)
