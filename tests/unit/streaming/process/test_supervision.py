"""What is supervised goes on: after how long, how often, and who hears of it."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from streaming.model.backoff import Backoff
from streaming.model.errors import PlaylistError
from streaming.model.message import Message
from streaming.process.supervision import Failures, GivenUp, RestartPolicy, Supervisor

POLICY = RestartPolicy(Backoff(first_seconds=1.0, cap_seconds=8.0), limit=3)


def test_failures_in_a_row_become_too_many() -> None:
    failures = Failures(POLICY)
    seen = []
    for _ in range(3):
        failures = failures.after(worked_seconds=1.0)
        seen.append(failures.are_too_many)
    assert seen == [False, False, True]


def test_what_worked_for_long_is_counted_anew() -> None:
    failures = Failures(POLICY).after(1.0).after(1.0).after(60.0)
    assert failures.count == 1
    assert not failures.are_too_many


def test_without_a_limit_nothing_is_too_many() -> None:
    assert not Failures(RestartPolicy(), count=10**9).are_too_many


@dataclass
class Scene:
    """A supervisor in a time of its own."""

    now: float = 0.0
    waits: list[float] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    runs: int = 0

    def __post_init__(self) -> None:
        self.supervisor = Supervisor(
            self.told.append,
            auxiliary=POLICY,
            essential=POLICY,
            rest_seconds=600.0,
            clock=lambda: self.now,
            sleep=self.sleep,
        )

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def failing(self, times: int, error: Callable[[int], Exception] = lambda _: KeyError("planted")) -> "Work":
        return Work(self, times, error)


@dataclass
class Work:
    """Fails so many times, and then comes to its end."""

    scene: Scene
    times: int
    error: Callable[[int], Exception]

    async def __call__(self) -> None:
        self.scene.runs += 1
        if self.scene.runs <= self.times:
            raise self.error(self.scene.runs)


async def test_an_auxiliary_task_is_begun_again_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    scene = Scene()
    await scene.supervisor.auxiliary("The health monitor", scene.failing(2))
    assert scene.runs == 3
    (sentence,) = scene.told
    assert sentence.startswith("The health monitor failed")
    assert "planted" not in sentence
    assert sum(record.exc_info is not None for record in caplog.records) == 1
    assert caplog.text.count("planted") == 1


async def test_an_auxiliary_task_rests_after_too_many_failures_and_is_tried_again() -> None:
    scene = Scene()
    await scene.supervisor.auxiliary("The health monitor", scene.failing(4))
    assert scene.runs == 5
    assert scene.waits[2] == 600.0
    assert len(scene.told) == 1


async def test_another_kind_of_failure_is_told_too() -> None:
    scene = Scene()
    await scene.supervisor.auxiliary(
        "The health monitor", scene.failing(2, lambda run: [KeyError(), ValueError()][run - 1])
    )
    assert len(scene.told) == 2


async def test_an_essential_task_is_given_up_after_too_many_failures() -> None:
    scene = Scene()
    with pytest.raises(GivenUp) as raised:
        await scene.supervisor.essential("The sequencer", scene.failing(100))
    assert scene.runs == 3
    assert isinstance(raised.value.__cause__, KeyError)


async def test_what_is_foreseen_is_raised_at_once(caplog: pytest.LogCaptureFixture) -> None:
    scene = Scene()
    with pytest.raises(PlaylistError):
        await scene.supervisor.essential(
            "The listing", scene.failing(100, lambda _: PlaylistError(Message("empty"))), final=(PlaylistError,)
        )
    assert (scene.runs, scene.waits, scene.told, caplog.records) == (1, [], [], [])


async def test_a_cancellation_passes_through() -> None:
    supervisor, begun = Supervisor(pytest.fail), asyncio.Event()

    async def work() -> None:
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(supervisor.auxiliary("The health monitor", work))
    await begun.wait()
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()


@pytest.fixture(autouse=True)
def all_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
