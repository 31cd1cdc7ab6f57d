"""How long an uplink waits before it tries again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.ffmpeg.stderr import Complaint
from streaming.output.uplink import retry_delay_seconds

chances = st.floats(0, 1)


@given(chances, st.sampled_from([None, Complaint.INGEST_LOST, Complaint.INGEST_UNREACHABLE, Complaint.HOST_UNKNOWN]))
def test_the_first_try_again_is_at_once(chance: float, complaint: Complaint | None) -> None:
    assert retry_delay_seconds(1, complaint, chance) == 0


@given(st.integers(2, 59), chances)
def test_then_it_tries_about_once_a_second_for_a_minute(failures: int, chance: float) -> None:
    assert 0.79 < retry_delay_seconds(failures, Complaint.INGEST_UNREACHABLE, chance) < 1.21


@given(st.integers(2, 100_000), chances)
def test_it_never_waits_longer_than_five_seconds_for_an_ingest_that_is_away(failures: int, chance: float) -> None:
    assert retry_delay_seconds(failures, Complaint.INGEST_UNREACHABLE, chance) <= 5


def test_after_a_minute_it_slows_down() -> None:
    delays = [retry_delay_seconds(failures, None, 0.5) for failures in range(2, 80)]
    assert delays == sorted(delays)
    assert delays[-1] == 4


@pytest.mark.parametrize("complaint", [Complaint.KEY_REFUSED, Complaint.ADDRESS_REFUSED])
@given(failures=st.integers(6, 1000), chance=chances)
def test_a_refused_key_is_not_hammered(complaint: Complaint, failures: int, chance: float) -> None:
    assert 13 <= retry_delay_seconds(failures, complaint, chance) <= 17


@given(st.integers(1, 5), st.sampled_from([Complaint.KEY_REFUSED, Complaint.KEY_BUSY]), chances)
def test_an_ingest_that_may_only_hold_on_to_a_broken_connection_is_asked_again_soon(
    failures: int, complaint: Complaint, chance: float
) -> None:
    assert 1.7 <= retry_delay_seconds(failures, complaint, chance) <= 2.3


def test_uplinks_that_failed_together_come_back_apart() -> None:
    assert retry_delay_seconds(5, None, 0.0) != retry_delay_seconds(5, None, 1.0)
