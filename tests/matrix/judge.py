"""Judges what the ingest received of one odd item and its neighbours, and nothing else but the log."""

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from streaming.model.states import EncodeMode
from tests.matrix.kinds import TOLERANCE_SECONDS, Kind, Numbers, PassedOver, Played
from tests.matrix.looks import Look, looks
from tests.matrix.playing import PROFILE, Run
from tests.matrix.workshop import CLIP_NUMBER
from tests.standins import picture_code, recording
from tests.standins.clips import ClipSpec
from tests.standins.recording import FrameSeen, Heard
from tests.standins.session import Session

LONGEST_HOLE_SECONDS = 0.12
LONGEST_COPIED_GAP_SECONDS = 0.52
"""Copied pictures may be as far apart as platforms take; what leaves us has one every half second."""
LONGEST_GOP_SECONDS = 6.05
HIGHEST_KBPS = 2.0 * PROFILE.video_kbps
"""Of pictures, over the whole item: what is more was not asked for, and an ingest may refuse it."""
_SHORT_SECONDS = 2.0
"""The bitrate of what is shorter says little."""
LONGEST_WAIT_SECONDS = 4.0
"""For media on the wire: an uplink that is stuck. What is less may be a machine busy with the other streams; timestamps
tell what viewers see."""
WORST_LIP_SYNC_MS = 40.0
_EDGE_SECONDS = 0.15
"""At an item's own edges its hum may begin late and end early by this: an encoder's priming, a packet cut off."""
_ROUND = (0.94, 1.06)
_COMBED = 2.5
_LOOKED_AT = (0.3, 0.45, 0.6, 0.75, 0.9)
"""The parts of an item's pictures after which one is looked at closely."""
_COLOURS = {"white": (255, 255, 255), "grey": (128, 128, 128), "red": (255, 0, 0)}
_FRAME_SECONDS = 1 / PROFILE.fps


@dataclass
class Finding:
    """The verdict on one run, with its evidence."""

    kind: Kind
    mode: EncodeMode
    problems: list[str] = field(default_factory=list)
    sessions: int = 0
    played_seconds: float | None = None
    longest_gap_ms: float | None = None
    longest_hole_ms: float | None = None
    longest_wait_seconds: float | None = None
    lip_sync_ms: float | None = None
    roundness: float | None = None
    longest_gop_seconds: float | None = None
    video_kbps: float | None = None
    seen: str = ""
    treatments: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    is_passed_over: bool = False
    reason: str = ""

    @property
    def is_good(self) -> bool:
        """Whether everything is as it should be."""
        return not self.problems

    def says(self, problem: str, *, unless: bool) -> None:
        """Adds a problem unless something holds."""
        if not unless:
            self.problems.append(problem)


def judge(run: Run) -> Finding:
    """Everything there is to say against a run. It decodes the recording and waits for that."""
    finding = Finding(run.kind, run.mode, sessions=len(run.sessions), treatments=run.treatments)
    finding.lines = [f"{level}: {line}" for level, line in run.lines]
    finding.says(f"the playout ended: {run.failure}", unless=not run.failure)
    finding.says("the lineup did not come to its end", unless=run.has_ended or bool(run.failure))
    finding.says(f"{len(run.sessions)} publications", unless=len(run.sessions) == 1)
    passed_over = [line for _, line in run.lines if f"Skipped “{run.kind.name}”" in line]
    finding.is_passed_over, finding.reason = bool(passed_over), passed_over[0] if passed_over else ""
    finding.says(f"passed over {len(passed_over)} times", unless=len(passed_over) <= 1)
    if run.sessions:
        _judge_timestamps(run.sessions[0], finding)
        _judge_recording(run, finding)
    return finding


def _judge_timestamps(session: Session, finding: Finding) -> None:
    backwards = [step for step in session.video_decoding_steps_ms() if step < 0]
    finding.says(f"pictures' timestamps go backwards: {backwards[:3]} ms", unless=not backwards)
    backwards = [step for step in session.audio_steps_ms() if step < 0]
    finding.says(f"sound's timestamps go backwards: {backwards[:3]} ms", unless=not backwards)
    finding.longest_hole_ms = max((hole.length_ms for hole in session.audio_holes()), default=0.0)
    finding.says(
        f"a hole of {finding.longest_hole_ms:.0f} ms in the sound",
        unless=finding.longest_hole_ms <= LONGEST_HOLE_SECONDS * 1000,
    )
    finding.longest_wait_seconds = session.worst_wire_gap_seconds(after_seconds=1.0)
    finding.says(
        f"nothing came for {finding.longest_wait_seconds:.1f} s",
        unless=finding.longest_wait_seconds <= LONGEST_WAIT_SECONDS,
    )


@dataclass(frozen=True, slots=True)
class Part:
    """The item's part of a recording."""

    begins: float
    ends: float
    pictures: Sequence[FrameSeen]

    @property
    def numbered(self) -> list[FrameSeen]:
        """Its pictures that show a number of its own."""
        return [frame for frame in self.pictures if frame.clip_number == CLIP_NUMBER]


def _judge_recording(run: Run, finding: Finding) -> None:
    expected = run.kind.expectation(run.mode)
    aspect = expected.aspect if isinstance(expected, Played) else picture_code.ASPECTS[0]
    with TemporaryDirectory(prefix="matrix-") as folder:
        path = run.sessions[0].to_flv(Path(folder) / "recording.flv")
        try:
            seen = recording.frames(path, sorted({*picture_code.ASPECTS, aspect}, reverse=True))
            heard = recording.hear(path)
            part = _part(seen, run.neighbours, finding)
            if part:
                _judge_part(part, heard, expected, finding)
            if part and run.mode is not EncodeMode.COPY:
                _judge_fitness(run.sessions[0], part, finding)
            if part and isinstance(expected, Played) and not finding.is_passed_over:
                _judge_looks(_looks(path, part, expected.aspect), expected, finding)
        except (subprocess.SubprocessError, ValueError, IndexError) as error:
            finding.problems.append(f"the recording cannot be decoded: {error}")


def _part(seen: Sequence[FrameSeen], neighbours: Sequence[ClipSpec], finding: Finding) -> Part | None:
    """The item's part, between two neighbours that must be whole."""
    known = {spec.clip_number for spec in neighbours}
    shown = recording.showings([frame for frame in seen if frame.clip_number in known], neighbours)
    for showing in shown:
        if not showing.is_whole:
            finding.problems.append(
                f"neighbour {showing.clip_number} lost {len(showing.lost)} pictures, repeated {len(showing.repeated)}, "
                f"lacks {showing.lost_before} before and {showing.lost_after} after"
            )
    order = [showing.clip_number for showing in shown]
    finding.says(f"the neighbours were shown as {order}", unless=order == sorted(known))
    if order != sorted(known):
        return None
    begins, ends = shown[0].ends_seconds, shown[1].begins_seconds
    own = [frame for frame in seen if begins < frame.time_seconds < ends]
    finding.longest_gap_ms = _longest_gap_seconds([begins, *(frame.time_seconds for frame in own), ends]) * 1000
    return Part(begins + _FRAME_SECONDS, ends, own)


def _longest_gap_seconds(times: Sequence[float]) -> float:
    return max(later - earlier for earlier, later in pairwise(times))


def _judge_part(part: Part, heard: Heard, expected: Played | PassedOver, finding: Finding) -> None:
    finding.played_seconds = part.ends - part.begins
    finding.seen = _seen(part)
    if finding.is_passed_over:
        is_allowed = isinstance(expected, PassedOver) or expected.may_be_passed_over
        finding.says("passed over", unless=is_allowed)
        finding.says(f"{finding.played_seconds:.1f} s of it were seen", unless=finding.played_seconds < 0.1)
        return
    if isinstance(expected, PassedOver):
        finding.problems.append(f"played for {finding.played_seconds:.1f} s, and nothing was said")
        return
    _judge_length(finding, expected)
    _judge_gaps(finding)
    _judge_pictures(part, expected, finding)
    _judge_sound(part, heard, expected, finding)


def _judge_fitness(session: Session, part: Part, finding: Finding) -> None:
    """What platforms ask of every stream, and only `copy` leaves to the file."""
    keyframes = [picture.presentation_ms / 1000 for picture in session.pictures if picture.is_keyframe]
    around = [moment for moment in keyframes if part.begins - _FRAME_SECONDS <= moment <= part.ends + _FRAME_SECONDS]
    finding.longest_gop_seconds = max((later - earlier for earlier, later in pairwise(around)), default=0.0)
    finding.says(
        f"{finding.longest_gop_seconds:.1f} s between two keyframes",
        unless=finding.longest_gop_seconds <= LONGEST_GOP_SECONDS,
    )
    seconds = part.ends - part.begins
    own = [picture for picture in session.pictures if part.begins <= picture.presentation_ms / 1000 < part.ends]
    if seconds > _SHORT_SECONDS:
        finding.video_kbps = sum(len(picture.payload) for picture in own) * 8 / 1000 / seconds
        finding.says(f"{finding.video_kbps:.0f} kbit/s", unless=finding.video_kbps <= HIGHEST_KBPS)


def _judge_length(finding: Finding, expected: Played) -> None:
    least, most = expected.seconds, expected.longest_seconds or expected.seconds
    assert finding.played_seconds is not None
    finding.says(
        f"played {finding.played_seconds:.1f} s of {least:g}",
        unless=least - TOLERANCE_SECONDS <= finding.played_seconds <= most + TOLERANCE_SECONDS,
    )


def _judge_gaps(finding: Finding) -> None:
    assert finding.longest_gap_ms is not None
    longest_seconds = LONGEST_COPIED_GAP_SECONDS if finding.mode is EncodeMode.COPY else LONGEST_HOLE_SECONDS
    finding.says(
        f"{finding.longest_gap_ms:.0f} ms between two pictures", unless=finding.longest_gap_ms <= longest_seconds * 1000
    )


def _judge_pictures(part: Part, expected: Played, finding: Finding) -> None:
    if expected.numbers is None:
        return
    unread_seconds = sum(
        later.time_seconds - frame.time_seconds
        for frame, later in pairwise(part.pictures)
        if frame.clip_number != CLIP_NUMBER
    )
    finding.says(f"{unread_seconds:.1f} s show no number", unless=unread_seconds <= expected.unread_seconds + 0.1)
    numbers = [frame.frame_number or 0 for frame in part.numbered]
    backwards = sum(later < earlier for earlier, later in pairwise(numbers))
    finding.says(f"pictures go back {backwards} times", unless=backwards <= (3 if expected.is_hurt else 0))
    finding.problems += _lacking(set(numbers), expected.numbers)


def _lacking(seen: set[int], wanted: Numbers) -> Iterator[str]:
    """What is missing of the numbers, at their ends and in their middle, and what should not be there."""
    if not seen:
        yield "none of its pictures is seen"
        return
    slack = TOLERANCE_SECONDS * wanted.rate
    if min(seen) > wanted.first + slack:
        yield f"begins with picture {min(seen)} and not {wanted.first}"
    if max(seen) < wanted.last - slack:
        yield f"ends with picture {max(seen)} and not {wanted.last}"
    if min(seen) < wanted.first - 1 or max(seen) > wanted.last + 1:
        yield f"pictures {min(seen)} to {max(seen)} are seen, though it shows {wanted.first} to {wanted.last}"
    part = len(seen) / (wanted.last - wanted.first + 1)
    if part < wanted.part_seen:
        yield f"{part:.0%} of its pictures are seen, not {wanted.part_seen:.0%}"


def _judge_sound(part: Part, heard: Heard, expected: Played, finding: Finding) -> None:
    if expected.hum:
        begins, ends = (
            part.begins + expected.hum.begins + _EDGE_SECONDS,
            part.begins + expected.hum.ends - _EDGE_SECONDS,
        )
        silent = (min(s.ends_seconds, ends) - max(s.begins_seconds, begins) for s in heard.silences)
        longest_seconds = max([0.0, *silent])
        finding.longest_hole_ms = max(finding.longest_hole_ms or 0.0, longest_seconds * 1000)
        finding.says(
            f"{longest_seconds * 1000:.0f} ms of its sound are silent",
            unless=longest_seconds <= expected.silent_seconds + LONGEST_HOLE_SECONDS,
        )
    if expected.numbers and expected.synced_seconds:
        late = [ms - expected.own_late_ms for ms in _late_ms(part, heard.beeps, expected.numbers.rate)]
        settled = late[1:] if len(late) > 2 else late  # the first picture may be held from before its time
        finding.lip_sync_ms = max(settled, key=abs, default=None)
        if expected.is_hurt and late:
            finding.lip_sync_ms = median(late)
        finding.says(
            f"lip-sync can be measured {len(late)} times and not {expected.synced_seconds}",
            unless=len(late) >= expected.synced_seconds,
        )
        finding.says(
            f"sound is {finding.lip_sync_ms or 0:.0f} ms late",
            unless=abs(finding.lip_sync_ms or 0) <= WORST_LIP_SYNC_MS,
        )


def _late_ms(part: Part, beeps: Sequence[float], rate: float) -> list[float]:
    """How much later than the picture of a whole second its beep is heard, of every second where both are."""
    late = []
    first_sights: dict[int, float] = {}
    for frame in part.numbered:
        assert frame.frame_number is not None
        first_sights.setdefault(frame.frame_number, frame.time_seconds)
    for second in range(int(max(first_sights, default=0) / rate) + 1):
        nearest = min(first_sights, key=lambda number: abs(number / rate - second), default=None)
        if nearest is None or abs(nearest / rate - second) > 1.5 / rate:
            continue
        moment = first_sights[nearest] + second - nearest / rate
        beep = min(beeps, key=lambda heard: abs(heard - moment), default=None)
        if beep is not None and abs(beep - moment) < 0.4 and part.begins - 0.1 < beep < part.ends:
            late.append((beep - moment) * 1000)
    return late


def _seen(part: Part) -> str:
    numbers = [frame.frame_number for frame in part.numbered]
    unread = len(part.pictures) - len(numbers)
    span = f"{numbers[0]}–{numbers[-1]}, {len(set(numbers))} of them" if numbers else "none"
    return f"{len(part.pictures)} pictures, numbers {span}, {unread} without"


def _looks(path: Path, part: Part, aspect: Fraction) -> list[Look]:
    shown = part.numbered or part.pictures
    chosen = sorted({shown[int(share * len(shown))].time_seconds for share in _LOOKED_AT}) if shown else []
    return looks(path, chosen, aspect)


def _judge_looks(found: Sequence[Look], expected: Played, finding: Finding) -> None:
    if not found:
        finding.problems.append("there is no picture to look at")
        return
    brightness = median(look.mean for look in found)
    if expected.is_bright:
        finding.says(f"the cover is not seen (brightness {brightness:.0f})", unless=brightness > 70)
    if expected.is_dark:
        finding.says(f"it is not black (brightness {brightness:.0f})", unless=brightness < 20)
    if not expected.numbers or expected.is_hurt:
        return
    if expected.has_shape:
        finding.roundness = median(look.roundness for look in found)
        finding.says(
            f"the circle is {finding.roundness:.2f} times as wide as high",
            unless=_ROUND[0] <= finding.roundness <= _ROUND[1],
        )
    if expected.has_colours:
        finding.problems += _wrong_colours(found, expected.colour_tolerance)
    if expected.is_smooth:
        comb = median(look.comb for look in found)
        finding.says(f"it is combed ({comb:.1f})", unless=comb < _COMBED)


def _wrong_colours(found: Sequence[Look], tolerance: float) -> Iterator[str]:
    for name, right in _COLOURS.items():
        levels = [median(level) for level in zip(*(getattr(look, name) for look in found), strict=True)]
        if max(abs(level - wanted) for level, wanted in zip(levels, right, strict=True)) > tolerance:
            yield f"{name} is {', '.join(f'{level:.0f}' for level in levels)}"
