"""While YouTube refuses everybody here, it is hardly asked, and asked again soon after it answers."""

import asyncio
from dataclasses import dataclass, field

import pytest

from streaming.model.backoff import Backoff
from streaming.model.errors import ItemUnavailable, NonstopError, PlatformTrouble, TransientError
from streaming.model.message import Message
from streaming.youtube.circuit_breaker import CircuitBreaker

BOT_CHECK = PlatformTrouble(
    Message("YouTube asks this address to prove that it is not a bot."), hint=Message("Use a proxy.")
)


@dataclass
class Scene:
    """A breaker and a clock that is moved by hand; `asked` counts what got through."""

    time: float = 0.0
    asked: int = 0
    breaker: CircuitBreaker = field(init=False)

    def __post_init__(self) -> None:
        self.breaker = CircuitBreaker(backoff=Backoff(8, 60), now=lambda: self.time)

    async def ask(self, answer: NonstopError | None = None, *, wait: asyncio.Event | None = None) -> None:
        async with self.breaker.guard():
            self.asked += 1
            if wait:
                await wait.wait()
            if answer:
                raise answer

    async def is_let_through(self, answer: NonstopError | None = None) -> bool:
        before = self.asked
        try:
            await self.ask(answer)
        except NonstopError as error:
            if type(error) is not type(answer or BOT_CHECK):
                raise
        return self.asked > before

    async def pause_seconds(self, answer: NonstopError) -> float:
        """How long it takes until a question goes through, which is then answered so."""
        began = self.time
        while not await self.is_let_through(answer):
            self.time += 0.1
        return self.time - began


@pytest.fixture
async def closed() -> Scene:
    scene = Scene()
    assert await scene.is_let_through(BOT_CHECK)
    return scene


async def test_everything_goes_through_while_all_is_well() -> None:
    scene = Scene()
    for answer in (None, ItemUnavailable(Message("private")), TransientError(Message("The worker died.")), None):
        assert await scene.is_let_through(answer)


async def test_after_trouble_everybody_is_told_at_once_what_it_is(closed: Scene) -> None:
    for _ in range(100):
        with pytest.raises(PlatformTrouble) as told:
            await closed.ask()
        assert str(told.value) == str(BOT_CHECK)
    assert closed.asked == 1


async def test_pauses_grow_up_to_their_limit(closed: Scene) -> None:
    for limit in (8, 16, 32, 60, 60):
        assert limit / 2 - 0.2 <= await closed.pause_seconds(BOT_CHECK) <= limit + 0.2


async def test_one_question_at_a_time_finds_out_whether_it_is_over(closed: Scene) -> None:
    closed.time += 8
    answered = asyncio.Event()
    probe = asyncio.create_task(closed.ask(wait=answered))
    await asyncio.sleep(0)
    assert not await closed.is_let_through()
    answered.set()
    await probe
    assert await closed.is_let_through()


@pytest.mark.parametrize("answer", [None, ItemUnavailable(Message("unavailable at the moment"))])
async def test_an_answer_of_any_kind_opens_it_and_the_pauses_begin_anew(
    closed: Scene, answer: NonstopError | None
) -> None:
    for _ in range(4):
        await closed.pause_seconds(BOT_CHECK)
    closed.time += 60
    assert await closed.is_let_through(answer)
    assert await closed.is_let_through(BOT_CHECK)
    assert await closed.pause_seconds(BOT_CHECK) <= 8.2


async def test_a_question_that_got_lost_says_nothing(closed: Scene) -> None:
    closed.time += 8
    assert await closed.is_let_through(TransientError(Message("The worker died.")))
    assert not await closed.is_let_through()
    closed.time += 16
    assert await closed.is_let_through()


async def test_a_question_that_was_given_up_leaves_the_turn_to_the_next(closed: Scene) -> None:
    closed.time += 8
    probe = asyncio.create_task(closed.ask(wait=asyncio.Event()))
    await asyncio.sleep(0)
    probe.cancel()
    await asyncio.wait([probe])
    assert await closed.is_let_through()


async def test_many_refused_at_once_count_as_one() -> None:
    scene = Scene()
    refused = asyncio.Event()
    asking = [asyncio.create_task(scene.ask(BOT_CHECK, wait=refused)) for _ in range(8)]
    await asyncio.sleep(0)
    refused.set()
    await asyncio.wait(asking)
    assert all(isinstance(task.exception(), PlatformTrouble) for task in asking)
    assert await scene.pause_seconds(BOT_CHECK) <= 8.2
