"""Streams put on air again, changed and deleted, and their logs."""

import pytest
from sqlmodel import select

from streaming.control.control import Control, StartRequest
from streaming.control.status import StreamState
from streaming.control.upkeep import Edit
from streaming.model.errors import AlreadyOnAir, NotFound, UsageError, WantedStateError
from streaming.model.states import DesiredState, EncodeMode, LogLevel, RunStatus
from streaming.storage.database import Database
from streaming.storage.tables import QueueItem, Stream, StreamLog
from tests.database.conftest import ALICE, MALLORY
from tests.standins.paper_engine import PaperEngine


@pytest.fixture
async def stream(control: Control, main_target: str) -> str:
    wish = await control.start(ALICE, StartRequest("demo", to=main_target, title="Night loop"))
    return f"#{wish.stream_id}"


async def last_line(control: Control, stream: str) -> str:
    return (await control.logs(ALICE.guild_id, stream))[-1].message


# restart


async def test_restart_is_a_new_wish_for_the_same_stream(control: Control, engine: PaperEngine, stream: str) -> None:
    await engine.bring_to_air(1)
    wish = await control.restart(ALICE, stream)
    assert (wish.stream_id, wish.wish, wish.title, wish.targets) == (1, 2, "Night loop", ("main",))
    assert (await control.status(ALICE.guild_id, stream))[0].state is StreamState.WAITING
    assert await last_line(control, stream) == "Alice restarted it."


async def test_restart_brings_back_what_is_over(control: Control, engine: PaperEngine, stream: str) -> None:
    await engine.write_run(1, RunStatus.ENDED)
    await control.stop(ALICE, stream)
    assert (await control.restart(ALICE, stream)).wish == 2
    async with engine.database.session() as session:
        assert (await session.get_one(Stream, 1)).desired_state is DesiredState.ON_AIR


async def test_restart_takes_no_target_from_another_stream(control: Control, stream: str) -> None:
    await control.stop(ALICE, stream)
    await control.start(ALICE, StartRequest("PLrEnWoR732-BHrPp_Pm8_VleD68f9s14-", title="Other"))
    with pytest.raises(AlreadyOnAir, match="Other"):
        await control.restart(ALICE, stream)


async def test_restart_without_a_target_says_what_to_do(control: Control, stream: str) -> None:
    await control.stop(ALICE, stream)
    await control.remove_target(ALICE, "main")
    with pytest.raises(NotFound, match=r"no target left.*/stream start"):
        await control.restart(ALICE, stream)


# edit


async def test_edit_changes_what_it_is_told_and_nothing_else(control: Control, stream: str) -> None:
    edit = Edit(title=" New \n title ", encode=EncodeMode.COPY, shuffle=True)
    status = await control.edit(ALICE, stream, edit)
    assert (status.title, status.encode, status.is_shuffled, status.is_looped) == ("New title", "copy", True, True)
    assert await last_line(control, stream) == "Alice set its title to “New title”, encode to “copy”, shuffle on."


async def test_order_is_changed_without_a_new_wish(control: Control, stream: str) -> None:
    status = await control.set_order(ALICE, stream, loop=False)
    assert (status.is_looped, status.is_shuffled, status.wish) == (False, False, 1)
    assert await last_line(control, stream) == "Alice set loop off."


@pytest.mark.parametrize("edit", [Edit(), Edit(title=" ", description="\n")])
async def test_edit_of_nothing_is_asked_back(control: Control, stream: str, edit: Edit) -> None:
    with pytest.raises(UsageError, match="Nothing to change"):
        await control.edit(ALICE, stream, edit)


async def test_endless_titles_are_cut(control: Control, stream: str) -> None:
    status = await control.edit(ALICE, stream, Edit(title="x" * 10_000, description="y" * 10_000))
    assert (len(status.title), len(status.description)) == (100, 1000)


# delete


async def test_deleted_stream_leaves_nothing_behind(
    control: Control, engine: PaperEngine, database: Database, stream: str
) -> None:
    await engine.bring_to_air(1)
    await engine.list_items(1, {"a": "First"})
    await engine.write_run(1, RunStatus.STOPPED)
    await control.stop(ALICE, stream)
    assert await control.delete(ALICE, stream) == "Night loop"
    async with database.session() as session:
        of_it = select(StreamLog).where(StreamLog.stream_id == 1)
        assert [(await session.exec(rows)).all() for rows in (select(Stream), of_it, select(QueueItem))] == [[], [], []]
    with pytest.raises(NotFound):
        await control.delete(ALICE, stream)


@pytest.mark.parametrize("stopped", [False, True], ids=["wanted", "stopping"])
async def test_stream_on_air_is_not_deleted(
    control: Control, engine: PaperEngine, stream: str, *, stopped: bool
) -> None:
    await engine.bring_to_air(1)
    if stopped:
        await control.stop(ALICE, stream)
    with pytest.raises(WantedStateError, match="/stream stop"):
        await control.delete(ALICE, stream)


# logs


async def test_log_tells_who_did_what_the_newest_last(control: Control, stream: str) -> None:
    await control.stop(ALICE, stream)
    lines = await control.logs(ALICE.guild_id, stream)
    assert [line.message for line in lines] == [
        "Alice started it on main.",
        "Alice stopped it.",
    ]
    assert [line.actor_id for line in lines] == [ALICE.user_id] * 2
    assert [line.message for line in await control.logs(ALICE.guild_id, stream, 1)] == ["Alice stopped it."]


async def test_log_can_be_asked_for_errors_alone(control: Control, database: Database, stream: str) -> None:
    async with database.session() as session:
        session.add(StreamLog(stream_id=1, level=LogLevel.ERROR, message="The playlist is private."))
        await session.commit()
    (line,) = await control.logs(ALICE.guild_id, stream, only_level=LogLevel.ERROR)
    assert (line.message, line.actor_id) == ("The playlist is private.", None)


async def test_other_guilds_touch_nothing(control: Control, stream: str) -> None:
    for asking in (
        control.restart(MALLORY, stream),
        control.edit(MALLORY, stream, Edit(title="Mine")),
        control.delete(MALLORY, stream),
        control.logs(MALLORY.guild_id, stream),
    ):
        with pytest.raises(NotFound):
            await asking
