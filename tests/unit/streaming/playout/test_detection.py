"""What the watch makes of what it sees, second by second, and that its patience outlasts everybody else's."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from streaming.ffmpeg.encoding import WAIT_FOR_SOUND_SECONDS
from streaming.ffmpeg.progress import PERIOD_SECONDS
from streaming.model.patience import PATIENCE
from streaming.model.states import LogLevel
from streaming.output.uplink import Destination, Uplink
from streaming.playout.detection import (
    CHECK_PERIOD_SECONDS,
    FFMPEG_CONNECT_SECONDS,
    LIMITS,
    NAME_LOOKUP_SECONDS,
    Action,
    Diagnosis,
    FeederDetector,
    FeederObservation,
    ProgramDetector,
    ProgramObservation,
    UplinkDetector,
    UplinkObservation,
)
from streaming.playout.health import AlertState
from streaming.redaction.secrets import Secret
from streaming.timeline.program import LONGEST_LAG_SECONDS
from tests.standins.paper_events import PaperEvents

BYTES_A_SECOND = 300_000
LONG = 1000


def well(second: int) -> UplinkObservation:
    """An uplink that sends a second of media every second."""
    return UplinkObservation(
        1, reports=10 * second, sent_seconds=float(second), written_bytes=BYTES_A_SECOND * second, unsent_bytes=0
    )


def seconds_until(diagnosis: Diagnosis, look: Callable[[int], UplinkObservation], *, after: int = 0) -> int | None:
    """How long after a healthy beginning of so many seconds a verdict is found; None when it is not."""
    detector = UplinkDetector()
    for second in range(1, after + 1):
        assert detector.observe(well(second), second) is None
    for second in range(after + 1, after + LONG):
        found = detector.observe(look(second), second)
        if found:
            assert found is detector.diagnosis is diagnosis
            return second - after
    return None


def test_an_uplink_that_sends_is_well() -> None:
    assert seconds_until(Diagnosis.WELL, well) is None


@pytest.mark.parametrize("queued", [0, 2_000_000])
def test_an_uplink_that_reports_nothing_is_stuck_whatever_the_ingest_does(queued: int) -> None:
    frozen = replace(well(10), unsent_bytes=queued)
    assert seconds_until(Diagnosis.UPLINK_STUCK, lambda _: frozen, after=10) == 5


def test_an_uplink_that_sends_nothing_of_what_it_has_is_stuck_when_the_ingest_has_taken_all() -> None:
    def look(second: int) -> UplinkObservation:
        return replace(well(10), reports=10 * second)

    assert seconds_until(Diagnosis.UPLINK_STUCK, look, after=10) == 5


def test_an_uplink_without_media_is_not_to_blame_for_sending_none() -> None:
    def look(second: int) -> UplinkObservation:
        return replace(well(10), reports=10 * second, is_owed=False)

    assert seconds_until(Diagnosis.UPLINK_STUCK, look, after=10) is None


def test_an_ingest_that_takes_nothing_is_seen_although_ffmpeg_goes_on_writing() -> None:
    def look(second: int) -> UplinkObservation:
        return replace(well(second), unsent_bytes=BYTES_A_SECOND * (second - 10))

    assert seconds_until(Diagnosis.INGEST_TAKES_NOTHING, look, after=10) == 15


def test_an_ingest_that_takes_nothing_is_seen_where_the_kernel_does_not_tell() -> None:
    def look(second: int) -> UplinkObservation:
        return replace(well(10), reports=10 * second, unsent_bytes=None)

    assert seconds_until(Diagnosis.INGEST_TAKES_NOTHING, look, after=10) == 15


def test_an_ingest_that_takes_it_all_after_a_pause_is_left_alone() -> None:
    def look(second: int) -> UplinkObservation:
        return replace(well(second), unsent_bytes=BYTES_A_SECOND * (second % 12))

    assert seconds_until(Diagnosis.INGEST_TAKES_NOTHING, look, after=10) is None


def test_a_full_queue_that_moves_is_no_stall() -> None:
    def look(second: int) -> UplinkObservation:
        return replace(well(second), unsent_bytes=2_000_000)

    assert seconds_until(Diagnosis.INGEST_TAKES_NOTHING, look, after=10) is None


def test_an_ingest_that_does_not_answer_is_seen_once_there_is_something_for_it() -> None:
    connecting = UplinkObservation(1, is_owed=True)
    assert seconds_until(Diagnosis.INGEST_SILENT, lambda _: connecting) == 1 + LIMITS.connect_seconds
    assert seconds_until(Diagnosis.INGEST_SILENT, lambda _: replace(connecting, is_owed=False)) is None


def test_an_uplink_between_two_tries_has_a_reason_of_its_own() -> None:
    assert seconds_until(Diagnosis.UPLINK_STUCK, lambda _: UplinkObservation(None), after=3) is None


def test_an_uplink_far_behind_the_others_jumps() -> None:
    def look(second: int) -> UplinkObservation:
        return replace(well(second), lag_seconds=(second - 10) * 4.0)

    assert seconds_until(Diagnosis.UPLINK_BEHIND, look, after=10) == 4


def test_an_uplink_slower_than_time_is_told_of() -> None:
    def look(second: int) -> UplinkObservation:
        return replace(well(second), sent_seconds=10 + (second - 10) * 0.8)

    assert seconds_until(Diagnosis.UPLINK_SLOW, look, after=10) in range(15, 32)


def test_a_restart_alone_is_no_recovery() -> None:
    detector = UplinkDetector()
    for second in range(10):
        detector.observe(replace(well(5), reports=50), second)
    assert detector.observe(UplinkObservation(None), 10) is None
    diagnoses: list[Diagnosis] = [detector.diagnosis]
    for second in range(1, 10):
        assert detector.observe(replace(well(second), process=2), 10 + second) is None
        diagnoses.append(detector.diagnosis)
    assert diagnoses[0] is diagnoses[3] is Diagnosis.UPLINK_STUCK
    assert diagnoses[9] is Diagnosis.WELL


FEEDING = FeederObservation(process=1, clusters=4, has_room=True, awaits_source=False)


@pytest.mark.parametrize(
    ("observed", "diagnosis", "seconds"),
    [
        (FEEDING, Diagnosis.FEEDER_STUCK, LIMITS.feeder_seconds),
        (replace(FEEDING, awaits_source=True), Diagnosis.SOURCE_SILENT, LIMITS.source_seconds),
        (replace(FEEDING, has_room=False), None, None),
        (replace(FEEDING, process=None), None, None),
    ],
    ids=["stuck", "waits for the item's server", "nobody takes more", "none"],
)
def test_a_feeder_is_blamed_for_its_own_silence_only(
    observed: FeederObservation, diagnosis: Diagnosis | None, seconds: float | None
) -> None:
    detector = FeederDetector()
    found = {second: found for second in range(LONG) if (found := detector.observe(observed, second))}
    assert min(found, default=None) == seconds
    assert set(found.values()) == ({diagnosis} if diagnosis else set())


def test_a_feeder_that_gives_is_well() -> None:
    detector = FeederDetector()
    assert {detector.observe(replace(FEEDING, clusters=n // 4), n) for n in range(LONG)} == {None}


def test_another_feeder_ends_the_trouble_with_its_first_cluster() -> None:
    detector = FeederDetector()
    for second in range(10):
        detector.observe(FEEDING, second)
    looks = (replace(FEEDING, process=None), replace(FEEDING, process=2), replace(FEEDING, process=None, clusters=5))
    diagnoses: list[Diagnosis] = []
    for second, observed in enumerate(looks, 10):
        detector.observe(observed, second)
        diagnoses.append(detector.diagnosis)
    assert diagnoses == [Diagnosis.FEEDER_STUCK, Diagnosis.FEEDER_STUCK, Diagnosis.WELL]


@pytest.mark.parametrize(
    ("observed", "diagnosis"),
    [
        (ProgramObservation(), Diagnosis.WELL),
        (ProgramObservation(drift_seconds=WAIT_FOR_SOUND_SECONDS), Diagnosis.WELL),
        (ProgramObservation(drift_seconds=3.5), Diagnosis.DRIFT),
        (ProgramObservation(drift_seconds=-3.5), Diagnosis.DRIFT),
        (ProgramObservation(is_slate=True), Diagnosis.SLATE),
    ],
)
def test_the_program_is_judged_by_what_is_in_it(observed: ProgramObservation, diagnosis: Diagnosis) -> None:
    detector = ProgramDetector()
    for second in range(20):
        detector.observe(observed, second)
    assert detector.diagnosis is diagnosis
    detector.observe(ProgramObservation(), 20)
    assert detector.diagnosis is Diagnosis.WELL


def test_a_slate_for_a_moment_is_nothing_to_tell() -> None:
    detector = ProgramDetector()
    assert {detector.observe(ProgramObservation(is_slate=second % 8 > 0), second) for second in range(60)} == {None}


@pytest.mark.parametrize("diagnosis", sorted(set(Diagnosis) - {Diagnosis.WELL}))
def test_each_verdict_has_a_remedy_and_says_it_in_words(diagnosis: Diagnosis) -> None:
    assert diagnosis.action is not Action.NONE
    assert diagnosis.sentence.casefold().startswith(diagnosis.finding)
    assert diagnosis.sentence.endswith(".")


def test_feeder_and_uplink_are_blamed_apart() -> None:
    remedies = {diagnosis: diagnosis.action for diagnosis in Diagnosis}
    for_feeders = {diagnosis for diagnosis, action in remedies.items() if action is Action.RESTART_FEEDER}
    for_uplinks = {diagnosis for diagnosis, action in remedies.items() if action is Action.RESTART_UPLINK}
    assert for_feeders == {Diagnosis.FEEDER_STUCK, Diagnosis.SOURCE_SILENT}
    assert for_uplinks == {Diagnosis.UPLINK_STUCK, Diagnosis.INGEST_SILENT, Diagnosis.INGEST_TAKES_NOTHING}
    assert Diagnosis.WELL.sentence == ""


def test_the_watch_has_more_patience_than_anybody_it_watches() -> None:
    margin = CHECK_PERIOD_SECONDS
    assert LIMITS.connect_seconds > NAME_LOOKUP_SECONDS + FFMPEG_CONNECT_SECONDS + margin
    assert LIMITS.uplink_seconds > PERIOD_SECONDS + margin
    assert LIMITS.ingest_seconds > LIMITS.uplink_seconds
    assert LIMITS.lag_seconds > LONGEST_LAG_SECONDS + margin
    assert LIMITS.feeder_seconds > WAIT_FOR_SOUND_SECONDS + margin
    assert LIMITS.drift_seconds > WAIT_FOR_SOUND_SECONDS
    assert LIMITS.source_seconds > PATIENCE.longest_silence_seconds + margin
    assert PATIENCE.longest_silence_seconds > PATIENCE.attempts * (PATIENCE.stall_seconds + PATIENCE.connect_seconds)


def test_a_trouble_is_told_once_when_it_begins_and_once_when_it_is_over() -> None:
    events = PaperEvents()
    uplink = SimpleNamespace(destination=Destination(1, "main", Secret("")))
    alert = AlertState(cast("Uplink", uplink), events)
    diagnoses = [Diagnosis.WELL, Diagnosis.UPLINK_STUCK, Diagnosis.UPLINK_STUCK, Diagnosis.WELL, Diagnosis.WELL]
    changes = [alert.update(diagnosis, now) for now, diagnosis in enumerate(diagnoses)]
    assert changes == [False, True, False, True, False]
    assert events.lines == [
        (LogLevel.WARNING, "main: The uplink is stuck and is being replaced."),
        (LogLevel.INFO, "main: Resolved after 2 s (the uplink is stuck)."),
    ]
    uplink.destination = Destination(1, "Stage", Secret(""))
    alert.update(Diagnosis.UPLINK_SLOW, 9)
    assert events.lines[-1][1].startswith("Stage: ")
