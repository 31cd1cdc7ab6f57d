"""The long run's judgement: what grows is found, and what only wavers is not."""

import random

import pytest

from tests.chaos.soak import LIMITS, Sample, slope

HOURS = 6
LIMIT_OF = {limit.name: limit for limit in LIMITS}


def samples(*, megabytes_an_hour: float = 0.0, noise: float = 0.0) -> list[Sample]:
    draw = random.Random(1)
    return [
        Sample(at, memory_mb=300 + megabytes_an_hour * at / 3600 + draw.uniform(-noise, noise))
        for at in range(0, HOURS * 3600, 10)
    ]


def test_memory_that_grows_is_found() -> None:
    found = slope(samples(megabytes_an_hour=8, noise=20), LIMIT_OF["memory"])
    assert found.an_hour == pytest.approx(8, abs=1)
    assert not found.is_met


def test_memory_that_wavers_is_no_growth() -> None:
    assert slope(samples(noise=20), LIMIT_OF["memory"]).is_met


def test_what_a_short_run_shows_is_noise() -> None:
    short = [Sample(at, open_files=100 + at / 60) for at in range(0, 300, 10)]
    found = slope(short, LIMIT_OF["open files"])
    assert found.an_hour == pytest.approx(60)
    assert found.is_met


def test_warm_up_is_left_out() -> None:
    warming = [Sample(at, memory_mb=min(300.0, 100 + at / 5)) for at in range(0, HOURS * 3600, 10)]
    assert slope(warming, LIMIT_OF["memory"]).is_met
