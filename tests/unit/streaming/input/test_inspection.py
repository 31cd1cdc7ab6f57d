"""What is seen in a feeder's clusters before they go on air, and what ordinary ones are spared."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from streaming.bitstream.matroska import AUDIO_TRACK, VIDEO_TRACK, Block, Cluster, Header
from streaming.ffmpeg.treatment import Fault, FaultKind, PictureSource, Treatment
from streaming.input.inspection import Inspector
from streaming.model.message import NOTHING
from streaming.model.profiles import PROFILES
from streaming.model.states import EncodeMode
from tests.unit.streaming.timeline.program_parts import ItemSpec, clusters

COPY = Treatment(copy_video=True, copy_audio=True, reason=NOTHING)
ENCODE = Treatment(copy_video=False, copy_audio=False, reason=NOTHING)
SPS = bytes.fromhex("674d001e")
RECORD = bytes([1, 0x4D, 0, 0x1E, 0xFF, 0xE1, 0, len(SPS)]) + SPS
HEADER = Header(b"", (b"V_MPEG4/ISO/AVC", RECORD), 1000 / 30, 1024 / 44.1, 0.0)
WHOLE = (5).to_bytes(4, "big") + b"\x41" + bytes(4)
"""A NAL unit of a picture that needs others."""


def inspector(mode: EncodeMode = EncodeMode.COPY, treatment: Treatment = COPY, header: Header = HEADER) -> Inspector:
    return Inspector(header, treatment, mode, PROFILES["720p30"])


def picture(time_ms: float, payload: bytes = WHOLE, *, is_keyframe: bool = False) -> Block:
    return Block(VIDEO_TRACK, time_ms, is_keyframe, payload)


def sound(time_ms: float) -> Block:
    return Block(AUDIO_TRACK, time_ms, True, b"sound")


def first_fault(blocks: Iterable[Block], looks: Inspector) -> Fault | None:
    return next((fault for block in blocks if (fault := looks.find(Cluster((block,))))), None)


def still(every_ms: float, *, seconds: float = 5.0, end_ms: float = 1e9) -> list[Block]:
    """Pictures so far apart, with sound beside them, in the order of their times."""
    pictures = [picture(n * every_ms, is_keyframe=not n) for n in range(int(seconds * 1000 / every_ms))]
    sounds = [sound(n * 23.2) for n in range(int(seconds * 1000 / 23.2))]
    kept = [block for block in pictures if block.time_ms < end_ms]
    return sorted([*kept, *sounds], key=lambda block: block.time_ms)


@pytest.mark.parametrize("mode", [EncodeMode.AUTO, EncodeMode.COPY])
@pytest.mark.parametrize("b_frames", [0, 3])
def test_ordinary_items_are_let_through(mode: EncodeMode, b_frames: int) -> None:
    looks = inspector(mode, header=replace(HEADER, parameters=()))
    assert [looks.find(each) for each in clusters(ItemSpec(pictures=300, b_frames=b_frames))] == [None] * len(
        clusters(ItemSpec(pictures=300, b_frames=b_frames))
    )


@pytest.mark.parametrize(
    ("mode", "every_ms", "is_fit"),
    [
        (EncodeMode.COPY, 250.0, True),
        (EncodeMode.COPY, 1000.0, False),
        (EncodeMode.AUTO, 100.0, True),
        (EncodeMode.AUTO, 200.0, False),
    ],
)
def test_pictures_too_far_apart_are_not_copied(mode: EncodeMode, every_ms: float, is_fit: bool) -> None:
    assert (first_fault(still(every_ms), inspector(mode)) is None) is is_fit


def test_a_gap_is_seen_before_the_picture_behind_it() -> None:
    fault = first_fault([*still(33.0, seconds=1.0), picture(5_000.0)], inspector())
    assert fault and fault.kind is FaultKind.UNFIT


@pytest.mark.parametrize("treatment", [COPY, ENCODE])
def test_sound_that_goes_on_without_a_picture_is_seen_in_time(treatment: Treatment) -> None:
    looks = inspector(treatment=treatment)
    passed = []
    for block in still(33.0, seconds=5.0, end_ms=2_000.0):
        fault = looks.find(Cluster((block,)))
        if fault:
            assert fault.kind is FaultKind.PICTURE_BEHIND
            break
        passed.append(block.time_ms)
    assert 2_000 < max(passed) < 2_500


def test_sound_a_little_longer_than_the_picture_is_let_through() -> None:
    assert first_fault(still(33.0, seconds=2.3, end_ms=2_000.0), inspector(EncodeMode.AUTO)) is None


def test_sound_long_before_the_first_picture_is_seen() -> None:
    fault = first_fault([sound(n * 23.2) for n in range(50)], inspector())
    assert fault and fault.kind is FaultKind.PICTURE_BEHIND


@pytest.mark.parametrize("time_ms", [float("nan"), float("inf"), -1e15, 1e15])
def test_times_that_make_no_sense_are_seen(time_ms: float) -> None:
    assert first_fault([picture(0.0, is_keyframe=True), picture(time_ms)], inspector(treatment=ENCODE))


def test_a_clock_that_jumps_back_is_seen() -> None:
    assert first_fault([picture(0.0), picture(500.0), picture(1000.0), *[picture(-1500.0)]], inspector())


@pytest.mark.parametrize(("mode", "seconds"), [(EncodeMode.AUTO, 7), (EncodeMode.COPY, 21)])
def test_keyframes_too_far_apart_are_not_copied(mode: EncodeMode, seconds: int) -> None:
    looks = inspector(mode)
    assert first_fault(still(33.0, seconds=seconds - 1), looks) is None
    assert first_fault(still(33.0, seconds=seconds), inspector(mode))


def test_more_than_the_program_can_keep_between_keyframes_is_not_copied() -> None:
    large = (1 << 20).to_bytes(4, "big") + b"\x41" + bytes((1 << 20) - 1)
    fault = first_fault([picture(n * 33.0, large, is_keyframe=not n) for n in range(60)], inspector())
    assert fault and "between its keyframes" in fault.reason


def test_auto_copies_no_more_than_twice_the_bitrate() -> None:
    at_kbps = {kbps: kbps * 1000 // 8 // 30 - 4 for kbps in (2_500, 20_000)}

    def stream(kbps: int) -> list[Block]:
        payload = at_kbps[kbps].to_bytes(4, "big") + b"\x41" + bytes(at_kbps[kbps] - 1)
        return [picture(n * 1000 / 30, payload, is_keyframe=not n % 60) for n in range(240)]

    assert first_fault(stream(2_500), inspector(EncodeMode.AUTO)) is None
    fault = first_fault(stream(20_000), inspector(EncodeMode.AUTO))
    assert fault and "Mbit/s" in fault.reason
    assert first_fault(stream(20_000), inspector(EncodeMode.COPY)) is None


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"\x00\x00",
        b"\x00\x00\x00\x09" + b"\x41" + bytes(4),
        b"\x00\x00\x00\x00" + WHOLE,
        (5).to_bytes(4, "big") + b"\xc1" + bytes(4),
        (5).to_bytes(4, "big") + b"\x5f" + bytes(4),
        WHOLE + b"\x00",
    ],
)
def test_no_damaged_packet_is_copied(packet: bytes) -> None:
    fault = first_fault([picture(0.0, WHOLE, is_keyframe=True), picture(33.0, packet)], inspector())
    assert fault and "damaged" in fault.reason
    assert first_fault([picture(0.0, packet)], inspector(treatment=ENCODE)) is None


def test_parameters_that_change_in_the_middle_are_seen_and_the_same_again_are_not() -> None:
    same, other = (len(SPS).to_bytes(4, "big") + sps for sps in (SPS, SPS[:-1] + b"\x28"))
    assert first_fault([picture(0.0, same + WHOLE), picture(33.0, same + WHOLE)], inspector()) is None
    fault = first_fault([picture(0.0, same + WHOLE), picture(33.0, other + WHOLE)], inspector())
    assert fault and "size" in fault.reason


def test_a_held_picture_that_outlives_its_sound_is_over() -> None:
    looks = inspector(treatment=replace(ENCODE, picture=PictureSource.HELD))
    blocks = sorted(
        [*(picture(n * 33.0) for n in range(60)), *(sound(n * 23.2) for n in range(43))], key=lambda each: each.time_ms
    )
    seen = []
    for block in blocks:
        assert looks.find(Cluster((block,))) is None
        seen.append((block.time_ms, looks.is_sound_over))
    assert 1_200 < min(time_ms for time_ms, is_over in seen if is_over) < 1_400
    own = inspector(treatment=ENCODE)
    assert not any(own.find(Cluster((block,))) or own.is_sound_over for block in blocks)
