"""The judge of odd items: a good recording is good, and every sort of bad one is found out.

Recordings are made without a playout: the messages of neighbours and item are put one behind the other, and spoiled.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from streaming.model.message import Message
from streaming.model.states import EncodeMode, LogLevel
from tests.matrix.judge import Finding, judge
from tests.matrix.kinds import Kind, PassedOver, Played, whole
from tests.matrix.playing import Run
from tests.matrix.workshop import AAC, H264, Master, Workshop, run_ffmpeg
from tests.standins.clips import ClipSpec, render
from tests.standins.media import Kind as MessageKind
from tests.standins.media import MediaMessage
from tests.standins.session import Session

SECONDS = 3.0
GOOD = whole(SECONDS)
NEIGHBOURS = (ClipSpec(1, 1.0, 640, 360), ClipSpec(2, 1.0, 640, 360))
ITEM_MS = 1000
"""Where the item begins."""
DELAY_MS = 200
"""Before the first picture, so that nothing lies before 0."""
_TAGS = {8: MessageKind.AUDIO, 9: MessageKind.VIDEO, 18: MessageKind.METADATA}


@pytest.fixture(scope="module")
def shelf(pytestconfig: pytest.Config) -> Path:
    assert pytestconfig.cache
    return pytestconfig.cache.mkdir("matrix-judge")


class Recorder:
    """Makes sessions out of files: what an ingest has of the neighbours with items between them."""

    def __init__(self, folder: Path, shelf: Path) -> None:
        masters = shelf / "masters"
        masters.mkdir(exist_ok=True)
        self.shop = Workshop(masters, folder)
        self._before, self._after = (self._as_flv(render(shelf, spec)) for spec in NEIGHBOURS)

    def item(self, *options: str, picture: str = "null", sound: str = "anull") -> Path:
        """An item, spoiled by filters or not."""
        filters = ("-vf", picture, "-af", sound)
        return self.encoded("item", "-i", self.shop.master(Master(SECONDS)), *filters, *options)

    def encoded(self, name: str, *arguments: str | Path) -> Path:
        """Whatever it is as FLV."""
        path = self.shop.place(f"{name}.flv")
        self.shop.run(*arguments[:2], *H264, *AAC, *arguments[2:], path)
        return path

    def session(self, *items: Path, change: "Change | None" = None) -> Session:
        """One publication of all. `change` gets each message with its place, and gives time and payload; or nothing."""
        session, end_ms, heard_ms = Session("key"), 0, -1
        for part in map(read, (self._before, *items, self._after)):
            pictures = [message.presentation_ms for message in part.messages if message.is_picture]
            shift_ms = end_ms - min(pictures)
            end_ms += round(len(pictures) * 1000 / 30)
            for message in part.messages:
                if message.is_sound and message.timestamp_ms + shift_ms <= heard_ms:
                    continue  # an encoder's priming
                time_ms, payload = message.timestamp_ms + shift_ms, message.payload
                heard_ms = time_ms if message.is_sound else heard_ms
                if change:
                    time_ms, payload = change(message, time_ms)
                if payload:
                    session.record(message.kind, time_ms + DELAY_MS, payload)
        return session

    def _as_flv(self, clip: Path) -> Path:
        path = clip.with_suffix(".flv")
        if not path.exists():
            run_ffmpeg("-i", clip, "-c", "copy", path)
        return path


Change = Callable[[MediaMessage, int], tuple[int, bytes]]


def read(path: Path) -> Session:
    """The messages of an FLV."""
    data, session, at = path.read_bytes(), Session("key"), 13
    while at + 11 <= len(data):
        kind, length = data[at], int.from_bytes(data[at + 1 : at + 4], "big")
        time_ms = int.from_bytes(data[at + 7 : at + 8] + data[at + 4 : at + 7], "big")
        session.record(_TAGS[kind], time_ms, data[at + 11 : at + 11 + length])
        at += 11 + length + 4
    return session


def without(kind: MessageKind, begins_ms: float, ends_ms: float) -> Change:
    """Leaves out what lies within a stretch of the item."""

    def left_out(message: MediaMessage, time_ms: int) -> tuple[int, bytes]:
        is_inside = begins_ms < time_ms - ITEM_MS < ends_ms
        return time_ms, b"" if message.kind is kind and is_inside else message.payload

    return left_out


@pytest.fixture
def recorder(tmp_path: Path, shelf: Path) -> Recorder:
    return Recorder(tmp_path, shelf)


def finding(
    *sessions: Session,
    expected: Played | PassedOver = GOOD,
    mode: EncodeMode = EncodeMode.AUTO,
    lines: tuple[str, ...] = (),
    has_ended: bool = True,
) -> Finding:
    kind = Kind("item", "an item", "mp4", lambda _shop, _path: None, expected)
    told = [(LogLevel.WARNING, Message(line)) for line in lines]
    return judge(Run(kind, mode, list(sessions), told, has_ended, neighbours=NEIGHBOURS))


def has(found: Finding, problem: str) -> bool:
    return any(problem in each for each in found.problems)


def test_good_recording_has_no_problem_and_all_its_figures(recorder: Recorder) -> None:
    found = finding(recorder.session(recorder.item()))
    assert found.problems == []
    assert found.played_seconds == pytest.approx(SECONDS, abs=0.1)
    assert found.lip_sync_ms == pytest.approx(0, abs=15)
    assert found.roundness == pytest.approx(1, abs=0.04)
    assert found.longest_gap_ms is not None and found.longest_gap_ms < 40


SPOILED = {
    "upside down": ({"picture": "vflip,hflip"}, "none of its pictures is seen"),
    "mirrored": ({"picture": "hflip"}, "none of its pictures is seen"),
    "squeezed": ({"picture": "scale=480:360,pad=640:360:-1:-1"}, "times as wide as high"),
    "grey": ({"picture": "eq=contrast=0.7"}, "white is"),
    "late sound": ({"sound": "adelay=80:all=1"}, "ms late"),
    "silent": ({"sound": "volume=0"}, "of its sound are silent"),
    "a hole in the sound": ({"sound": "volume=0:enable=between(t\\,1.3\\,1.6)"}, "of its sound are silent"),
    "frozen": ({"picture": "select=lt(n\\,20)+gt(n\\,70),fps=30"}, "of its pictures are seen"),
    "other pictures": ({"picture": "drawbox=t=fill:c=green:enable=gt(t\\,1.5)"}, "show no number"),
}


@pytest.mark.parametrize("name", SPOILED)
def test_spoiled_item_is_found_out(name: str, recorder: Recorder) -> None:
    filters, problem = SPOILED[name]
    found = finding(recorder.session(recorder.item(**filters)))
    assert has(found, problem), found.problems


def test_combed_item_is_found_out(recorder: Recorder) -> None:
    source = recorder.shop.master(Master(SECONDS, fps=60, shown_twice=True))
    woven = recorder.encoded("woven", "-i", source, "-vf", "interlace=scan=tff:lowpass=off")
    assert has(finding(recorder.session(woven)), "combed")


def test_half_an_item_is_too_little(recorder: Recorder) -> None:
    half = recorder.item("-t", "1.5")
    assert has(finding(recorder.session(half)), "played 1.5 s of 3")


def test_item_shown_twice_goes_back(recorder: Recorder) -> None:
    item = recorder.item()
    found = finding(recorder.session(item, item))
    assert has(found, "played 6.0 s of 3") and has(found, "pictures go back 1 times")


def test_missing_item_is_found_out_unless_a_line_says_it_was_passed_over(recorder: Recorder) -> None:
    session = recorder.session()
    assert has(finding(session), "played")
    line = "Skipped “item”: it is a text."
    assert finding(session, expected=PassedOver(), lines=(line,)).problems == []
    assert has(finding(session, expected=PassedOver(), lines=(line, line)), "passed over 2 times")
    assert has(finding(session, lines=(line,)), "passed over")
    assert not finding(session, expected=replace(GOOD, may_be_passed_over=True), lines=(line,)).problems


def test_played_item_that_should_not_play_is_found_out(recorder: Recorder) -> None:
    assert has(finding(recorder.session(recorder.item()), expected=PassedOver()), "nothing was said")


def test_two_publications_and_no_end_are_found_out(recorder: Recorder) -> None:
    session = recorder.session(recorder.item())
    assert has(finding(session, session), "2 publications")
    assert has(finding(session, has_ended=False), "did not come to its end")
    assert has(finding(), "0 publications")


def test_neighbour_that_is_not_whole_is_found_out(recorder: Recorder) -> None:
    session = recorder.session(recorder.item(), change=without(MessageKind.VIDEO, -600, -300))
    assert has(finding(session), "neighbour 1 lost")


def test_gap_between_pictures_is_found_out_unless_it_is_copied(recorder: Recorder) -> None:
    numbers = replace(GOOD.numbers, least_seen=0.1) if GOOD.numbers else None
    expected = replace(GOOD, numbers=numbers, synced_seconds=0, unread_seconds=1.0)
    thinned = recorder.session(recorder.item("-bf", "0"), change=without(MessageKind.VIDEO, 1200, 1500))
    assert has(finding(thinned, expected=expected), "between two pictures")
    assert not has(finding(thinned, expected=expected, mode=EncodeMode.COPY), "between two pictures")


def test_times_that_go_back_and_holes_in_the_sound_are_found_out(recorder: Recorder) -> None:
    item = recorder.item()

    def back(message: MediaMessage, time_ms: int) -> tuple[int, bytes]:
        return time_ms - 300 if time_ms > ITEM_MS + 1500 else time_ms, message.payload

    assert has(finding(recorder.session(item, change=back)), "timestamps go backwards")
    hole = without(MessageKind.AUDIO, 1000, 1200)
    assert has(finding(recorder.session(item, change=hole)), "ms in the sound")


def test_change_of_header_that_is_not_told_leaves_garbage(recorder: Recorder) -> None:
    """Pictures of another size under the header of the first are what `extract_extradata` is there for."""
    size = ("-vf", "scale=320:180", "-refs", "1")
    small = recorder.encoded("small", "-i", recorder.shop.master(Master(SECONDS)), *size)
    told = replace(GOOD, has_shape=False, has_colours=False)
    assert finding(recorder.session(small), expected=told).problems == []

    def untold(message: MediaMessage, time_ms: int) -> tuple[int, bytes]:
        return time_ms, b"" if message.is_video_header and time_ms > 500 else message.payload

    found = finding(recorder.session(small, change=untold), expected=told)
    assert has(found, "show no number") or has(found, "is seen") or has(found, "cannot be decoded")


def test_keyframes_too_far_apart_are_found_out(recorder: Recorder) -> None:
    item = recorder.encoded("long", "-i", recorder.shop.master(Master(7.0)))

    def unmarked(message: MediaMessage, time_ms: int) -> tuple[int, bytes]:
        is_inside = message.is_picture and ITEM_MS + 100 < time_ms < ITEM_MS + 6900
        return time_ms, bytes([message.payload[0] & 0x0F | 0x20]) + message.payload[
            1:
        ] if is_inside else message.payload

    long = whole(7.0)
    assert not finding(recorder.session(item), expected=long).problems
    assert has(finding(recorder.session(item, change=unmarked), expected=long), "between two keyframes")


def test_too_many_bits_are_found_out(recorder: Recorder) -> None:
    unit = b"\x0c" + b"\xff" * 30_000 + b"\x80"  # a filler unit of H.264, which every decoder passes over
    filler = len(unit).to_bytes(4, "big") + unit

    def stuffed(message: MediaMessage, time_ms: int) -> tuple[int, bytes]:
        return time_ms, message.payload + filler if message.is_picture else message.payload

    session = recorder.session(recorder.item(), change=stuffed)
    assert has(finding(session), "kbit/s")
    assert not finding(session, mode=EncodeMode.COPY).problems
