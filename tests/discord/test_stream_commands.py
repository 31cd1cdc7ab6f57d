"""`/stream`, its good ways and its bad ones."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from streaming.model.states import CommandState, RunStatus, TargetKind, UplinkState
from streaming.redaction.secrets import Secret
from streaming.services.actor import Actor
from streaming.services.services import Services
from streaming.services.stream_requests import StartRequest
from tests.discord.actor import Person, cards_sent, shown
from tests.standins.paper_engine import PaperEngine


@asynccontextmanager
async def meanwhile(*steps: Any) -> AsyncIterator[None]:
    """The engine's doings, one after the other, while somebody uses a command."""

    async def all_of_them() -> None:
        for step in steps:
            await step()

    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        tasks.create_task(all_of_them())
        yield


@pytest.fixture
async def main_target(services: Services, alice: Person) -> str:
    await add_target(services, alice, "main")
    return "main"


@pytest.fixture
async def on_air(services: Services, alice: Person, engine: PaperEngine, main_target: str) -> int:
    """A stream that is on air: its id."""
    request = StartRequest("demo", title="Night loop", to=main_target)
    started = await services.streams.start(Actor(alice.guild_id, 1, "Setup"), request)
    await engine.bring_to_air(started.stream_id)
    return started.stream_id


async def add_target(services: Services, person: Person, name: str) -> None:
    actor = Actor(person.guild_id, 1, "Setup")
    await services.targets.add(actor, name, TargetKind.TWITCH, "", Secret(f"live_12345678_{name}"))


async def bring_next_to_air(engine: PaperEngine) -> None:
    await engine.beat()
    await engine.bring_to_air(await engine.wanted())


# start


@pytest.mark.usefixtures("main_target")
async def test_start_ends_on_air_and_everybody_sees_it(alice: Person, engine: PaperEngine) -> None:
    async with meanwhile(lambda: bring_next_to_air(engine)):
        answer = await alice.slash("stream start", playlist="demo")
    assert answer.card.title == "🟢 On air · Demo"
    assert "took 1.5 s" in answer.text
    assert "[First](https://youtu.be/a)" in answer.text
    assert "🟢 **main** live" in answer.text
    assert (answer.is_private, answer.is_only_message) == (False, True)


@pytest.mark.usefixtures("main_target")
async def test_start_takes_every_option(alice: Person, services: Services, engine: PaperEngine) -> None:
    async with meanwhile(lambda: bring_next_to_air(engine)):
        await alice.slash(
            "stream start",
            playlist="https://www.youtube.com/playlist?list=PLrEnWoR732-BHrPp_Pm8_VleD68f9s14-",
            mode="direct",
            to="main",
            title="Night loop",
            description="For insomniacs",
            shuffle=True,
            loop=False,
            encode="copy",
        )
    (status,) = await services.streams.all(alice.guild_id)
    assert (status.playlist, status.title) == ("PLrEnWoR732-BHrPp_Pm8_VleD68f9s14-", "Night loop")
    assert (status.description, status.encode) == ("For insomniacs", "copy")
    assert (status.is_shuffled, status.is_looped) == (True, False)


@pytest.mark.usefixtures("main_target")
async def test_start_shows_the_way_in_one_message(alice: Person, engine: PaperEngine, simcord_env: Any) -> None:
    async def listing() -> None:
        await engine.beat()
        await engine.write_run(await engine.wanted(), RunStatus.LISTING)

    async def connecting() -> None:
        await shown(simcord_env, "**playlist**")
        await engine.write_run(1, RunStatus.CONNECTING)

    async def on_air() -> None:
        await shown(simcord_env, "**connecting**")
        await engine.bring_to_air(1)

    async with meanwhile(listing, connecting, on_air):
        answer = await alice.slash("stream start", playlist="demo")
    assert answer.card.title == "🟢 On air · Demo"
    assert answer.is_only_message
    titles = [card["title"] for card in cards_sent(simcord_env)]
    assert titles[-3:] == ["🔵 Reading the playlist · Demo", "🔵 Connecting · Demo", "🟢 On air · Demo"]


@pytest.mark.usefixtures("main_target")
async def test_quick_changes_are_shown_as_one(alice: Person, engine: PaperEngine, simcord_env: Any) -> None:
    async def many_steps() -> None:
        await engine.beat()
        stream_id = await engine.wanted()
        for listed in range(50):
            await engine.write_run(stream_id, RunStatus.LISTING, items_listed=listed)
        await engine.bring_to_air(stream_id)

    async with meanwhile(many_steps):
        await alice.slash("stream start", playlist="demo")
    assert len(cards_sent(simcord_env)) <= 4


@pytest.mark.usefixtures("main_target")
async def test_start_without_an_engine_waits_for_one_and_says_so(
    alice: Person, engine: PaperEngine, simcord_env: Any
) -> None:
    async def comes_late() -> None:
        await shown(simcord_env, "make run")
        await bring_next_to_air(engine)

    async with meanwhile(comes_late):
        answer = await alice.slash("stream start", playlist="demo")
    assert cards_sent(simcord_env)[0]["title"] == "🟠 Waiting for an engine · Demo"
    assert answer.card.title == "🟢 On air · Demo"


@pytest.mark.usefixtures("main_target")
async def test_start_that_fails_says_why_and_what_to_do(alice: Person, engine: PaperEngine) -> None:
    async def fail() -> None:
        await engine.beat()
        await engine.write_run(await engine.wanted(), RunStatus.FAILED, reason="The playlist is private.")

    async with meanwhile(fail):
        answer = await alice.slash("stream start", playlist="PLrEnWoR732-BHrPp_Pm8_VleD68f9s14-")
    assert (answer.card.title or "").startswith("🔴 Failed")
    assert "The playlist is private." in answer.text
    assert "What to do" in answer.text


@pytest.mark.usefixtures("main_target")
async def test_start_with_a_refused_key_shows_the_target_in_red(alice: Person, engine: PaperEngine) -> None:
    async def refuse() -> None:
        await engine.beat()
        stream_id = await engine.wanted()
        run_id = await engine.write_run(stream_id, RunStatus.CONNECTING)
        await engine.write_uplinks(stream_id, run_id, UplinkState.REFUSED, reason="The stream key is not accepted.")
        await engine.write_run(stream_id, RunStatus.FAILED, reason="No target is receiving the stream.")

    async with meanwhile(refuse):
        answer = await alice.slash("stream start", playlist="demo")
    assert "🔴 **main** refused · The stream key is not accepted." in answer.text


async def test_start_without_a_target_is_answered_privately(alice: Person) -> None:
    answer = await alice.slash("stream start", playlist="demo")
    assert "/target add" in answer.text
    assert (answer.is_private, answer.is_only_message) == (True, True)


@pytest.mark.usefixtures("main_target")
@pytest.mark.parametrize("playlist", ["nonsense!", "https://example.com/x", "@everyone", "x" * 6000, "\u202e\u200b"])
async def test_start_of_something_else_than_a_playlist_is_declined(alice: Person, playlist: str) -> None:
    answer = await alice.slash("stream start", playlist=playlist)
    assert answer.card.title == "🔴 That didn't work"
    assert "What to do" in answer.text
    assert answer.is_private


@pytest.mark.usefixtures("on_air")
async def test_second_start_on_the_target_names_the_stream(alice: Person) -> None:
    answer = await alice.slash("stream start", playlist="PLrEnWoR732-BHrPp_Pm8_VleD68f9s14-")
    assert "Night loop" in answer.text
    assert "/stream stop" in answer.text
    assert answer.is_private


# stop, skip


async def test_stop_takes_the_stream_off_the_air(alice: Person, engine: PaperEngine, on_air: int) -> None:
    answer = await alice.slash("stream stop")
    assert answer.card.title == "⚫ Stopping · Night loop"
    assert not answer.is_private
    await engine.write_run(on_air, RunStatus.STOPPED)
    assert (await alice.slash("stream stop", stream="night loop")).card.title == "⚫ Off air · Night loop"


@pytest.mark.usefixtures("on_air")
async def test_stop_of_an_unknown_stream_is_answered_privately(alice: Person) -> None:
    answer = await alice.slash("stream stop", stream="nope")
    assert "There is no stream “nope”." in answer.text
    assert answer.is_private


@pytest.mark.usefixtures("on_air")
async def test_skip_shows_the_engines_answer(alice: Person, engine: PaperEngine) -> None:
    async with meanwhile(lambda: engine.take_command(CommandState.DONE, "Now playing Second.")):
        answer = await alice.slash("stream skip")
    assert answer.text.startswith("⏭️ Skipped\nNow playing Second.")


@pytest.mark.usefixtures("on_air", "nobody_answers")
async def test_skip_nobody_takes_says_that_no_engine_is_running(alice: Person) -> None:
    answer = await alice.slash("stream skip")
    assert "No engine is running" in answer.text


# status, list


@pytest.mark.usefixtures("on_air")
async def test_status_is_for_whoever_asks(alice: Person) -> None:
    answer = await alice.slash("stream status")
    assert answer.card.title == "🟢 On air · Night loop"
    assert answer.is_private


@pytest.mark.usefixtures("on_air")
async def test_status_shows_all_streams_or_the_one_named(alice: Person, services: Services) -> None:
    await add_target(services, alice, "backup")
    await services.streams.start(Actor(alice.guild_id, 1, "Setup"), StartRequest("demo", to="backup", title="Other"))
    everything = await alice.slash("stream status")
    assert "Night loop" in everything.text
    assert "Other" in everything.text
    assert (await alice.slash("stream status", stream="Other")).card.title == "🔵 Starting · Other"


async def test_list_of_nothing_says_how_to_begin(alice: Person) -> None:
    answer = await alice.slash("stream list")
    assert "/stream start" in answer.text


@pytest.mark.usefixtures("on_air")
async def test_list_shows_what_plays_and_where(alice: Person) -> None:
    answer = await alice.slash("stream list")
    assert answer.card.title == "Streams · 1 on air"
    assert "🟢 main" in answer.text
    assert "First" in answer.text


# suggestions, guilds


async def test_streams_and_targets_are_suggested(alice: Person, services: Services, on_air: int) -> None:
    await add_target(services, alice, "backup")
    assert await alice.suggestions("stream stop", "stream", "night") == [f"#{on_air}"]
    assert await alice.suggestions("stream skip", "stream", "") == [f"#{on_air}"]
    assert await alice.suggestions("stream status", "stream", "nothing") == []
    assert await alice.suggestions("stream start", "to", "main, b") == ["main, backup"]


@pytest.mark.usefixtures("on_air")
async def test_other_guilds_see_nothing_of_it(simcord_env: Any) -> None:
    mallory = Person(simcord_env, simcord_env.create_guild(), "mallory")
    assert "no streams yet" in (await mallory.slash("stream list")).text
    assert "no streams yet" in (await mallory.slash("stream stop", stream="#1")).text
    assert await mallory.suggestions("stream stop", "stream", "") == []
