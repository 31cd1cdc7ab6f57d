"""Asking for the test of a target, and what is said instead."""

import asyncio
from contextlib import aclosing

import pytest

from streaming.model.errors import AlreadyOnAir, NotFound, ServiceUnavailable
from streaming.model.message import Message
from streaming.model.states import CommandState, RunStatus, UplinkState
from streaming.services.actor import Actor
from streaming.services.services import Services
from streaming.services.stream_requests import StartRequest
from streaming.services.targets import TargetTest
from tests.database.conftest import ALICE, MALLORY
from tests.standins.paper_engine import PaperEngine


async def steps(services: Services, name: str, actor: Actor = ALICE) -> list[TargetTest]:
    async with asyncio.timeout(10), aclosing(services.targets.test(actor, name)) as test:
        return [step async for step in test]


@pytest.mark.parametrize(("state", "is_accepted"), [(CommandState.DONE, True), (CommandState.FAILED, False)])
async def test_what_the_engine_found_follows_the_begin(
    services: Services, engine: PaperEngine, main_target: str, state: CommandState, is_accepted: bool
) -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(engine.take_command(state, "This is what it said."))
        seen = await steps(services, main_target.upper())
    assert seen == [
        TargetTest("main"),
        TargetTest("main", is_accepted=is_accepted, answer=Message("This is what it said.")),
    ]


async def test_a_target_that_is_live_needs_no_test(services: Services, engine: PaperEngine, main_target: str) -> None:
    started = await services.streams.start(ALICE, StartRequest("demo", title="Night loop"))
    await engine.bring_to_air(started.stream_id)
    (outcome,) = await steps(services, main_target)
    assert outcome.is_accepted
    assert outcome.answer == "It works: “Night loop” is on air there right now."


async def test_a_target_in_trouble_is_not_said_to_work(
    services: Services, engine: PaperEngine, main_target: str
) -> None:
    started = await services.streams.start(ALICE, StartRequest("demo", title="Night loop"))
    await engine.beat()
    run_id = await engine.write_run(started.stream_id, RunStatus.CONNECTING)
    await engine.write_uplinks(started.stream_id, run_id, UplinkState.REFUSED, reason="The key is refused.")
    with pytest.raises(AlreadyOnAir, match=r"“Night loop” \(connecting\)\. The key is refused.*/stream stop"):
        await steps(services, main_target)


@pytest.mark.usefixtures("nobody_answers")
async def test_without_an_engine_it_says_so(services: Services, main_target: str) -> None:
    with pytest.raises(ServiceUnavailable, match="No engine is running"):
        await steps(services, main_target)


@pytest.mark.usefixtures("main_target")
@pytest.mark.parametrize(("actor", "name"), [(ALICE, "nope"), (MALLORY, "main")])
async def test_only_the_guilds_own_targets_are_tested(services: Services, actor: Actor, name: str) -> None:
    with pytest.raises(NotFound):
        await steps(services, name, actor)
