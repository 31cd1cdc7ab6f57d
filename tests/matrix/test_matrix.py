"""Typical odd items, a few of each family; `make matrix` plays all of them in all modes."""

from pathlib import Path

import pytest

from streaming.model.states import EncodeMode
from tests.matrix.__main__ import told
from tests.matrix.kinds import FAMILIES, all_kinds
from tests.matrix.running import Wanted, run_all

AUTO, ALWAYS, COPY = EncodeMode.AUTO, EncodeMode.ALWAYS, EncodeMode.COPY
TYPICAL = {
    "still_1fps": (AUTO, COPY),
    "still_apart": (AUTO,),
    "screen_recording": (AUTO,),
    "picture_shorter": (AUTO, ALWAYS),
    "edit_list_trimmed": (AUTO,),
    "picture_late_3s": (AUTO,),
    "ts_aac": (COPY,),
    "ts_clock_wraps": (AUTO,),
    "ts_clock_jumps_1h": (AUTO, ALWAYS),
    "noise_mp4": (AUTO, COPY),
    "packets_lost": (AUTO,),
    "cut_off_mp4": (AUTO,),
    "size_changes": (AUTO, COPY),
    "sound_layout_changes": (ALWAYS,),
    "timecode_track": (AUTO,),
    "jpeg_track_first": (AUTO,),
    "second_sound_default": (AUTO,),
    "first_sound_unknown": (AUTO,),
    "rotated_180": (AUTO, COPY),
    "interlaced_top": (AUTO,),
    "pixels_3_4": (AUTO,),
    "hdr_pq": (AUTO,),
    "mp3_cover": (AUTO,),
    "high_bitrate": (AUTO,),
    "length_is_no_number": (AUTO,),
    "html": (AUTO,),
    "empty": (AUTO,),
}
"""What a change is most likely to break, in the modes that make a difference."""
_BESIDE = 6
_KINDS = all_kinds()


@pytest.fixture
def shelf(pytestconfig: pytest.Config) -> Path:
    """Where files are kept for the next run; `python -m tests.matrix` looks there too."""
    assert pytestconfig.cache
    return pytestconfig.cache.mkdir("matrix")


@pytest.mark.long
@pytest.mark.timed
@pytest.mark.timeout(300)
async def test_odd_items_play_right_between_their_neighbours(shelf: Path) -> None:
    """All in one go, many beside each other, and alone on the machine: each has to be encoded in its time."""
    wanted = [Wanted(_KINDS[name], mode) for name, modes in TYPICAL.items() for mode in modes]
    findings = await run_all(wanted, shelf, beside=_BESIDE)
    wrong = [told(finding, with_log=True) for finding in findings if not finding.is_good]
    assert not wrong, "\n".join(wrong)


def test_there_are_kinds_enough_and_each_is_told_apart() -> None:
    assert len(_KINDS) >= 65
    texts = [kind.text for kind in _KINDS.values()]
    assert sorted(set(texts)) == sorted(texts)
    assert {kind.family for kind in _KINDS.values()} == set(FAMILIES)
