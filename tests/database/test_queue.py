"""What may be asked of the order of play, and what is shown of it."""

import asyncio
import time

import pytest
from sqlmodel import col, select

from streaming.model.errors import NeedsChoice, NotFound, ServiceUnavailable, WantedStateError
from streaming.model.states import CommandAction, CommandState
from streaming.services.services import Services
from streaming.services.stream_requests import StartRequest
from streaming.storage.database import Database
from streaming.storage.tables import Command, StreamLog
from tests.database.conftest import ALICE, MALLORY
from tests.standins.paper_engine import PaperEngine

TITLES = {"a": "First", "b": "Ärger mit der Bahn", "c": "100 % Sinfonia", "d": "Sinfonia in B minor"}


@pytest.fixture
async def stream(services: Services, main_target: str) -> str:
    started = await services.streams.start(ALICE, StartRequest("demo", to=main_target, title="Night loop"))
    return f"#{started.stream_id}"


@pytest.fixture
async def on_air(engine: PaperEngine, stream: str) -> str:
    stream_id = int(stream.removeprefix("#"))
    await engine.bring_to_air(stream_id)
    await engine.list_items(stream_id, TITLES, upcoming=["c", "d", "gone"])
    return stream


async def log(database: Database) -> list[StreamLog]:
    async with database.session() as session:
        return list(await session.exec(select(StreamLog).order_by(col(StreamLog.id))))


async def test_queue_is_what_plays_and_what_comes_next_in_order(services: Services, on_air: str) -> None:
    queue = await services.queue.read(ALICE.guild_id, on_air)
    assert (queue.title, queue.is_playing, queue.is_looped, queue.is_shuffled) == ("Night loop", True, True, False)
    assert queue.now_playing and queue.now_playing.title == "First"
    assert [entry.key for entry in queue.upcoming] == ["c", "d"]
    assert (queue.listed, queue.removed) == (4, 0)


async def test_queue_of_a_stream_off_the_air_is_its_list_without_what_was_removed(
    services: Services, engine: PaperEngine, stream: str
) -> None:
    assert (await services.queue.read(ALICE.guild_id, stream)).upcoming == ()
    await engine.list_items(int(stream[1:]), TITLES, removed=["b"])
    queue = await services.queue.read(ALICE.guild_id, stream)
    assert ([entry.key for entry in queue.upcoming], queue.listed, queue.removed) == (["a", "c", "d"], 4, 1)


@pytest.mark.parametrize(
    ("text", "found"),
    [("SINFONIA", ["c", "d"]), ("ärger", ["b"]), ("ÄRGER MIT", ["b"]), ("%", ["c"]), ("_", []), ("x" * 10_000, [])],
)
async def test_search_looks_at_every_title_in_any_case(
    services: Services, on_air: str, text: str, found: list[str]
) -> None:
    assert [entry.key for entry in await services.queue.search(ALICE.guild_id, on_air, text)] == found


async def test_items_are_suggested_by_title_or_as_they_come(services: Services, on_air: str) -> None:
    assert [each.value for each in await services.queue.suggest(ALICE.guild_id, on_air, "sinf")] == ["c", "d"]
    assert [each.name for each in await services.queue.suggest(ALICE.guild_id, "", " ")] == [
        "100 % Sinfonia",
        "Sinfonia in B minor",
    ]
    assert await services.queue.suggest(ALICE.guild_id, "no such stream", "x") == []
    assert await services.queue.suggest(MALLORY.guild_id, on_air, "sinf") == []


async def test_ten_thousand_items_with_endless_titles_are_searched_and_suggested_in_no_time(
    services: Services, engine: PaperEngine, stream: str
) -> None:
    titles = {f"video{number:06}": f"{number} {'x' * 100}" for number in range(9_999)}
    await engine.list_items(int(stream[1:]), {**titles, "endless": "y" * 10_000, "k" * 200: "y"}, upcoming=[])
    began = time.process_time()
    suggested = await services.queue.suggest(ALICE.guild_id, stream, "y")
    assert [(len(each.name), each.value) for each in suggested] == [(100, "endless")]
    assert len(await services.queue.suggest(ALICE.guild_id, stream, "99")) == 25
    assert time.process_time() - began < 1  # 0.02 s


@pytest.mark.parametrize("item", ["d", "Sinfonia in B minor", "b minor"])
async def test_an_item_is_meant_by_its_key_or_title(
    services: Services, engine: PaperEngine, database: Database, on_air: str, item: str
) -> None:
    taking = asyncio.create_task(engine.take_command(CommandState.DONE, "Now playing “Sinfonia in B minor”."))
    assert await services.queue.jump(ALICE, on_air, item) == "Now playing “Sinfonia in B minor”."
    await taking
    async with database.session() as session:
        (command,) = await session.exec(select(Command))
    assert (command.action, command.argument, command.requested_by) == (CommandAction.JUMP, "d", ALICE.user_id)
    (*_, line) = await log(database)
    assert (line.message, line.actor_id) == ("Alice jumped to “Sinfonia in B minor”.", ALICE.user_id)


async def test_every_request_reaches_the_engine_and_the_log(
    services: Services, engine: PaperEngine, database: Database, on_air: str
) -> None:
    requests = {
        CommandAction.PREVIOUS: services.queue.previous(ALICE, on_air),
        CommandAction.PLAY_NEXT: services.queue.play_next(ALICE, on_air, "a"),
        CommandAction.REMOVE: services.queue.remove(ALICE, on_air, "a"),
    }
    for request in requests.values():
        taking = asyncio.create_task(engine.take_command(CommandState.DONE, "Done."))
        assert await request == "Done."
        await taking
    async with database.session() as session:
        commands = (await session.exec(select(Command).order_by(col(Command.id)))).all()
    assert [command.action for command in commands] == list(requests)
    said = [line.message for line in await log(database)][-3:]
    assert said == ["Alice went back to the previous item.", "Alice queued “First” next.", "Alice removed “First”."]


@pytest.mark.parametrize(("item", "complaint"), [("", "no item “”"), ("zz", "no item “zz”"), ("sinf", "Several items")])
async def test_an_item_nobody_can_mean_is_asked_back(
    services: Services, on_air: str, item: str, complaint: str
) -> None:
    with pytest.raises((NotFound, NeedsChoice), match=complaint):
        await services.queue.jump(ALICE, on_air, item)


@pytest.mark.usefixtures("nobody_answers")
async def test_nothing_is_asked_of_a_stream_off_the_air_or_of_no_engine(
    services: Services, engine: PaperEngine, stream: str
) -> None:
    with pytest.raises(WantedStateError, match="not on air"):
        await services.queue.previous(ALICE, stream)
    await engine.bring_to_air(int(stream[1:]))
    with pytest.raises(ServiceUnavailable, match="No engine is running"):
        await services.queue.previous(ALICE, stream)


async def test_other_guilds_reach_no_queue(services: Services, on_air: str) -> None:
    for asking in (
        services.queue.read(MALLORY.guild_id, on_air),
        services.queue.search(MALLORY.guild_id, on_air, "First"),
        services.queue.entry(MALLORY.guild_id, on_air, "a"),
        services.queue.jump(MALLORY, on_air, "a"),
        services.queue.previous(MALLORY, on_air),
    ):
        with pytest.raises(NotFound):
            await asking


IDENTS = {"i": "Ident", "a": "First", "2:i": "Ident", "b": "Second", "3:i": "Ident"}


async def test_occurrences_of_one_video_are_suggested_each_with_its_place(
    services: Services, engine: PaperEngine, on_air: str
) -> None:
    await engine.list_items(int(on_air[1:]), IDENTS, upcoming=["2:i", "b", "3:i", "i", "a", "2:i"])
    found = [(each.value, each.facts) for each in await services.queue.suggest(ALICE.guild_id, on_air, "ident")]
    assert found == [
        ("i", ("#1 in the list",)),
        ("2:i", ("#3 in the list",)),
        ("3:i", ("#5 in the list",)),
    ]
    found = [(each.value, each.facts) for each in await services.queue.suggest(ALICE.guild_id, on_air, "")]
    assert [value for value, _ in found] == ["2:i", "b", "3:i", "i", "a"]
    assert found[1] == ("b", ())


@pytest.mark.parametrize(
    ("item", "removed", "meant"),
    [("2:i", "", "2:i"), ("Ident", "", "i"), ("iden", "", "i"), ("ident", "i", "2:i"), ("2:i", "2:i", "2:i")],
)
async def test_of_several_occurrences_the_first_that_is_left_is_meant_by_its_title(  # noqa: PLR0917  (fixtures)
    services: Services, engine: PaperEngine, on_air: str, item: str, removed: str, meant: str
) -> None:
    await engine.list_items(int(on_air[1:]), IDENTS, removed=[removed])
    assert (await services.queue.entry(ALICE.guild_id, on_air, item)).key == meant
