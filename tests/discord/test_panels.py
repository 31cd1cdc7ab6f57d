"""Panels: one live message for a stream, true for as long as it is wanted, and forgotten when people delete it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from discord import PermissionOverwrite, Permissions
from simcord.backend.models.channel import Overwrite
from simcord.enums import OverwriteType
from sqlmodel import col, delete

from bot.live_messages import LiveMessages
from bot.panels import updater
from bot.panels.buttons import panel_view
from streaming.model.states import RunStatus
from streaming.services.guilds import GuildChoice
from streaming.storage.tables import Stream
from tests.discord.actor import Person
from tests.discord.panels import Scene, beat, buttons_of, until, words_of


@pytest.fixture
async def live(scene: Scene) -> AsyncIterator[LiveMessages]:
    async with scene.live() as live:
        yield live


@pytest.fixture
async def panel(live: LiveMessages, scene: Scene) -> Any:
    """The message of the panel."""
    assert live.scheduler.running
    return await scene.ask_for_panel()


# posted and kept


@pytest.mark.usefixtures("live")
async def test_panel_comes_to_the_channel_with_its_buttons(scene: Scene) -> None:
    answer = await scene.alice.slash("stream panel", channel=scene.room)
    assert answer.is_private
    assert "control-room" in answer.text
    message = await scene.message("🟢 On air · Night loop")
    actions = ("previous", "skip", "restart", "stop", "queue", "logs", "refresh")
    assert buttons_of(message) == [f"panel:{action}:{scene.stream_id}" for action in actions]


@pytest.mark.usefixtures("live")
async def test_panel_without_a_channel_comes_where_it_was_asked_for(scene: Scene, guild: Any) -> None:
    await scene.alice.slash("stream panel")
    await scene.message("Started", guild.channels["alice-room"])


async def test_change_is_shown_in_the_same_message(scene: Scene, panel: Any) -> None:
    await scene.play("Aria")
    assert (await scene.message("Aria")).id == panel.id
    assert scene.requests("POST") == 1


async def test_many_changes_at_once_are_shown_as_few(scene: Scene, panel: Any) -> None:
    for number in range(30):
        await scene.play(f"Item {number}")
    assert (await scene.message("Item 29")).id == panel.id
    assert scene.requests("PATCH") <= 4


@pytest.mark.usefixtures("panel")
async def test_nothing_is_edited_while_nothing_changes(scene: Scene, live: LiveMessages) -> None:
    await scene.engine.write_run(scene.stream_id, RunStatus.ENDED)
    await scene.message("Finished")
    edits = scene.requests("PATCH")
    for _ in range(5):
        await beat(live, scene.stream_id)
    assert scene.requests("PATCH") == edits


@pytest.mark.usefixtures("panel")
async def test_time_that_passes_is_shown_at_leisure(
    scene: Scene, live: LiveMessages, monkeypatch: pytest.MonkeyPatch
) -> None:
    edits = scene.requests("PATCH")
    await scene.engine.write_run(scene.stream_id, RunStatus.ON_AIR, position_seconds=42.0)
    await until(lambda: "42.0" in str(live.panels._panels[scene.stream_id].status.now_playing))
    await beat(live, scene.stream_id)
    assert scene.requests("PATCH") == edits
    monkeypatch.setattr(updater, "_REFRESH_SECONDS", 0.0)
    await beat(live, scene.stream_id)
    await scene.message("0:42")
    assert scene.requests("PATCH") == edits + 1


@pytest.mark.usefixtures("panel")
async def test_panel_says_that_nobody_plays_it(scene: Scene) -> None:
    await scene.engine.beat(age_seconds=60)
    await scene.message("Waiting for an engine")


# moved, taken away, deleted


@pytest.mark.usefixtures("panel")
async def test_panel_wanted_elsewhere_leaves_nothing_behind(scene: Scene, guild: Any) -> None:
    elsewhere = guild.create_text_channel("elsewhere")
    await scene.alice.slash("stream panel", channel=elsewhere)
    await scene.message("Started", elsewhere)
    await until(lambda: not scene.room.history())


async def test_panel_is_taken_away(scene: Scene, panel: Any) -> None:
    answer = await scene.alice.slash("stream panel", remove=True)
    assert "Night loop" in answer.text
    await scene.is_gone(panel)
    assert await scene.services.panels.find_place(scene.stream_id) is None


async def test_panel_that_stood_for_a_while_is_taken_away(scene: Scene, live: LiveMessages, panel: Any) -> None:
    kept = live.panels._panels[scene.stream_id]
    await until(lambda: kept.watched.panel == kept.place)
    await scene.alice.slash("stream panel", remove=True)
    await scene.is_gone(panel)
    await until(lambda: scene.stream_id not in live.panels._panels)


async def test_panel_of_a_deleted_stream_goes_with_it(scene: Scene, panel: Any) -> None:
    async with scene.engine.database.session() as session:
        await session.exec(delete(Stream).where(col(Stream.id) == scene.stream_id))
        await session.commit()
    await scene.is_gone(panel)


@pytest.mark.usefixtures("panel")
@pytest.mark.parametrize(("code", "told"), [(10008, "The panel was deleted"), (10003, "The channel of the panel")])
async def test_panel_that_people_deleted_is_forgotten(scene: Scene, code: int, told: str) -> None:
    scene.env.inject_error("PATCH", f"/channels/{scene.room.id}/*", status=404, code=code, times=None)
    await scene.play("Aria")
    await scene.place(lambda place: place is None)
    assert told in (await scene.log_lines())[-1]
    assert (scene.requests("PATCH"), scene.requests("POST")) == (1, 1)


async def test_lost_permission_is_told_once_and_not_tried_again(scene: Scene, live: LiveMessages, panel: Any) -> None:
    scene.env.inject_error("PATCH", f"/channels/{scene.room.id}/*", status=403, code=50013, times=None)
    await scene.play("Aria")
    await scene.place(lambda place: place.problem != "")
    await scene.play("Fugue")
    for _ in range(3):
        await beat(live, scene.stream_id)
    assert scene.requests("PATCH") == 1
    assert sum("cannot be updated" in line for line in await scene.log_lines()) == 1
    assert "/stream panel" in (await scene.alice.slash("stream status")).text
    await scene.alice.slash("stream panel", channel=scene.room)
    assert (await scene.message("Fugue")).id != panel.id
    assert "/stream panel" not in (await scene.alice.slash("stream status")).text


async def test_trouble_of_discords_is_waited_out(scene: Scene, panel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updater, "_RETRY_SECONDS", 0.1)
    scene.env.inject_error("PATCH", f"/channels/{scene.room.id}/*", status=503, times=2)
    await scene.play("Aria")
    assert (await scene.message("Aria")).id == panel.id


# restarts, buried panels, old messages


async def test_bot_that_comes_back_goes_on_with_the_same_message(scene: Scene) -> None:
    async with scene.live():
        message = await scene.ask_for_panel()
    await scene.services.streams.stop(scene.setup, f"#{scene.stream_id}")
    async with scene.live():
        assert (await scene.message("Stopping")).id == message.id
    assert scene.requests("POST") == 1


async def test_buried_panel_comes_back_to_the_bottom(scene: Scene) -> None:
    async with scene.live():
        first = await scene.ask_for_panel()
    await scene.alice.write(scene.room, *map(str, range(10)))
    async with scene.live():
        await scene.is_gone(first)
    assert words_of(scene.room.history()[-1]) == words_of(first)
    assert len(scene.room.history()) == 11


async def test_new_message_that_a_crash_kept_from_being_noted_is_taken_up(scene: Scene) -> None:
    async with scene.live():
        first = await scene.ask_for_panel()
    (status,) = await scene.services.streams.statuses(scene.alice.guild_id)
    room = scene.bot.get_partial_messageable(scene.room.id)
    second = await room.send(embed=first.embeds[0], view=panel_view(status))
    async with scene.live():
        await scene.is_gone(first)
    await scene.place(lambda place: place.message_id == second.id)
    assert [message.id for message in scene.room.history()] == [second.id]


@pytest.mark.usefixtures("panel")
async def test_old_message_that_takes_no_edit_in_time_is_replaced(
    scene: Scene, live: LiveMessages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updater, "_OLD_AFTER", -updater._OLD_AFTER)
    monkeypatch.setattr(live.panels._limit, "wait_seconds", lambda *_, **__: 11.0)
    await scene.play("Aria")
    await scene.message("Aria")
    assert (scene.requests("POST"), scene.requests("PATCH"), scene.requests("DELETE")) == (2, 0, 1)


@pytest.mark.usefixtures("panel")
async def test_old_message_that_may_not_be_replaced_is_given_up(scene: Scene) -> None:
    scene.env.inject_error("PATCH", f"/channels/{scene.room.id}/*", status=429, code=30046, times=None)
    scene.env.inject_error("POST", f"/channels/{scene.room.id}/messages", status=403, code=50013, times=None)
    await scene.play("Aria")
    await scene.place(lambda place: place.problem != "")
    assert sum("cannot be updated" in line for line in await scene.log_lines()) == 1


# bad ways


@pytest.mark.parametrize("is_there", [True, False])
async def test_channel_whoever_asks_may_not_write_in_is_declined(scene: Scene, guild: Any, *, is_there: bool) -> None:
    """What somebody has us post is theirs: a channel closed to them stays closed."""
    crew = guild.create_role("Crew")
    bob = Person(scene.env, guild, "bob", may_manage=False, roles=[crew])
    await scene.services.guilds.change(scene.setup, GuildChoice(operator_role_id=crew.id))
    room = guild.channels["bob-room"] if is_there else guild.create_text_channel("news")
    closed = Overwrite(guild.id, OverwriteType.ROLE, deny=Permissions(send_messages=True).value)
    scene.env.backend.set_overwrite(room.id, closed)
    answer = await bob.slash("stream panel", **({} if is_there else {"channel": room}))
    assert f"You can't write in \\#{room.name}" in answer.text
    assert answer.is_private
    assert await scene.services.panels.find_place(scene.stream_id) is None
    assert not (await bob.slash("stream panel", channel=scene.room)).is_failure


async def test_alerts_go_nowhere_whoever_chooses_may_not_write(scene: Scene, guild: Any) -> None:
    room = guild.create_text_channel("news")
    closed = Overwrite(guild.id, OverwriteType.ROLE, deny=Permissions(send_messages=True).value)
    scene.env.backend.set_overwrite(room.id, closed)
    assert "You can't write in \\#news" in (await scene.alice.slash("settings", alerts_channel=room)).text
    assert (await scene.services.guilds.settings(guild.id)).alerts_channel_id is None


async def test_channel_we_may_not_write_into_is_declined_at_once(scene: Scene, guild: Any) -> None:
    overwrites = {scene.bot.user: PermissionOverwrite(send_messages=False, embed_links=False)}
    muted = guild.create_text_channel("muted", overwrites=overwrites)
    answer = await scene.alice.slash("stream panel", channel=muted)
    assert "I'm missing Send Messages." in answer.text
    assert answer.is_private


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"stream": "nope"}, "There is no stream “nope”"),
        ({"stream": "x" * 200}, "There is no stream"),
        ({"remove": True}, "has no panel"),
    ],
)
async def test_what_cannot_be_meant_is_declined(scene: Scene, options: dict[str, Any], complaint: str) -> None:
    answer = await scene.alice.slash("stream panel", **options)
    assert complaint in answer.text
    assert answer.is_private


@pytest.mark.usefixtures("panel")
async def test_other_guilds_cannot_move_a_panel(scene: Scene) -> None:
    mallory = Person(scene.env, scene.env.create_guild(), "mallory")
    assert "no streams yet" in (await mallory.slash("stream panel", stream=f"#{scene.stream_id}")).text


async def test_streams_are_completed(scene: Scene) -> None:
    assert await scene.alice.suggestions("stream panel", "stream", "night") == [f"#{scene.stream_id}"]
