"""Retries wait longer and longer, up to a cap, and start again after a recovery."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.model.backoff import Backoff


def test_delays_grow_up_to_their_cap() -> None:
    backoff = Backoff(1, 10, factor=3, jitter=(1, 1))
    assert [backoff.delay_seconds(failures, 0.3) for failures in range(1, 6)] == [1, 3, 9, 10, 10]


@given(failures=st.integers(1, 100_000), chance=st.floats(0, 1))
def test_jitter_keeps_a_delay_within_its_share(failures: int, chance: float) -> None:
    delay_seconds = Backoff(0.1, 4, jitter=(0.8, 1.2)).delay_seconds(failures, chance)
    assert 0.08 <= delay_seconds <= 4 * 1.2 + 1e-9


def test_chance_spreads_delays_evenly_between_least_and_most() -> None:
    backoff = Backoff(8, 8)
    assert [backoff.delay_seconds(1, chance) for chance in (0, 0.5, 1)] == [4, 6, 8]


@pytest.mark.parametrize(("worked_seconds", "failures"), [(0, 4), (59.9, 4), (60, 1)])
def test_failures_are_counted_anew_after_a_recovery(worked_seconds: float, failures: int) -> None:
    assert Backoff(1, 30, reset_seconds=60).failures_after(3, worked_seconds) == failures
