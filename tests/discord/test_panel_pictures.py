"""Panels show what is on air: a frame and a chart that come by themselves, seldom, and never in anybody's way."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from discord import PermissionOverwrite
from sqlmodel import select

from bot import live_messages
from bot.live_messages import LiveMessages
from bot.panels import pictures, updater
from bot.panels.rendering import Pictures
from streaming.model.states import CommandState, RunStatus
from streaming.storage.tables import Command, Preview, Sample
from tests.discord.panels import Scene, beat, until

FRAME, LATER_FRAME = b"a frame", b"another frame"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is seldom comes at once, but for another picture of the same item."""
    monkeypatch.setattr(updater, "_PICTURE_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(updater, "_REFRESH_SECONDS", 1.0)
    monkeypatch.setattr(pictures, "_OF_ANOTHER_ITEM_SECONDS", 0.0)


@pytest.fixture
async def live(scene: Scene) -> AsyncIterator[LiveMessages]:
    async with scene.live() as live:
        yield live


@pytest.fixture
async def panel(live: LiveMessages, scene: Scene) -> Any:
    """A panel with its first picture: its message."""
    assert live.scheduler.running
    await scene.ask_for_panel()
    await take_picture(scene, "Aria", FRAME)
    return await shown(scene, "on-air.jpg")


async def take_picture(scene: Scene, title: str, frame: bytes) -> None:
    """An item is well on its way, and when it is looked at, this is to be seen."""
    await scene.engine.beat()  # on a busy machine much time may have passed
    await scene.engine.write_run(
        scene.stream_id, RunStatus.ON_AIR, item_key=title, item_title=title, position_seconds=30.0
    )
    a_minute_ago = datetime.now(UTC) - timedelta(minutes=1)  # so that nobody is given this one again
    preview = Preview(stream_id=scene.stream_id, jpeg=frame, taken_at=a_minute_ago)
    await scene.engine.take_command(CommandState.DONE, "", preview)


async def shown(scene: Scene, *names: str, size: int = len(FRAME)) -> Any:
    """The panel's message, once these are the files it has, and its cards show each of them."""
    await until(lambda: files_of(scene) == list(names) == images_of(scene))
    message = scene.room.history()[0]
    assert not names or message.attachments[0].size == size
    return message


def files_of(scene: Scene) -> list[str]:
    return [file.filename for message in scene.room.history() for file in message.attachments]


def images_of(scene: Scene) -> list[str]:
    """The attachments that cards show."""
    cards = [card.to_dict() for message in scene.room.history() for card in message.embeds]
    return [card["image"]["url"].removeprefix("attachment://") for card in cards if "image" in card]


def edits(scene: Scene) -> list[dict[str, Any]]:
    """What the room's messages were made to show, edit by edit."""
    path = f"/channels/{scene.room.id}/messages"
    return [each.json for each in scene.env.http_requests if each.method == "PATCH" and path in each.path]


async def times_looked_at(scene: Scene) -> int:
    """How often an engine was asked for a picture."""
    async with scene.engine.database.session() as session:
        return len((await session.exec(select(Command))).all())


async def test_frame_comes_soon_after_the_panel(scene: Scene, panel: Any) -> None:
    assert panel.attachments[0].size == len(FRAME)
    assert scene.requests("POST") == 1


@pytest.mark.usefixtures("panel")
async def test_picture_of_what_went_off_the_air_is_shown_no_more(scene: Scene, live: LiveMessages) -> None:
    kept = live.panels._panels[scene.stream_id]
    kept.pictures = Pictures({"on-air.jpg": FRAME})  # taken, and not shown before it ends
    await scene.engine.write_run(scene.stream_id, RunStatus.ENDED)
    await shown(scene)
    assert kept.pictures is None


async def test_chart_comes_below_the_frame_once_there_is_one(scene: Scene, live: LiveMessages) -> None:
    async with scene.engine.database.session() as session:
        session.add(Sample(run_id=1, target_id=1, speed=1.0, bitrate_kbps=2500, lead_seconds=10))
        await session.commit()
    await scene.ask_for_panel()
    assert live.scheduler.running
    await take_picture(scene, "Aria", FRAME)
    message = await shown(scene, "on-air.jpg", "health.png")
    assert [len(card.fields) > 0 for card in message.embeds] == [True, False]


async def test_words_change_without_the_picture_being_sent_again(scene: Scene, panel: Any) -> None:
    before = len(edits(scene))
    await scene.play("Fugue")
    message = await scene.message("Fugue")
    assert message.attachments[0].id == panel.attachments[0].id
    assert images_of(scene) == ["on-air.jpg"]
    assert not any("attachments" in body for body in edits(scene)[before:])


async def test_another_item_gets_its_own_picture_in_place_of_the_one_before(scene: Scene, panel: Any) -> None:
    await take_picture(scene, "Fugue", LATER_FRAME)
    await until(lambda: scene.room.history()[0].attachments[0].size == len(LATER_FRAME))
    message = await shown(scene, "on-air.jpg", size=len(LATER_FRAME))
    assert message.id == panel.id


@pytest.mark.usefixtures("panel")
async def test_same_item_is_not_looked_at_again_and_again(scene: Scene, live: LiveMessages) -> None:
    looked_at = await times_looked_at(scene)
    for _ in range(3):
        await beat(live, scene.stream_id)
    assert await times_looked_at(scene) == looked_at


async def test_words_do_not_wait_for_a_picture(scene: Scene, live: LiveMessages) -> None:
    assert live.scheduler.running
    scene.services.queue._commands.life_seconds = 30.0  # nobody answers
    await scene.ask_for_panel()
    await scene.engine.write_run(scene.stream_id, RunStatus.ON_AIR, position_seconds=30.0)
    async with asyncio.timeout(10), scene.engine.database.changes() as changes:
        while not await times_looked_at(scene):
            await changes.wait(1)
    await scene.play("Fugue")
    assert not (await scene.message("Fugue")).attachments


async def test_bot_that_ends_does_not_wait_for_a_picture(scene: Scene) -> None:
    scene.services.queue._commands.life_seconds = 30.0  # nobody answers
    async with scene.live():
        await scene.ask_for_panel()
        await scene.engine.write_run(scene.stream_id, RunStatus.ON_AIR, position_seconds=30.0)
        async with asyncio.timeout(10), scene.engine.database.changes() as changes:
            while not await times_looked_at(scene):
                await changes.wait(1)
        leaving_at = time.monotonic()
    assert time.monotonic() - leaving_at < live_messages._FAREWELL_SECONDS


async def test_picture_that_cannot_be_had_changes_nothing(scene: Scene, panel: Any) -> None:
    await scene.play("Fugue")
    await scene.message("Fugue")
    await scene.engine.take_command(CommandState.FAILED, "FFmpeg could not take a picture of what is on air.")
    message = await shown(scene, "on-air.jpg")
    assert message.attachments[0].id == panel.attachments[0].id


@pytest.mark.usefixtures("panel")
async def test_what_is_off_the_air_shows_no_picture(scene: Scene) -> None:
    await scene.engine.write_run(scene.stream_id, RunStatus.ENDED)
    await scene.message("Finished")
    await shown(scene)


async def test_bot_that_comes_back_goes_on_with_the_pictures(scene: Scene) -> None:
    async with scene.live():
        await scene.ask_for_panel()
        await take_picture(scene, "Aria", FRAME)
        before = await shown(scene, "on-air.jpg")
    await scene.play("Fugue")
    sent = len(edits(scene))
    async with scene.live():
        after = await scene.message("Fugue")
    assert after.attachments[0].id == before.attachments[0].id
    assert not any("attachments" in body for body in edits(scene)[sent:])


async def test_refresh_keeps_the_pictures(scene: Scene, panel: Any) -> None:
    await scene.alice.press(panel, f"panel:refresh:{scene.stream_id}")
    message = await shown(scene, "on-air.jpg")
    assert message.attachments[0].id == panel.attachments[0].id


async def test_who_may_not_attach_files_keeps_a_panel_without(scene: Scene, live: LiveMessages, guild: Any) -> None:
    overwrites = {scene.bot.user: PermissionOverwrite(attach_files=False)}
    room = guild.create_text_channel("no-files", overwrites=overwrites)
    await scene.services.panels.place(scene.setup, f"#{scene.stream_id}", room.id)
    await scene.message("On air", room)
    await scene.engine.write_run(scene.stream_id, RunStatus.ON_AIR, position_seconds=30.0)
    for _ in range(2):
        await beat(live, scene.stream_id)
    assert await times_looked_at(scene) == 0
