"""Streams put on air again, changed and deleted, and their logs."""

import pytest
from sqlmodel import select

from streaming.model.errors import AlreadyOnAir, NotFound, UsageError, WantedStateError
from streaming.model.message import Message
from streaming.model.states import DesiredState, EncodeMode, LogLevel, RunStatus
from streaming.services.services import Services
from streaming.services.status import StreamState
from streaming.services.stream_requests import Edit, StartRequest
from streaming.storage.database import Database
from streaming.storage.tables import QueueItem, Stream, StreamLog
from tests.database.conftest import ALICE, MALLORY
from tests.standins.paper_engine import PaperEngine


@pytest.fixture
async def stream(services: Services, main_target: str) -> str:
    started = await services.streams.start(ALICE, StartRequest("demo", to=main_target, title="Night loop"))
    return f"#{started.stream_id}"


async def last_line(services: Services, stream: str) -> str:
    return (await services.streams.logs(ALICE.guild_id, stream))[-1].message


# restart


async def test_restart_is_a_new_wish_for_the_same_stream(services: Services, engine: PaperEngine, stream: str) -> None:
    await engine.bring_to_air(1)
    started = await services.streams.restart(ALICE, stream)
    assert (started.stream_id, started.generation, started.title, started.targets) == (1, 2, "Night loop", ("main",))
    assert (await services.streams.statuses(ALICE.guild_id, stream))[0].state is StreamState.WAITING
    assert await last_line(services, stream) == "Alice restarted it."


async def test_restart_brings_back_what_is_over(services: Services, engine: PaperEngine, stream: str) -> None:
    await engine.write_run(1, RunStatus.ENDED)
    await services.streams.stop(ALICE, stream)
    assert (await services.streams.restart(ALICE, stream)).generation == 2
    async with engine.database.session() as session:
        assert (await session.get_one(Stream, 1)).desired_state is DesiredState.ON_AIR


async def test_restart_takes_no_target_from_another_stream(services: Services, stream: str) -> None:
    await services.streams.stop(ALICE, stream)
    await services.streams.start(ALICE, StartRequest("PLrEnWoR732-BHrPp_Pm8_VleD68f9s14-", title="Other"))
    with pytest.raises(AlreadyOnAir, match="Other"):
        await services.streams.restart(ALICE, stream)


async def test_restart_without_a_target_says_what_to_do(services: Services, stream: str) -> None:
    await services.streams.stop(ALICE, stream)
    await services.targets.remove(ALICE, "main")
    with pytest.raises(NotFound, match=r"no target left.*/stream start"):
        await services.streams.restart(ALICE, stream)


# edit


async def test_edit_changes_what_it_is_told_and_nothing_else(services: Services, stream: str) -> None:
    edit = Edit(title=" New \n title ", encode=EncodeMode.COPY, shuffle=True)
    status = await services.streams.edit(ALICE, stream, edit)
    assert (status.title, status.encode, status.is_shuffled, status.is_looped) == ("New title", "copy", True, True)
    assert await last_line(services, stream) == "Alice set its title to “New title”, encode to “copy”, shuffle on."


async def test_order_is_changed_without_a_new_wish(services: Services, stream: str) -> None:
    status = await services.streams.set_order(ALICE, stream, loop=False)
    assert (status.is_looped, status.is_shuffled, status.generation) == (False, False, 1)
    assert await last_line(services, stream) == "Alice set loop off."


@pytest.mark.parametrize("edit", [Edit(), Edit(title=" ", description="\n")])
async def test_edit_of_nothing_is_asked_back(services: Services, stream: str, edit: Edit) -> None:
    with pytest.raises(UsageError, match="Nothing to change"):
        await services.streams.edit(ALICE, stream, edit)


async def test_endless_titles_are_cut(services: Services, stream: str) -> None:
    status = await services.streams.edit(ALICE, stream, Edit(title="x" * 10_000, description="y" * 10_000))
    assert (len(status.title), len(status.description)) == (100, 1000)


# delete


async def test_deleted_stream_leaves_nothing_behind(
    services: Services, engine: PaperEngine, database: Database, stream: str
) -> None:
    await engine.bring_to_air(1)
    await engine.list_items(1, {"a": "First"})
    await engine.write_run(1, RunStatus.STOPPED)
    await services.streams.stop(ALICE, stream)
    assert await services.streams.delete(ALICE, stream) == "Night loop"
    async with database.session() as session:
        of_it = select(StreamLog).where(StreamLog.stream_id == 1)
        assert [(await session.exec(rows)).all() for rows in (select(Stream), of_it, select(QueueItem))] == [[], [], []]
    with pytest.raises(NotFound):
        await services.streams.delete(ALICE, stream)


@pytest.mark.parametrize("stopped", [False, True], ids=["wanted", "stopping"])
async def test_stream_on_air_is_not_deleted(
    services: Services, engine: PaperEngine, stream: str, *, stopped: bool
) -> None:
    await engine.bring_to_air(1)
    if stopped:
        await services.streams.stop(ALICE, stream)
    with pytest.raises(WantedStateError, match="/stream stop"):
        await services.streams.delete(ALICE, stream)


# logs


async def test_log_tells_who_did_what_the_newest_last(services: Services, stream: str) -> None:
    await services.streams.stop(ALICE, stream)
    lines = await services.streams.logs(ALICE.guild_id, stream)
    assert [line.message for line in lines] == [
        "Alice started it on main.",
        "Alice stopped it.",
    ]
    assert [line.actor_id for line in lines] == [ALICE.user_id] * 2
    assert [line.message for line in await services.streams.logs(ALICE.guild_id, stream, 1)] == ["Alice stopped it."]


async def test_log_can_be_asked_for_errors_alone(services: Services, database: Database, stream: str) -> None:
    async with database.session() as session:
        session.add(StreamLog(stream_id=1, level=LogLevel.ERROR, message=Message("The playlist is private.")))
        await session.commit()
    (line,) = await services.streams.logs(ALICE.guild_id, stream, only_level=LogLevel.ERROR)
    assert (line.message, line.actor_id) == ("The playlist is private.", None)


async def test_other_guilds_touch_nothing(services: Services, stream: str) -> None:
    for asking in (
        services.streams.restart(MALLORY, stream),
        services.streams.edit(MALLORY, stream, Edit(title="Mine")),
        services.streams.delete(MALLORY, stream),
        services.streams.logs(MALLORY.guild_id, stream),
    ):
        with pytest.raises(NotFound):
            await asking
