"""Panels of the bot as a process: one message for one panel, whatever happens to the process and the connection."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from streaming.model.states import RunStatus, TargetKind
from streaming.redaction.secrets import Secret
from streaming.services.actor import Actor
from streaming.services.services import Services
from streaming.services.stream_requests import StartRequest
from streaming.storage.tables import Panel
from tests.discord.test_process import PATIENCE_SECONDS, logged_in, started
from tests.standins.discord_wire import Channel, DiscordWire
from tests.standins.paper_engine import PaperEngine

pytestmark = pytest.mark.long


@pytest.fixture
async def discord() -> AsyncIterator[DiscordWire]:
    async with DiscordWire() as discord:
        discord.add_guild().add_channel("control")
        yield discord


@pytest.fixture
def channel(discord: DiscordWire) -> Channel:
    return discord.world.guilds[0].channels[0]


@pytest.fixture
async def stream_id(discord: DiscordWire, channel: Channel, services: Services, engine: PaperEngine) -> int:
    """A stream on air whose panel is wanted."""
    setup = Actor(channel.guild.id, 1, "Setup")
    await services.targets.add(setup, "main", TargetKind.TWITCH, "", Secret("live_12345678_main"))
    requested = await services.streams.start(setup, StartRequest("demo", title="Night loop"))
    await engine.bring_to_air(requested.stream_id)
    await services.panels.place(setup, f"#{requested.stream_id}", channel.id)
    assert not discord.violations
    return requested.stream_id


async def shows(discord: DiscordWire, channel: Channel, words: str) -> int:
    """The id of the only message, once it says so."""

    def is_shown() -> bool:
        return [words in str(message.embeds) for message in channel.messages.values()] == [True]

    await discord.until(is_shown, timeout_seconds=PATIENCE_SECONDS)
    return next(iter(channel.messages))


async def until_noted(engine: PaperEngine, stream_id: int) -> None:
    """Waits until the bot has written down where its panel is."""
    async with asyncio.timeout(PATIENCE_SECONDS), engine.database.changes() as changes:
        while True:
            async with engine.database.session() as session:
                if (await session.get_one(Panel, stream_id)).message_id:
                    return
            await changes.wait(1)


async def play(engine: PaperEngine, stream_id: int, title: str) -> None:
    await engine.write_run(stream_id, RunStatus.ON_AIR, item_key=title, item_title=title)


async def test_bot_killed_before_it_noted_its_panel_leaves_one_panel(
    discord: DiscordWire, channel: Channel, engine: PaperEngine, stream_id: int, tmp_path: Path
) -> None:
    with discord.hold("POST", "/channels/{}/messages"):
        async with started(discord, tmp_path) as process:
            posted = await shows(discord, channel, "Night loop")
            process.kill()
            await process.wait()
    async with engine.beating(), logged_in(discord, tmp_path):
        await play(engine, stream_id, "Aria")
        assert await shows(discord, channel, "Aria") == posted


async def test_bot_that_was_ended_goes_on_with_its_panel(
    discord: DiscordWire, channel: Channel, engine: PaperEngine, stream_id: int, tmp_path: Path
) -> None:
    async with engine.beating(), logged_in(discord, tmp_path):
        posted = await shows(discord, channel, "Night loop")
        await until_noted(engine, stream_id)
    await play(engine, stream_id, "Aria")
    async with engine.beating(), logged_in(discord, tmp_path):
        assert await shows(discord, channel, "Aria") == posted
    assert "Traceback" not in (tmp_path / "bot.log").read_text()


async def test_panel_goes_on_while_the_gateway_drops_and_discord_is_busy(
    discord: DiscordWire, channel: Channel, engine: PaperEngine, stream_id: int, tmp_path: Path
) -> None:
    async with engine.beating(), logged_in(discord, tmp_path):
        posted = await shows(discord, channel, "Night loop")
        discord.limit_next("PATCH", "/channels/{}/messages/{}", retry_after_seconds=0.2, times=2)
        discord.gateway.drop()
        await play(engine, stream_id, "Aria")
        assert await shows(discord, channel, "Aria") == posted
    assert "Traceback" not in (tmp_path / "bot.log").read_text()


async def test_picture_goes_up_once_and_stays_while_words_change_and_the_bot_is_restarted(
    discord: DiscordWire, channel: Channel, engine: PaperEngine, stream_id: int, tmp_path: Path
) -> None:
    async with engine.beating(), logged_in(discord, tmp_path):
        message = channel.messages[await shows(discord, channel, "Night loop")]
        await engine.write_run(stream_id, RunStatus.ON_AIR, position_seconds=30.0)
        await engine.take_picture(stream_id, b"a frame")
        await discord.until(lambda: bool(message.attachments), timeout_seconds=PATIENCE_SECONDS)
        sent = message.attachments
        assert message.files == {"on-air.jpg": b"a frame"}
        await play(engine, stream_id, "Aria")
        await shows(discord, channel, "Aria")
        assert message.attachments == sent
        assert "attachment://on-air.jpg" in str(message.embeds)
    await engine.write_run(stream_id, RunStatus.ON_AIR, item_key="Fugue", item_title="Fugue", position_seconds=0.0)
    async with engine.beating(), logged_in(discord, tmp_path):
        await shows(discord, channel, "Fugue")
        assert message.attachments == sent
        assert "attachment://on-air.jpg" in str(message.embeds)
        await engine.write_run(stream_id, RunStatus.ENDED)
        await shows(discord, channel, "Finished")
        assert not message.attachments
    assert "Traceback" not in (tmp_path / "bot.log").read_text()


async def test_panel_that_people_deleted_is_not_posted_again(
    discord: DiscordWire, channel: Channel, engine: PaperEngine, stream_id: int, tmp_path: Path
) -> None:
    async with engine.beating(), logged_in(discord, tmp_path):
        await shows(discord, channel, "Night loop")
        await until_noted(engine, stream_id)
        channel.messages.clear()
        await play(engine, stream_id, "Aria")
        await discord.until(lambda: discord.record.calls[-1].status == 404, timeout_seconds=PATIENCE_SECONDS)
        await play(engine, stream_id, "Fugue")
        assert sum(call.method == "POST" and call.path.endswith("/messages") for call in discord.record.calls) == 1
    assert not channel.messages
