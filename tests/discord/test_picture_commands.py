"""`/stream preview`, the chart of `/stream status`, and `/target test`."""

import asyncio
from typing import Any

import pytest
from sqlmodel import select

from bot.discord import words_en as words
from streaming.model.states import CommandState, RunStatus, TargetKind
from streaming.redaction.secrets import Secret
from streaming.services.actor import Actor
from streaming.services.services import Services
from streaming.services.stream_requests import StartRequest
from streaming.storage.tables import Command, Sample
from tests.discord.actor import Person, cards_sent
from tests.standins.paper_engine import PaperEngine

KEY = "planted-9f3c-key-4711"
JPEG = b"a picture"


@pytest.fixture
async def main_target(services: Services, alice: Person) -> str:
    await services.targets.add(setup(alice), "main", TargetKind.TWITCH, "", Secret(KEY))
    return "main"


@pytest.fixture
async def on_air(services: Services, alice: Person, engine: PaperEngine, main_target: str) -> int:
    started = await services.streams.start(setup(alice), StartRequest("demo", title="Night loop", to=main_target))
    await engine.bring_to_air(started.stream_id)
    return started.stream_id


@pytest.fixture
async def sampled(on_air: int, engine: PaperEngine) -> int:
    """A stream on air that has been sampled once: its id."""
    async with engine.database.session() as session:
        session.add(Sample(run_id=on_air, target_id=1, speed=1.0, bitrate_kbps=2500, lead_seconds=10))
        await session.commit()
    return on_air


def setup(person: Person) -> Actor:
    return Actor(person.guild_id, 1, "Setup")


async def is_asked(engine: PaperEngine) -> bool:
    async with engine.database.session() as session:
        return (await session.exec(select(Command))).first() is not None


# Preview


async def test_preview_shows_the_picture_with_what_is_on_air(alice: Person, engine: PaperEngine, on_air: int) -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(engine.take_picture(on_air, JPEG))
        answer = await alice.slash("stream preview")
    assert answer.card.title == "🟢 On air · Night loop"
    assert "[First](https://youtu.be/a)" in answer.text
    assert answer.card.image.url == "attachment://preview.jpg"
    assert answer.files == {"preview.jpg": len(JPEG)}
    assert (answer.is_private, answer.is_only_message) == (True, True)


async def test_several_who_look_at_once_all_see_it(
    alice: Person, engine: PaperEngine, on_air: int, simcord_env: Any, guild: Any
) -> None:
    bob = Person(simcord_env, guild, "bob")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(engine.take_picture(on_air, JPEG))
        first = await alice.slash("stream preview")
    second = await bob.slash("stream preview", stream="night loop")  # nobody takes a picture any more
    assert [list(answer.files) for answer in (first, second)] == [["preview.jpg"]] * 2


async def test_preview_of_what_is_off_air_says_what_to_do(alice: Person, engine: PaperEngine, on_air: int) -> None:
    await engine.write_run(on_air, RunStatus.STOPPED)
    answer = await alice.slash("stream preview")
    assert "“Night loop” is not on air." in answer.text
    assert "/stream restart" in answer.text
    assert answer.is_private


@pytest.mark.usefixtures("on_air", "nobody_answers")
async def test_preview_without_an_engine_says_so(alice: Person) -> None:
    assert "No engine is running" in (await alice.slash("stream preview")).text


@pytest.mark.usefixtures("on_air")
@pytest.mark.parametrize("stream", ["nope", "#99", "@everyone", "x" * 6000, "\u202e\u200b"])
async def test_preview_of_something_else_is_declined(alice: Person, stream: str) -> None:
    answer = await alice.slash("stream preview", stream=stream)
    assert answer.card.title == "🔴 That didn't work"
    assert answer.is_private


async def test_preview_before_there_is_a_stream_says_how_to_begin(alice: Person) -> None:
    assert "/stream start" in (await alice.slash("stream preview")).text


async def test_preview_completes_streams(alice: Person, on_air: int) -> None:
    assert await alice.suggestions("stream preview", "stream", "night") == [f"#{on_air}"]


# The chart


@pytest.mark.usefixtures("sampled")
@pytest.mark.parametrize("options", [{}, {"stream": "Night loop"}, {"chart": "24h"}, {"chart": "1h"}])
async def test_status_of_one_stream_has_its_chart(alice: Person, options: dict[str, str]) -> None:
    answer = await alice.slash("stream status", **options)
    assert answer.card.image.url == "attachment://health.png"
    assert answer.files["health.png"] > 5000
    assert "1.00 × · 2,500 kbit/s" in answer.text


@pytest.mark.usefixtures("on_air")
async def test_what_was_never_sampled_has_neither_chart_nor_health(alice: Person) -> None:
    answer = await alice.slash("stream status")
    assert answer.card.title == "🟢 On air · Night loop"
    assert (answer.card.image.url, answer.files) == (None, {})
    assert "Health" not in answer.text


@pytest.mark.usefixtures("sampled")
async def test_chart_of_several_streams_asks_for_one(alice: Person, services: Services) -> None:
    await services.targets.add(setup(alice), "backup", TargetKind.TWITCH, "", Secret(KEY))
    await services.streams.start(setup(alice), StartRequest("demo", to="backup", title="Other"))
    assert (await alice.slash("stream status")).files == {}
    assert "Several streams match" in (await alice.slash("stream status", chart="24h")).text


async def test_stopped_stream_has_no_live_target(alice: Person, engine: PaperEngine, on_air: int) -> None:
    await alice.slash("stream stop")
    await engine.write_run(on_air, RunStatus.STOPPED)
    answer = await alice.slash("stream list")
    assert "⚫ main" in answer.text
    assert "🟢" not in answer.text


# Testing a target


@pytest.mark.usefixtures("main_target")
async def test_target_that_takes_it_is_green(alice: Person, engine: PaperEngine, simcord_env: Any) -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(engine.take_command(CommandState.DONE, "The ingest accepted it after 0.4 s."))
        answer = await alice.slash("target test", target="main")
    assert [card["title"] for card in cards_sent(simcord_env)] == ["🔵 Testing main", "🟢 main works"]
    assert "accepted it after 0.4 s" in answer.text
    assert (answer.is_private, answer.is_only_message) == (True, True)


@pytest.mark.usefixtures("main_target")
async def test_target_that_refuses_is_red_and_says_what_to_do(alice: Person, engine: PaperEngine) -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(engine.take_command(CommandState.FAILED, "The ingest refuses the stream key. Check the key."))
        answer = await alice.slash("target test", target="main")
    assert answer.card.title == "🔴 main doesn't work"
    assert "The ingest refuses the stream key.\n\n**What to do:** Check the key." in answer.text


@pytest.mark.usefixtures("main_target", "nobody_answers")
async def test_test_without_an_engine_ends_in_the_same_message(alice: Person) -> None:
    answer = await alice.slash("target test", target="main")
    assert "No engine is running" in answer.text
    assert answer.is_only_message


@pytest.mark.usefixtures("on_air")
async def test_target_that_is_live_is_not_disturbed(alice: Person, simcord_env: Any) -> None:
    answer = await alice.slash("target test", target="main")
    assert answer.card.title == "🟢 main works"
    assert "It works: “Night loop” is on air there right now." in answer.text
    assert len(cards_sent(simcord_env)) == 1


@pytest.mark.usefixtures("main_target")
@pytest.mark.parametrize("target", ["nope", "", "a,b", "@everyone", "x" * 6000, "\u202e\u200b"])
async def test_test_of_something_else_is_declined(alice: Person, target: str) -> None:
    answer = await alice.slash("target test", target=target)
    assert answer.card.title == "🔴 That didn't work"
    assert answer.is_private


@pytest.mark.usefixtures("main_target")
async def test_test_completes_targets(alice: Person) -> None:
    assert await alice.suggestions("target test", "target", "MA") == ["main"]


async def test_target_that_is_removed_meanwhile_is_no_drama(
    alice: Person, engine: PaperEngine, services: Services, main_target: str
) -> None:
    """Its command goes with it."""

    async def remove() -> None:
        async with asyncio.timeout(10), engine.database.changes() as changes:
            while not await is_asked(engine):
                await changes.wait(1)
        await services.targets.remove(setup(alice), main_target)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(remove())
        answer = await alice.slash("target test", target=main_target)
    assert answer.card.title == "🔴 That didn't work"
    assert words.UNEXPECTED not in answer.text


# Who may, and where


@pytest.mark.usefixtures("sampled")
async def test_other_guilds_see_none_of_it(simcord_env: Any, alice: Person) -> None:
    await alice.slash("stream status", stream="#1")
    mallory = Person(simcord_env, simcord_env.create_guild(), "mallory")
    assert "no streams yet" in (await mallory.slash("stream preview", stream="#1")).text
    assert "no streams yet" in (await mallory.slash("stream status", stream="#1", chart="1h")).text
    assert "no targets yet" in (await mallory.slash("target test", target="main")).text
