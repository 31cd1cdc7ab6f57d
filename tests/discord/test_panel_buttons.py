"""The buttons of panels: they work after any restart, ask who presses each time, and do a thing once."""

import asyncio
from typing import Any

import discord
import pytest

from bot.client import create_bot
from bot.discord import errors, responses
from bot.i18n.words import panels as words
from bot.panels.buttons import ACTIONS, PanelButton, custom_id
from streaming.model.states import CommandState, RunStatus
from streaming.services.status import StreamState
from streaming.settings import Settings
from streaming.storage.tables import Stream
from tests.discord.actor import Person
from tests.discord.panels import Scene, buttons_of, until, words_of


@pytest.fixture
async def panel(scene: Scene) -> Any:
    """A panel's message that nobody keeps any more: its buttons have to work by themselves."""
    async with scene.live():
        return await scene.ask_for_panel()


@pytest.fixture
def bob(scene: Scene, guild: Any) -> Person:
    """Somebody who may look, and no more."""
    return Person(scene.env, guild, "bob", may_manage=False)


async def test_skip_tells_whoever_pressed_what_the_engine_says(scene: Scene, panel: Any) -> None:
    skip = custom_id("skip", scene.stream_id)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(scene.engine.take_command(CommandState.DONE, "Skipped “First”."))
        answer = await scene.alice.click(panel, skip)
    assert "Skipped “First”." in answer.text
    assert answer.is_private
    assert any("alice skipped" in line for line in await scene.log_lines())


async def test_skip_that_the_engine_declines_is_told(scene: Scene, panel: Any) -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(scene.engine.take_command(CommandState.FAILED, "There is nothing else to play."))
        answer = await scene.alice.click(panel, custom_id("skip", scene.stream_id))
    assert "There is nothing else to play." in answer.text


@pytest.mark.usefixtures("nobody_answers")
async def test_skip_without_an_engine_says_so(scene: Scene, panel: Any) -> None:
    answer = await scene.alice.click(panel, custom_id("skip", scene.stream_id))
    assert "No engine is running" in answer.text
    assert answer.is_private


@pytest.mark.usefixtures("nobody_answers")
async def test_second_of_two_who_press_at_once_is_told_and_it_is_done_once(scene: Scene, panel: Any) -> None:
    skip = custom_id("skip", scene.stream_id)
    scene.bot.pressed.add(skip)  # somebody's skip is under way
    answer = await scene.alice.click(panel, skip)
    assert words.IN_PROGRESS in answer.text
    assert not any("skipped" in line for line in await scene.log_lines())
    scene.bot.pressed.discard(skip)
    assert "No engine is running" in (await scene.alice.click(panel, skip)).text
    assert not scene.bot.pressed


@pytest.mark.parametrize("action", ["queue", "logs", "refresh"])
async def test_two_may_look_at_once(scene: Scene, panel: Any, action: str) -> None:
    look = custom_id(action, scene.stream_id)
    scene.bot.pressed.add(look)  # somebody's look is under way
    assert not (await scene.alice.click(panel, look)).is_failure


def confirm(scene: Scene, deed: str, answer: str = "yes") -> str:
    """The button below a question about the stream's first start."""
    return f"confirm:{deed}:{scene.stream_id}:1:{answer}"


async def test_question_about_an_earlier_start_is_not_answered_for_a_later_one(scene: Scene, panel: Any) -> None:
    stop = await scene.alice.ask(panel, custom_id("stop", scene.stream_id))
    await scene.services.streams.restart(scene.setup)
    answer = await scene.alice.click(stop, confirm(scene, "stop"))
    assert "has been started again since" in answer.text
    assert not (await scene.services.streams.status(scene.alice.guild_id)).state.is_over


async def test_stop_asks_before_it_stops(scene: Scene, panel: Any) -> None:
    question = await scene.alice.ask(panel, custom_id("stop", scene.stream_id))
    assert "Stop Night loop?" in words_of(question)
    assert question.ephemeral
    assert (await scene.services.streams.all(scene.alice.guild_id))[0].state is StreamState.ON_AIR
    answer = await scene.alice.click(question, confirm(scene, "stop"))
    assert "Stopping" in answer.text
    assert any("alice stopped it" in line for line in await scene.log_lines())


async def test_slow_database_makes_no_dead_button(scene: Scene, panel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(responses, "_DEFER_SECONDS", 0.05)
    monkeypatch.setattr(errors, "_UNHANDLED_SECONDS", 0.3)
    stop = scene.services.streams.stop

    async def stop_slowly(*which: Any, **more: Any) -> Any:
        await asyncio.sleep(0.6)
        return await stop(*which, **more)

    monkeypatch.setattr(scene.services.streams, "stop", stop_slowly)
    question = await scene.alice.ask(panel, custom_id("stop", scene.stream_id))
    pressed = await scene.alice.press(question, confirm(scene, "stop"))
    await until(lambda: "Stopping" in words_of(question))
    assert not pressed.followups


async def test_stop_that_was_thought_better_of_leaves_it_on_air(scene: Scene, panel: Any) -> None:
    question = await scene.alice.ask(panel, custom_id("stop", scene.stream_id))
    answer = await scene.alice.click(question, confirm(scene, "stop", "no"))
    assert "Still on air" in answer.text
    assert (await scene.services.streams.all(scene.alice.guild_id))[0].state is StreamState.ON_AIR


async def test_refresh_is_for_everybody_and_shows_what_is(scene: Scene, panel: Any, bob: Person) -> None:
    await scene.play("Aria")
    answer = await bob.click(panel, custom_id("refresh", scene.stream_id))
    assert "Aria" in answer.text
    assert len(scene.room.history()) == 1


@pytest.mark.parametrize("action", ["skip", "stop"])
async def test_who_may_only_look_is_told_so(scene: Scene, panel: Any, bob: Person, action: str) -> None:
    answer = await bob.click(panel, custom_id(action, scene.stream_id))
    assert "You don't have permission" in answer.text
    assert answer.is_private
    assert (await scene.services.streams.all(scene.alice.guild_id))[0].state is StreamState.ON_AIR


async def test_question_is_answered_by_whoever_may_still(scene: Scene, panel: Any, bob: Person) -> None:
    question = await scene.alice.ask(panel, custom_id("stop", scene.stream_id))
    async with scene.engine.database.session() as session:
        await session.delete(await session.get_one(Stream, scene.stream_id))
        await session.commit()
    answer = await scene.alice.click(question, confirm(scene, "stop"))
    assert "There are no streams" in answer.text
    assert "There are no streams" in (await bob.click(panel, custom_id("refresh", scene.stream_id))).text


async def test_buttons_work_after_a_restart(scene: Scene, panel: Any, settings: Settings) -> None:
    await scene.env.restart_bot(create_bot(settings, scene.services, shard_count=1))
    answer = await scene.alice.click(panel, custom_id("refresh", scene.stream_id))
    assert "Started" in answer.text


async def test_button_of_another_version_says_what_to_do(scene: Scene) -> None:
    view = discord.ui.View(timeout=None).add_item(PanelButton("dance", scene.stream_id))
    message = await scene.bot.get_partial_messageable(scene.room.id).send("A panel to come", view=view)
    answer = await scene.alice.click(message, custom_id("dance", scene.stream_id))
    assert words.OUTDATED in answer.text
    assert words.OUTDATED_HINT in answer.text


async def test_buttons_are_those_there_is_a_use_for(scene: Scene) -> None:
    async with scene.live():
        await scene.ask_for_panel()
        await scene.engine.write_run(scene.stream_id, RunStatus.CONNECTING)
        message = await scene.message("Connecting")
        on_the_way = ("restart", "stop", "queue", "logs", "refresh")
        assert buttons_of(message) == [custom_id(each, scene.stream_id) for each in on_the_way]
        await scene.engine.write_run(scene.stream_id, RunStatus.ENDED)
        message = await scene.message("Finished")
        when_over = ("restart", "queue", "logs", "refresh")
        assert buttons_of(message) == [custom_id(each, scene.stream_id) for each in when_over]


@pytest.mark.parametrize("action", list(ACTIONS))
async def test_every_action_has_a_button_of_lasting_name(action: str) -> None:
    button = PanelButton(action, 10**17)
    assert button.template.fullmatch(button.custom_id)
    assert len(button.custom_id) <= 100


async def test_restart_takes_it_off_and_puts_it_on_again(scene: Scene, panel: Any) -> None:
    before = (await scene.services.streams.all(scene.alice.guild_id))[0].generation
    question = await scene.alice.ask(panel, custom_id("restart", scene.stream_id))
    assert "Restart Night loop?" in words_of(question)
    assert question.ephemeral
    assert (await scene.services.streams.all(scene.alice.guild_id))[0].generation == before
    await scene.alice.click(question, confirm(scene, "restart"))
    assert (await scene.services.streams.all(scene.alice.guild_id))[0].generation == before + 1


async def test_restart_of_what_is_over_does_not_ask(scene: Scene, panel: Any) -> None:
    await scene.services.streams.stop(scene.setup)
    await scene.engine.write_run(scene.stream_id, RunStatus.STOPPED)
    answer = await scene.alice.click(panel, custom_id("restart", scene.stream_id))
    assert "Restart" not in str(answer.card.title)
    assert (await scene.services.streams.all(scene.alice.guild_id))[0].generation == 2


async def test_back_asks_the_engine(scene: Scene, panel: Any) -> None:
    answering = asyncio.create_task(scene.engine.take_command(CommandState.DONE, "Back to “Aria”."))
    answer = await scene.alice.click(panel, custom_id("previous", scene.stream_id))
    await answering
    assert "Back to “Aria”." in answer.text


async def test_queue_and_log_are_for_everybody(scene: Scene, panel: Any, bob: Person) -> None:
    assert (await bob.click(panel, custom_id("queue", scene.stream_id))).is_private
    answer = await bob.click(panel, custom_id("logs", scene.stream_id))
    assert "panel" in answer.text  # that somebody asked for it
