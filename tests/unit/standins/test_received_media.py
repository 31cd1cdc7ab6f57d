"""What the ingest stand-in makes of what it received: time, holes, headers, showings and lip-sync."""

import itertools

import pytest

from tests.standins.clips import ClipSpec
from tests.standins.media import Kind, MediaMessage
from tests.standins.recording import FrameSeen, lip_sync, showings
from tests.standins.session import Hole, Session

AAC_44100_STEREO = b"\xaf\x00\x12\x10"
SOUND = b"\xaf\x01sound"
AVC_HEADER = b"\x17\x00\0\0\0" + b"\x01\x64\x00\x1f\xff\xe1\x00\x04\x67SPS\x01\x00\x04\x68PPS"


def picture(*, composition_ms: int = 0, is_keyframe: bool = False) -> bytes:
    return (b"\x17" if is_keyframe else b"\x27") + b"\x01" + composition_ms.to_bytes(3, "big", signed=True) + b"slice"


def session_of(*messages: tuple[Kind, int, float, bytes]) -> Session:
    session = Session("key")
    session.messages = [MediaMessage(*message) for message in messages]
    return session


@pytest.mark.parametrize(
    ("wire", "unwrapped"),
    [
        ([0xFFFFFFF0, 0x10], [-16, 16]),
        ([0x7FFFFFFF, 0x80000010, 0xFFFFFFF0, 5], [0x7FFFFFFF, 0x80000010, 0xFFFFFFF0, 0x100000005]),
        ([100, 90], [100, 90]),
    ],
)
def test_timestamps_go_on_over_the_wrap(wire: list[int], unwrapped: list[int]) -> None:
    session = Session("key")
    for timestamp in wire:
        session.record(Kind.AUDIO, timestamp, SOUND)
    assert [message.timestamp_ms for message in session.messages] == unwrapped


def test_holes_and_repetitions_of_sound_are_found() -> None:
    times = [0, 23, 46, 46, 70, 193, 216]
    header = (Kind.AUDIO, 0, 0.0, AAC_44100_STEREO)
    session = session_of(header, *((Kind.AUDIO, time, 0.0, SOUND) for time in times))
    assert session.audio_steps_ms() == [23, 23, 0, 24, 123, 23]
    assert session.repeated_audio_timestamps() == [46]
    assert session.audio_holes() == [Hole(70, 123 - 1024 * 1000 / 44100)]


def test_pictures_out_of_order_have_even_steps_of_presentation() -> None:
    decoded = [(0, 66), (33, 134), (67, 33), (100, 133)]  # timestamp, composition offset: shown as 1, 3, 2, 4
    session = session_of(*((Kind.VIDEO, at, 0.0, picture(composition_ms=offset)) for at, offset in decoded))
    assert session.video_steps_ms() == [34, 67, 66]
    assert session.video_decoding_steps_ms() == [33, 34, 33]


def test_worst_gap_may_leave_out_the_first_burst() -> None:
    arrivals = [0.0, 0.5, 0.52, 0.55, 0.65]
    session = session_of(*((Kind.VIDEO, 0, arrival, picture()) for arrival in arrivals))
    assert session.worst_wire_gap_seconds() == pytest.approx(0.5)
    assert session.worst_wire_gap_seconds(after_seconds=0.5) == pytest.approx(0.1)
    assert session.worst_wire_gap_seconds(kind=Kind.AUDIO) == 0.0


def test_sequence_headers_are_listed_when_they_change() -> None:
    changed = AVC_HEADER.replace(b"SPS", b"sps")
    payloads = [AVC_HEADER, AVC_HEADER, changed, AVC_HEADER]
    session = session_of(*((Kind.VIDEO, 0, 0.0, payload) for payload in payloads))
    assert [header.sps for header in session.video_headers()] == [(b"gSPS",), (b"gsps",), (b"gSPS",)]
    assert {header.pps for header in session.video_headers()} == {(b"hPPS",)}


# Content


def shown(numbers: list[int], *, clip_number: int = 1, fps: int = 30) -> list[FrameSeen]:
    return [FrameSeen(at / fps, clip_number, number) for at, number in enumerate(numbers)]


def test_lost_and_repeated_frames_are_named() -> None:
    [showing] = showings(shown([2, 3, 4, 7, 8, 8, 9, 8, 9, 10]), [ClipSpec(seconds=0.5)])
    assert (showing.lost, showing.repeated) == ((5, 6), (8, 9))
    assert (showing.lost_before, showing.lost_after) == (2, 4)
    assert not showing.is_whole


@pytest.mark.parametrize(
    ("fps", "numbers"), [(30, list(range(30))), (25, [n * 25 // 30 for n in range(30)]), (60, list(range(0, 60, 2)))]
)
def test_conversion_of_the_rate_loses_nothing(fps: int, numbers: list[int]) -> None:
    [showing] = showings(shown(numbers), [ClipSpec(seconds=1, fps=fps)])
    assert showing.is_whole


def test_clip_played_twice_is_shown_twice_and_slate_is_passed_over() -> None:
    once = shown(list(range(30)))
    slate = FrameSeen(1.0, None, None)
    assert [s.is_whole for s in showings([*once, slate, *once], [ClipSpec(seconds=1)])] == [True, True]


def test_lip_sync_compares_whole_seconds_only() -> None:
    seen = shown(list(itertools.chain(range(60), range(60))))
    heard = [0.010, 1.0, 1.995]  # the last clip's second beep is missing
    found = lip_sync(seen, heard, [ClipSpec(seconds=2)])
    assert [(sync.clip_number, sync.second) for sync in found] == [(1, 0), (1, 1), (1, 0)]
    assert [sync.late_ms for sync in found] == pytest.approx([10, 0, -5])
